"""The masked modelling reference against scikit-learn's metrics, torch's mse_loss and the specified draw."""

import numpy as np
import pytest
import sklearn.metrics
import torch
import torch.nn.functional as F


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.int64])
@pytest.mark.parametrize("shape", [(20,), (4, 6), (2, 3, 5)])
def test_masking_follows_the_draw(reference, shape, dtype):
    tokens = np.random.default_rng(0).integers(0, 10, shape).astype(dtype)
    corrupted, is_masked = reference.mask_tokens(tokens, 99, 0.4, np.random.default_rng(1), special_ids=(0, 3))
    assert corrupted.dtype == dtype
    assert is_masked.dtype == bool
    assert corrupted.shape == is_masked.shape == shape
    draws = np.random.default_rng(1).random(tokens.size)
    pairs = zip(draws, tokens.ravel().tolist(), strict=True)
    expected = [bool(u < 0.4 and token not in (0, 3)) for u, token in pairs]
    assert is_masked.ravel().tolist() == expected
    rows = zip(tokens.ravel().tolist(), expected, strict=True)
    assert corrupted.ravel().tolist() == [99 if hidden else token for token, hidden in rows]


def test_the_masked_share_is_p(reference):
    _, is_masked = reference.mask_tokens(np.ones(20_000, int), 0, 0.15, np.random.default_rng(2))
    assert abs(is_masked.mean() - 0.15) < 0.01


@pytest.mark.parametrize("special_ids", [(), [], {1}, np.array([1, 2])])
def test_special_ids_may_be_any_collection(reference, special_ids):
    tokens = np.arange(6)
    special = {int(i) for i in special_ids}
    _, is_masked = reference.mask_tokens(tokens, 9, 0.999, np.random.default_rng(0), special_ids)
    assert is_masked.tolist() == [token not in special for token in range(6)]


def test_masking_by_nothing_of_nothing_and_of_a_list(reference):
    corrupted, is_masked = reference.mask_tokens([[1, 2], [3, 4]], 0, 0.0, np.random.default_rng(0))
    assert corrupted.tolist() == [[1, 2], [3, 4]]
    assert not is_masked.any()
    corrupted, is_masked = reference.mask_tokens(np.zeros((2, 0), np.int64), 0, 0.5, np.random.default_rng(0))
    assert corrupted.shape == is_masked.shape == (2, 0)


def test_accuracy_equals_sklearn(reference):
    rng = np.random.default_rng(3)
    tokens, predictions = rng.integers(0, 3, (2, 5, 6))
    is_masked = rng.random((5, 6)) < 0.5
    got = reference.masked_accuracy(predictions, tokens, is_masked)
    assert isinstance(got, float)
    expected = sklearn.metrics.accuracy_score(tokens.ravel(), predictions.ravel(), sample_weight=is_masked.ravel())
    assert got == pytest.approx(expected)
    assert reference.masked_accuracy([1, 2, 3], [1, 0, 0], [True, True, False]) == 0.5


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("mask_shape", [(3,), (3, 4), (3, 4, 5)])
def test_mse_equals_torch(reference, dtype, mask_shape):
    rng = np.random.default_rng(4)
    x, reconstruction = rng.normal(size=(2, 3, 4, 5)).astype(dtype)
    is_masked = rng.random(mask_shape) < 0.5
    is_masked.flat[0] = True
    got = reference.masked_mse(reconstruction, x, is_masked)
    chosen = torch.tensor(is_masked)
    expected = F.mse_loss(torch.tensor(reconstruction)[chosen], torch.tensor(x)[chosen])
    assert got.dtype == dtype
    assert got.shape == ()
    assert got == pytest.approx(expected.item(), rel=1e-5 if dtype == np.float32 else 1e-12)


def test_mse_of_integers_is_float64(reference):
    got = reference.masked_mse([1, 2, 5], np.array([0, 0, 0], np.uint8), [True, True, False])
    assert got == 2.5
    assert got.dtype == np.float64


def test_what_is_not_masked_has_no_influence(reference):
    x, is_masked = np.array([1.0, np.inf, np.nan]), np.array([True, False, False])
    with np.errstate(all="raise"):
        assert reference.masked_mse(x + 2, x, is_masked) == 4.0


@pytest.mark.parametrize("shape", [(2, 3), (0,)])
def test_nothing_masked_gives_zero(reference, shape):
    nothing = np.zeros(shape, bool)
    with np.errstate(all="raise"):
        assert reference.masked_accuracy(np.ones(shape, int), np.ones(shape, int), nothing) == 0.0
        for dtype in (np.float32, np.float64):
            got = reference.masked_mse(np.ones(shape, dtype), np.zeros(shape, dtype), nothing)
            assert got == 0.0
            assert got.dtype == dtype


def test_inputs_stay_as_they_are(reference):
    tokens, x, is_masked = np.arange(5), np.arange(5.0), np.array([True, False, True, False, True])
    corrupted, _ = reference.mask_tokens(tokens, 9, 0.9, np.random.default_rng(0))
    assert not np.shares_memory(corrupted, tokens)
    reference.masked_accuracy(tokens, tokens, is_masked)
    reference.masked_mse(x + 1, x, is_masked)
    np.testing.assert_array_equal(tokens, range(5))
    np.testing.assert_array_equal(x, range(5))
    np.testing.assert_array_equal(is_masked, [True, False, True, False, True])


@pytest.mark.parametrize("p", [-0.1, 1.0, 1.5])
def test_p_outside_its_interval_raises(reference, p):
    with pytest.raises(ValueError, match="p must lie"):
        reference.mask_tokens(np.arange(3), 9, p, np.random.default_rng(0))


def test_mismatched_shapes_raise(reference):
    tokens, x = np.ones((2, 3), int), np.ones((2, 3))
    mask = np.ones((2, 3), bool)
    with pytest.raises(ValueError, match="predictions"):
        reference.masked_accuracy(tokens[:1], tokens, mask)
    for wrong in (mask[:, :2], mask[:, 0], mask[None]):
        with pytest.raises(ValueError, match="is_masked"):
            reference.masked_accuracy(tokens, tokens, wrong)
    with pytest.raises(ValueError, match="reconstruction"):
        reference.masked_mse(x[:1], x, mask)
    for wrong in (mask[:, :2], mask[0], mask[..., None]):
        with pytest.raises(ValueError, match="is_masked"):
            reference.masked_mse(x, x, wrong)
