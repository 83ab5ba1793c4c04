"""The ensemble reference against NumPy's average, SciPy's mode, scikit-learn and the definition by index."""

import numpy as np
import pytest
import scipy.stats
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB

SHAPES = [(1, 4, 3), (3, 5, 2), (4, 1, 1), (2, 0, 3)]


def distributions(shape, seed=0, dtype=np.float64):
    x = np.random.default_rng(seed).gamma(1.0, size=shape) + 1e-3
    return (x / x.sum(axis=-1, keepdims=True)).astype(dtype)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("weighted", [False, True])
def test_average_equals_numpy(reference, shape, dtype, weighted):
    probabilities = distributions(shape, dtype=dtype)
    weights = np.random.default_rng(1).integers(1, 9, shape[0])
    before = probabilities.copy()
    got = reference.average_probabilities(probabilities, weights if weighted else None)
    want = np.average(before, axis=0, weights=weights) if weighted else before.mean(axis=0)
    assert got.dtype == dtype
    np.testing.assert_allclose(got, want, rtol=1e-6 if dtype == np.float32 else 1e-12)
    np.testing.assert_array_equal(probabilities, before)


def test_only_the_proportions_of_weights_count(reference):
    probabilities = distributions((3, 4, 2), dtype=np.float32)
    want = reference.average_probabilities(probabilities, [0.5, 0.0, 0.25])
    for weights in (np.array([2000, 0, 1000]), np.float32([1e-3, 0, 5e-4])):
        np.testing.assert_allclose(reference.average_probabilities(probabilities, weights), want, rtol=1e-6)
    np.testing.assert_array_equal(reference.average_probabilities(probabilities, [0, 1, 0]), probabilities[1])


def test_integers_and_lists_become_float64(reference):
    one_hot = [[[1, 0], [0, 1]], [[0, 1], [0, 1]]]
    average = reference.average_probabilities(one_hot)
    assert (average.dtype, average.tolist()) == (np.float64, [[0.5, 0.5], [0.0, 1.0]])
    features = reference.stacking_features(one_hot)
    assert (features.dtype, features.tolist()) == (np.float64, [[1, 0, 0, 1], [0, 1, 0, 1]])


def test_rows_may_miss_one_by_a_thousandth(reference):
    probabilities = np.array([[[0.5, 0.5009]], [[0.5, 0.4991]]])
    np.testing.assert_allclose(reference.average_probabilities(probabilities), [[0.5, 0.5]])


def test_average_raises(reference):
    good = distributions((2, 3, 2))
    for bad, match in [
        (good[0], "three dimensions"),
        (good[:0], "no models"),
        (np.array([[[1.1, -0.1]]]), "negative"),
        (np.array([[[0.5, 0.502]]]), "sum to 1"),
        (np.array([[[2.0, 3.0], [0.5, 0.5]]]), "sum to 1"),
        (np.array([[[0.0, 0.0]]]), "sum to 1"),
    ]:
        with pytest.raises(ValueError, match=match):
            reference.average_probabilities(bad)
    for weights in ([1.0], [1.0, 1.0, 1.0], [[1.0, 1.0]], 2.0, [-1.0, 3.0], [0.0, 0.0], [1.0, -1.0]):
        with pytest.raises(ValueError, match="weight"):
            reference.average_probabilities(good, weights)


@pytest.mark.parametrize("shape", [(1, 5), (4, 30), (5, 30), (3, 0)])
@pytest.mark.parametrize("dtype", [np.int64, np.int32, np.uint8])
def test_vote_equals_scipy_mode(reference, shape, dtype):
    predictions = np.random.default_rng(2).integers(0, 4, shape).astype(dtype)
    before = predictions.copy()
    got = reference.majority_vote(predictions, 6)
    assert got.dtype.kind in "iu"
    assert got.shape == shape[1:]
    np.testing.assert_array_equal(got, scipy.stats.mode(predictions, axis=0).mode if shape[1] else [])
    np.testing.assert_array_equal(predictions, before)


def test_ties_go_to_the_smaller_class(reference):
    assert reference.majority_vote([[2, 1, 0], [0, 1, 2], [1, 2, 2], [2, 2, 0]], 3).tolist() == [2, 1, 0]
    assert reference.majority_vote([[2], [1], [0]], 3).tolist() == [0]


def test_vote_raises(reference):
    for bad, match in [
        (np.zeros(3, dtype=int), "two dimensions"),
        (np.zeros((0, 3), dtype=int), "no models"),
        (np.zeros((2, 3)), "integers"),
        ([[0, 3]], "class ids"),
        ([[0, -1]], "class ids"),
    ]:
        with pytest.raises(ValueError, match=match):
            reference.majority_vote(bad, 3)


@pytest.mark.parametrize("shape", [*SHAPES, (0, 4, 3)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_stacking_puts_model_m_class_k_in_column_m_times_k_plus_k(reference, shape, dtype):
    m_count, n_count, k_count = shape
    probabilities = distributions(shape, dtype=dtype)
    got = reference.stacking_features(probabilities)
    assert got.dtype == dtype
    assert got.shape == (n_count, m_count * k_count)
    for m, n, k in np.ndindex(shape):
        assert got[n, m * k_count + k] == probabilities[m, n, k]


def test_stacking_equals_the_models_side_by_side(reference):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(40, 2)), rng.integers(0, 3, 40)
    outputs = [model.fit(x, y).predict_proba(x) for model in (LogisticRegression(), GaussianNB())]
    np.testing.assert_array_equal(reference.stacking_features(np.stack(outputs)), np.hstack(outputs))


def test_stacking_raises(reference):
    for shape in [(3,), (2, 3), (2, 2, 3, 1)]:
        with pytest.raises(ValueError, match="three dimensions"):
            reference.stacking_features(np.ones(shape))
