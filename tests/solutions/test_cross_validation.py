"""The cross-validation reference against scikit-learn, and against a recording model."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import KFold, cross_val_score

SIZES = [(2, 2), (5, 2), (10, 3), (11, 4), (12, 4), (7, 7), (23, 5)]


def assert_same_folds(got, want):
    assert isinstance(got, list)
    assert len(got) == len(want)
    for ours, theirs in zip(got, want, strict=True):
        assert isinstance(ours, tuple)
        assert [indices.dtype.kind for indices in ours] == ["i", "i"]
        assert [indices.tolist() for indices in ours] == [sorted(map(int, indices)) for indices in theirs]


def dealt(labels, n_splits, rng=None):
    """Stratified folds as the definition reads, with lists and np.array_split."""
    parts = [[] for _ in range(n_splits)]
    for label in sorted(set(labels)):
        members = np.array([i for i, other in enumerate(labels) if other == label])
        if rng is not None:
            members = members[rng.permutation(len(members))]
        for part, some in zip(parts, np.array_split(members, n_splits), strict=True):
            part.extend(some)
    return [([i for i in range(len(labels)) if i not in part], part) for part in parts]


@pytest.mark.parametrize(("n_samples", "n_splits"), SIZES)
def test_kfold_equals_sklearn(reference, n_samples, n_splits):
    want = list(KFold(n_splits).split(np.zeros(n_samples)))
    assert_same_folds(reference.kfold_indices(n_samples, n_splits), want)


@pytest.mark.parametrize(("n_samples", "n_splits"), SIZES)
def test_shuffled_kfold_cuts_one_permutation(reference, n_samples, n_splits):
    order = np.random.default_rng(3).permutation(n_samples)
    blocks = np.array_split(order, n_splits)
    want = [(np.setdiff1d(order, block), block) for block in blocks]
    rng = np.random.default_rng(3)
    assert_same_folds(reference.kfold_indices(n_samples, n_splits, rng), want)
    drawn_once = np.random.default_rng(3)
    drawn_once.permutation(n_samples)
    assert rng.random() == drawn_once.random()


@pytest.mark.parametrize("labels", ["aab", "aabbbbaccccb", "zzzzzyyyx", "bbabab"])
@pytest.mark.parametrize("kind", [str, ord])
def test_stratified_folds_deal_every_class(reference, labels, kind):
    labels = [kind(letter) for letter in labels]
    for n_splits in range(2, max(map(labels.count, labels)) + 1):
        assert_same_folds(reference.stratified_kfold_indices(labels, n_splits), dealt(labels, n_splits))
        got = reference.stratified_kfold_indices(np.array(labels), n_splits, np.random.default_rng(n_splits))
        assert_same_folds(got, dealt(labels, n_splits, np.random.default_rng(n_splits)))


@pytest.mark.parametrize("shuffled", [False, True])
def test_stratified_folds_are_a_partition_in_proportion(reference, shuffled):
    labels = np.random.default_rng(0).permutation(np.repeat([5, -1, 2], [30, 12, 6]))
    folds = reference.stratified_kfold_indices(labels, 6, np.random.default_rng(1) if shuffled else None)
    assert sorted(np.concatenate([validation for _, validation in folds])) == list(range(48))
    for train, validation in folds:
        assert np.array_equal(np.union1d(train, validation), np.arange(48))
        assert [np.count_nonzero(labels[validation] == label) for label in (5, -1, 2)] == [5, 2, 1]


@pytest.mark.parametrize("n_splits", [2, 3, 5])
def test_cross_validate_equals_sklearn(reference, n_splits):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(31, 3))
    y = x @ [1.0, -2.0, 0.5] + rng.normal(size=31)
    got = reference.cross_validate(Ridge, x, y, n_splits)
    assert isinstance(got, list)
    np.testing.assert_allclose(got, cross_val_score(Ridge(), x, y, cv=KFold(n_splits)))
    np.testing.assert_allclose(
        reference.cross_validate(LogisticRegression, x, y > 0, n_splits),
        cross_val_score(LogisticRegression(), x, y > 0, cv=KFold(n_splits)),
    )


def test_cross_validate_builds_a_model_a_fold(reference):
    calls = []

    class Recorder:
        def fit(self, x, y):
            calls.append(("fit", id(self), x[:, 0].tolist(), y.tolist()))

        def score(self, x, y):
            calls.append(("score", id(self), x[:, 0].tolist(), y.tolist()))
            return len(calls)

    models = []

    def build_model():
        models.append(Recorder())
        return models[-1]

    x, y = np.arange(10).reshape(5, 2), np.arange(5)
    assert reference.cross_validate(build_model, x, y, 2) == [2, 4]
    first, second = map(id, models)
    assert calls == [
        ("fit", first, [6, 8], [3, 4]),
        ("score", first, [0, 2, 4], [0, 1, 2]),
        ("fit", second, [0, 2, 4], [0, 1, 2]),
        ("score", second, [6, 8], [3, 4]),
    ]


def test_too_few_or_too_many_splits_raise(reference):
    for n_splits in (-1, 0, 1, 5):
        with pytest.raises(ValueError, match="n_splits"):
            reference.kfold_indices(4, n_splits)
        with pytest.raises(ValueError, match="n_splits"):
            reference.stratified_kfold_indices([0, 0, 0, 0], n_splits)
        with pytest.raises(ValueError, match="n_splits"):
            reference.cross_validate(Ridge, np.ones((4, 1)), np.ones(4), n_splits)
    with pytest.raises(ValueError, match="every class"):
        reference.stratified_kfold_indices([0, 1, 0, 1, 2], 3)
    assert len(reference.stratified_kfold_indices([0, 1, 0, 0, 2], 3)) == 3


def test_bad_shapes_raise(reference):
    with pytest.raises(ValueError, match="one dimension"):
        reference.stratified_kfold_indices(np.zeros((4, 2)), 2)
    with pytest.raises(ValueError, match="samples"):
        reference.cross_validate(Ridge, np.ones((4, 1)), np.ones(5), 2)


def test_inputs_stay_as_they_are(reference):
    labels = np.array([1, 0, 1, 0])
    reference.stratified_kfold_indices(labels, 2, np.random.default_rng(0))
    assert labels.tolist() == [1, 0, 1, 0]
