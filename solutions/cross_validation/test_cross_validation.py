"""The hidden suite of cross_validation. Points: k-fold 36, stratified k-fold 34, cross_validate 30."""

import numpy as np
import pytest


@pytest.mark.points(10)
@pytest.mark.hint("Fold i validates on block i of 0..n−1 and trains on all the other indices.")
def test_equal_folds(agree, rng):
    """The folds are consecutive blocks; each is validated on once and trained on otherwise."""
    n_splits = int(rng.integers(3, 10))
    agree("kfold_indices", n_splits * int(rng.integers(3, 60)), n_splits)


@pytest.mark.points(10)
@pytest.mark.hint("With n = q·k + r samples the first r folds have q + 1 of them and the others q.")
def test_remainder(agree, rng):
    """The first n % k folds hold one sample more, and none is left out."""
    n_splits = int(rng.integers(5, 10))
    agree("kfold_indices", n_splits * int(rng.integers(3, 40)) + int(rng.integers(2, n_splits - 1)), n_splits)


@pytest.mark.points(9)
@pytest.mark.hint("Draw rng.permutation(n_samples) once, cut it into blocks, and sort the indices of each part.")
def test_shuffled_folds(agree, rng):
    """With an rng the folds are consecutive blocks of one permutation, each sorted."""
    n_splits = int(rng.integers(4, 7))
    agree("kfold_indices", 4 * n_splits, n_splits, rng)


@pytest.mark.points(3)
@pytest.mark.hint("As many folds as samples is allowed: leave-one-out.")
def test_leave_one_out(agree, rng):
    """With n_splits = n_samples every fold holds one sample."""
    for n_samples in rng.integers(4, 80, size=2).tolist():
        agree("kfold_indices", n_samples, n_samples)


@pytest.mark.points(4)
@pytest.mark.hint("n_splits lies between 2 and n_samples: check it first and raise ValueError.")
@pytest.mark.parametrize("n_splits", [1, 8])
def test_bad_n_splits(agree, n_splits):
    """Cutting 7 samples into {n_splits} folds raises ValueError."""
    agree("kfold_indices", 7, n_splits)


def labels_of(rng, counts, names=(2, 5, 11)):
    """counts[i] samples of class names[i]: more than half of the last class, then all others in random order."""
    labels = np.repeat(names[: len(counts)], counts)
    first = counts[-1] // 2 + 1
    return np.concatenate([labels[-first:], rng.permutation(labels[:-first])])


@pytest.mark.points(10)
@pytest.mark.hint("Cut the indices of each class into n_splits blocks; fold i validates on block i of every class.")
def test_stratified_folds(agree, rng):
    """Every fold holds the same share of each class, in consecutive blocks of its indices."""
    agree("stratified_kfold_indices", labels_of(rng, [4, 8, 12]), 4)


@pytest.mark.points(7)
@pytest.mark.hint("The rule for n % k holds within each class: its first folds hold one more of its samples.")
def test_stratified_remainder(agree, rng):
    """Within each class the first folds hold one sample more, and none is left out."""
    agree("stratified_kfold_indices", labels_of(rng, [7, 9, 13]), 5)


@pytest.mark.points(8)
@pytest.mark.hint("Draw one rng.permutation of the indices of a class, class by class in ascending order.")
def test_stratified_shuffled_folds(agree, rng):
    """With an rng the blocks are cut from one permutation a class, classes in ascending order."""
    agree("stratified_kfold_indices", labels_of(rng, [8, 12, 16]), 4, rng)


@pytest.mark.points(2)
@pytest.mark.hint("np.asarray turns a list into an array; np.unique finds the classes, whatever their numbers.")
def test_stratified_list(agree, rng):
    """The labels may be a list."""
    agree("stratified_kfold_indices", labels_of(rng, [6, 8], names=(0, 7)).tolist(), 2)


@pytest.mark.points(3)
@pytest.mark.hint("A class with fewer samples than folds is in the first folds only; that is no error.")
def test_stratified_small_class(agree, rng):
    """A class smaller than n_splits is spread over the first folds."""
    agree("stratified_kfold_indices", labels_of(rng, [2, 3, 4]), 4)


@pytest.mark.points(4)
@pytest.mark.hint("n_splits is at least 2, and at least one class must have that many samples.")
@pytest.mark.parametrize("n_splits", [1, 7, 20])
def test_stratified_bad_n_splits(agree, rng, n_splits):
    """Spreading classes of 4, 5 and 6 samples over {n_splits} folds raises ValueError."""
    agree("stratified_kfold_indices", labels_of(rng, [4, 5, 6]), n_splits)


def data(reference, rng):
    """Folds, x, y, n_splits. The first folds, but not all before the last, are larger: so that other rules show."""
    n_splits = int(rng.integers(3, 5))
    n_samples = 3 * n_splits + int(rng.integers(1, n_splits - 1))
    folds = reference.kfold_indices(n_samples, n_splits)
    return folds, rng.normal(size=(n_samples, 2)), rng.integers(0, 9, size=n_samples), n_splits


@pytest.mark.points(9)
@pytest.mark.hint("fit gets the rows of the training indices, of x and of y alike.")
def test_fitted_on_training_rows(agree, reference, rng):
    """Every fold fits on its training rows and on no other."""
    agree("cross_validate", *data(reference, rng), part="rows fitted")


@pytest.mark.points(8)
@pytest.mark.hint("score gets the rows that the model has not seen: those of the validation indices.")
def test_scored_on_validation_rows(agree, reference, rng):
    """Every fold is scored on its validation rows and on no other."""
    agree("cross_validate", *data(reference, rng), part="rows scored")


@pytest.mark.points(8)
@pytest.mark.hint(
    "A model that was fitted before has seen this fold's validation rows: call build_model in every fold."
)
def test_new_model_for_every_fold(agree, reference, rng):
    """Every fold builds a model of its own."""
    agree("cross_validate", *data(reference, rng), part="models")


@pytest.mark.points(5)
@pytest.mark.hint("The answer is a list with the score of each fold, in order; nobody asked for the mean.")
def test_scores(agree, reference, rng):
    """The scores of all folds are returned in order."""
    agree("cross_validate", *data(reference, rng), part="scores")
