"""The attention reference against PyTorch's own and against a plain loop."""

import numpy as np
import pytest
import scipy.special
import torch
import torch.nn.functional as F

DTYPES = [np.float32, np.float64]


def draw(seed, *shapes, dtype=np.float64, scale=1.0):
    rng = np.random.default_rng(seed)
    arrays = [rng.normal(0, scale, shape).astype(dtype) for shape in shapes]
    for array in arrays:
        array.flags.writeable = False
    return arrays


def tolerance(dtype):
    return {"rtol": 1e-4, "atol": 1e-5} if dtype == np.float32 else {"rtol": 1e-10, "atol": 1e-12}


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("dtype", DTYPES)
def test_output_equals_torch(reference, dtype, masked):
    query, key, value = draw(0, (2, 3, 4, 5), (2, 3, 6, 5), (2, 3, 6, 7), dtype=dtype, scale=2.0)
    mask = np.random.default_rng(1).random((2, 1, 4, 6)) < 0.6 if masked else None
    if masked:
        mask[..., 0] = True
        mask.flags.writeable = False
    output, weights = reference.scaled_dot_product_attention(query, key, value, mask)
    expected = F.scaled_dot_product_attention(
        *map(torch.tensor, (query, key, value)), attn_mask=torch.tensor(mask) if masked else None
    )
    assert output.dtype == weights.dtype == dtype
    assert weights.shape == (2, 3, 4, 6)
    np.testing.assert_allclose(output, expected.numpy(), **tolerance(dtype))
    np.testing.assert_allclose(weights.sum(axis=-1), 1, rtol=1e-5)
    assert not masked or (weights[~np.broadcast_to(mask, weights.shape)] == 0).all()


def test_weights_equal_a_softmax_for_each_query(reference):
    query, key, value = draw(2, (4, 5), (6, 5), (6, 2))
    output, weights = reference.scaled_dot_product_attention(query, key, value)
    for i in range(4):
        row = scipy.special.softmax([query[i] @ key[j] / 5**0.5 for j in range(6)])
        np.testing.assert_allclose(weights[i], row, rtol=1e-12)
        np.testing.assert_allclose(output[i], sum(row[j] * value[j] for j in range(6)), rtol=1e-10)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_row_with_nothing_to_attend_to_gives_zeros(reference, dtype):
    query, key, value = draw(3, (2, 3, 4), (2, 5, 4), (2, 5, 6), dtype=dtype)
    mask = np.ones((3, 5), bool)
    mask[1] = False
    with np.errstate(all="raise"):
        output, weights = reference.scaled_dot_product_attention(query, key, value, mask)
    assert output.dtype == weights.dtype == dtype
    assert (output[:, 1] == 0).all()
    assert (weights[:, 1] == 0).all()
    free_output, free_weights = reference.scaled_dot_product_attention(query, key, value)
    np.testing.assert_array_equal(output[:, ::2], free_output[:, ::2])
    np.testing.assert_array_equal(weights[:, ::2], free_weights[:, ::2])


@pytest.mark.parametrize("dtype", DTYPES)
def test_no_keys_give_zeros(reference, dtype):
    query, key, value = draw(4, (2, 3, 4), (2, 0, 4), (2, 0, 6), dtype=dtype)
    output, weights = reference.scaled_dot_product_attention(query, key, value)
    assert weights.shape == (2, 3, 0)
    assert weights.dtype == output.dtype == dtype
    np.testing.assert_array_equal(output, np.zeros((2, 3, 6)))
    output, _ = reference.scaled_dot_product_attention(query, key, value, np.ones((3, 0), bool))
    np.testing.assert_array_equal(output, np.zeros((2, 3, 6)))


def test_no_queries_give_an_empty_output(reference):
    query, key, value = draw(4, (0, 4), (5, 4), (5, 6))
    output, weights = reference.scaled_dot_product_attention(query, key, value)
    assert output.shape == (0, 6)
    assert weights.shape == (0, 5)


def test_leading_dimensions_broadcast(reference):
    query, key, value = draw(5, (2, 1, 4, 5), (3, 6, 5), (6, 7))
    output, weights = reference.scaled_dot_product_attention(query, key, value)
    assert output.shape == (2, 3, 4, 7)
    assert weights.shape == (2, 3, 4, 6)
    for b in range(2):
        for h in range(3):
            one, row = reference.scaled_dot_product_attention(query[b, 0], key[h], value)
            np.testing.assert_allclose(output[b, h], one, rtol=1e-10)
            np.testing.assert_allclose(weights[b, h], row, rtol=1e-10)


@pytest.mark.parametrize("shape", [(6,), (4, 1), (4, 6), (2, 1, 6), (1, 4, 6), ()])
def test_mask_broadcasts(reference, shape):
    query, key, value = draw(6, (2, 4, 5), (2, 6, 5), (2, 6, 3))
    mask = np.random.default_rng(7).random(shape) < 0.5
    got = reference.scaled_dot_product_attention(query, key, value, mask)
    full = reference.scaled_dot_product_attention(query, key, value, np.broadcast_to(mask, (2, 4, 6)))
    for one, other in zip(got, full, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("dtype", DTYPES)
def test_large_scores_stay_finite(reference, dtype):
    query, key, value = np.array([[1000.0], [-1000.0]], dtype), np.array([[1.0], [-1.0]], dtype), np.eye(2, dtype=dtype)
    output, weights = reference.scaled_dot_product_attention(query, key, value)
    np.testing.assert_array_equal(weights, np.eye(2))
    np.testing.assert_array_equal(output, np.eye(2))


def test_lists_become_float64(reference):
    output, weights = reference.scaled_dot_product_attention([[0]], [[1], [2]], [[1], [2]])
    assert output.dtype == weights.dtype == np.float64
    assert output.tolist() == [[1.5]]
    assert weights.tolist() == [[0.5, 0.5]]
    assert reference.attention_pooling([[1, 3], [2, 5]], [0, 0]).tolist() == [1.5, 4.0]


@pytest.mark.parametrize("shape", [(5,), (3, 5), (2, 3, 5)])
@pytest.mark.parametrize("dtype", DTYPES)
def test_pooling_equals_scipy_and_einsum(reference, dtype, shape):
    x, scores = draw(8, (*shape, 4), shape, dtype=dtype, scale=5.0)
    got = reference.attention_pooling(x, scores)
    expected = np.einsum("...l,...ld->...d", scipy.special.softmax(scores, axis=-1), x)
    assert got.dtype == dtype
    assert got.shape == (*shape[:-1], 4)
    np.testing.assert_allclose(got, expected, **tolerance(dtype))


def test_pooling_of_large_scores_and_of_nothing(reference):
    x = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert reference.attention_pooling(x, np.array([1000.0, -1000.0])).tolist() == [1, 2]
    assert reference.attention_pooling(np.ones((2, 0, 3)), np.ones((2, 0))).tolist() == np.zeros((2, 3)).tolist()


@pytest.mark.parametrize(
    ("shapes", "mask", "message"),
    [
        (((5,), (6, 5), (6, 7)), None, "two dimensions"),
        (((4, 5), (6, 5), (6,)), None, "two dimensions"),
        (((4, 5), (6, 3), (6, 7)), None, "width"),
        (((4, 0), (6, 0), (6, 7)), None, "width"),
        (((4, 5), (6, 5), (5, 7)), None, "6 keys"),
        (((2, 4, 5), (3, 6, 5), (6, 7)), None, "broadcast"),
        (((2, 4, 5), (2, 6, 5), (3, 6, 7)), None, "broadcast"),
        (((4, 5), (6, 5), (6, 7)), np.ones((4, 6)), "boolean"),
        (((4, 5), (6, 5), (6, 7)), np.ones((6, 4), bool), "broadcast"),
        (((4, 5), (6, 5), (6, 7)), np.ones((2, 4, 6), bool), "broadcast"),
    ],
)
def test_bad_arguments_raise(reference, shapes, mask, message):
    with pytest.raises(ValueError, match=message):
        reference.scaled_dot_product_attention(*map(np.ones, shapes), mask)


@pytest.mark.parametrize(("x", "scores"), [((5,), ()), ((5, 4), (4,)), ((2, 5, 4), (5,)), ((5, 4), (5, 1))])
def test_bad_pooling_arguments_raise(reference, x, scores):
    with pytest.raises(ValueError, match=r"dimensions|shape"):
        reference.attention_pooling(np.ones(x), np.ones(scores))
