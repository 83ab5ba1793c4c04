"""The dropout reference against PyTorch's gradient, its definition, and its statistics."""

import numpy as np
import pytest
import torch

DTYPES = [np.float32, np.float64]


def example(dtype=np.float64, shape=(3, 4, 5)):
    x = np.random.default_rng(0).normal(size=shape).astype(dtype)
    x.flags.writeable = False
    return x


@pytest.mark.parametrize("p", [0.0, 0.1, 0.5, 0.9, np.float64(0.3)])
@pytest.mark.parametrize("dtype", DTYPES)
def test_training_pass_by_its_definition(reference, dtype, p):
    x = example(dtype)
    output, mask = reference.dropout(x, p, True, np.random.default_rng(7))
    draws = np.random.default_rng(7).random(x.size)
    assert output.dtype == mask.dtype == dtype
    assert output.shape == mask.shape == x.shape
    for got, kept, value, draw in zip(output.flat, mask.flat, x.flat, draws, strict=True):
        assert kept == (0 if draw < p else 1)
        assert got == pytest.approx(0 if draw < p else value / (1 - p), rel=1e-5)


def test_the_boundary_draw_is_kept(reference):
    class Constant:
        def random(self, size):
            return np.full(size, 0.25)

    assert reference.dropout(np.ones(2), 0.25, True, Constant())[1].tolist() == [1, 1]
    assert reference.dropout(np.ones(2), 0.26, True, Constant())[1].tolist() == [0, 0]


def test_training_keeps_the_mean_and_drops_the_share_p(reference):
    output, mask = reference.dropout(np.ones((300, 300)), 0.3, True, np.random.default_rng(1))
    assert output.mean() == pytest.approx(1, abs=0.02)
    assert mask.mean() == pytest.approx(0.7, abs=0.01)
    assert mask.std(axis=0).min() > 0


@pytest.mark.parametrize("dtype", DTYPES)
def test_identity_at_test_time_without_a_draw(reference, dtype):
    x, rng = example(dtype), np.random.default_rng(3)
    output, mask = reference.dropout(x, 0.5, False, rng)
    assert output.dtype == mask.dtype == dtype
    np.testing.assert_array_equal(output, x)
    np.testing.assert_array_equal(mask, np.ones(x.shape))
    assert rng.random() == np.random.default_rng(3).random()
    assert not np.shares_memory(output, x)


def test_one_draw_of_the_shape_of_x(reference):
    rng, other = np.random.default_rng(4), np.random.default_rng(4)
    reference.dropout(example(shape=(2, 3)), 0.5, True, rng)
    other.random((2, 3))
    assert rng.random() == other.random()


@pytest.mark.parametrize("p", [0.0, 0.4])
@pytest.mark.parametrize("dtype", DTYPES)
def test_backward_is_the_gradient_of_the_forward_pass(reference, dtype, p):
    x, grad = example(dtype), example(dtype)[::-1]
    _, mask = reference.dropout(x, p, True, np.random.default_rng(5))
    leaf = torch.tensor(x, requires_grad=True)
    (leaf * torch.tensor(mask) / (1 - p)).backward(torch.tensor(grad.copy()))
    got = reference.dropout_backward(grad, mask, p)
    assert got.dtype == dtype
    np.testing.assert_allclose(got, leaf.grad.numpy(), rtol=1e-6)


def test_integers_lists_and_empty_arrays(reference):
    output, mask = reference.dropout([3, 5], 0.0, True, np.random.default_rng(0))
    assert output.dtype == mask.dtype == np.float64
    assert output.tolist() == [3, 5]
    assert reference.dropout_backward([3, 5], [1, 0], 0.5).tolist() == [6, 0]
    assert reference.dropout(np.ones((0, 3)), 0.5, True, np.random.default_rng(0))[0].shape == (0, 3)


@pytest.mark.parametrize("p", [-0.1, 1.0, 1.5, float("nan")])
def test_bad_probabilities_raise(reference, p):
    for training in (True, False):
        with pytest.raises(ValueError, match="p must"):
            reference.dropout(np.ones(3), p, training, np.random.default_rng(0))
    with pytest.raises(ValueError, match="p must"):
        reference.dropout_backward(np.ones(3), np.ones(3), p)


def test_different_shapes_raise(reference):
    with pytest.raises(ValueError, match="shape"):
        reference.dropout_backward(np.ones((2, 3)), np.ones(3), 0.5)
