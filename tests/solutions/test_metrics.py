"""The metrics reference against scikit-learn."""

import warnings

import numpy as np
import pytest
import sklearn.metrics


@pytest.fixture(params=range(8))
def labels(request):
    """True and predicted ids of 5 classes; class 4 never occurs, and class 3 may not either."""
    rng = np.random.default_rng(request.param)
    n = int(rng.integers(1, 30))
    return rng.integers(0, 4, n), rng.integers(0, 4, n)


@pytest.fixture(params=range(8))
def scored(request):
    """Binary labels of both kinds with many tied scores."""
    rng = np.random.default_rng(request.param)
    n = int(rng.integers(2, 40))
    y_true = rng.permutation(np.r_[0, 1, rng.integers(0, 2, n - 2)])
    return y_true, rng.integers(-3, 5, n) / 4


def test_confusion_matrix_equals_sklearn(reference, labels):
    got = reference.confusion_matrix(*labels, 5)
    assert got.dtype.kind == "i"
    np.testing.assert_array_equal(got, sklearn.metrics.confusion_matrix(*labels, labels=range(5)))


def test_accuracy_equals_sklearn(reference, labels):
    got = reference.accuracy(*labels)
    assert type(got) is float
    assert got == pytest.approx(sklearn.metrics.accuracy_score(*labels))


@pytest.mark.parametrize("positive", [0, 1, 3, 4])
def test_precision_recall_f1_equal_sklearn(reference, labels, positive):
    y_true, y_pred = labels
    want = sklearn.metrics.precision_recall_fscore_support(
        y_true == positive, y_pred == positive, pos_label=True, average="binary", zero_division=0
    )[:3]
    got = reference.precision_recall_f1(y_true, y_pred, positive)
    assert [type(value) for value in got] == [float] * 3
    assert got == pytest.approx(want)
    if positive == 1:
        assert reference.precision_recall_f1(y_true, y_pred) == got


def test_labels_may_be_any_values(reference):
    assert reference.precision_recall_f1(["cat", "dog", "cat"], ["cat", "cat", "dog"], "cat") == (0.5, 0.5, 0.5)
    assert reference.precision_recall_f1([-1, 1, 1], [1, 1, -1], positive=-1) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("num_classes", [4, 5])
def test_macro_f1_equals_sklearn(reference, labels, num_classes):
    want = sklearn.metrics.f1_score(*labels, labels=range(num_classes), average="macro", zero_division=0)
    got = reference.macro_f1(*labels, num_classes)
    assert type(got) is float
    assert got == pytest.approx(want)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
def test_roc_equals_sklearn(reference, scored, dtype):
    y_true, scores = scored[0], (4 * scored[1]).astype(dtype)
    want = sklearn.metrics.roc_curve(y_true, scores.astype(np.float64), drop_intermediate=False)
    got = reference.roc_curve(y_true, scores)
    for ours, theirs in zip(got, want, strict=True):
        assert ours.dtype == (np.float32 if dtype == np.float32 else np.float64)
        np.testing.assert_allclose(ours, theirs, rtol=1e-6)
    auc = reference.roc_auc(y_true, scores)
    assert type(auc) is float
    assert auc == pytest.approx(sklearn.metrics.roc_auc_score(y_true, scores))


def test_auc_is_the_area_under_the_curve(reference, scored):
    fpr, tpr, thresholds = reference.roc_curve(*scored)
    assert (fpr[0], tpr[0], thresholds[0], fpr[-1], tpr[-1]) == (0, 0, np.inf, 1, 1)
    assert (np.diff(thresholds) < 0).all()
    assert reference.roc_auc(*scored) == pytest.approx(sklearn.metrics.auc(fpr, tpr))


def test_positive_is_one_and_all_else_is_negative(reference):
    y_true, scores = [1, -1, 2, 0, 1], [0.5, 0.4, 0.6, 0.1, 0.9]
    assert reference.roc_auc(y_true, scores) == pytest.approx(5 / 6)
    assert reference.roc_auc([1, 0], [0.3, 0.3]) == 0.5
    np.testing.assert_allclose(reference.roc_curve(y_true, scores)[0], [0, 0, 1 / 3, 1 / 3, 2 / 3, 1])


def test_no_samples(reference):
    assert reference.accuracy([], []) == 0.0
    assert reference.precision_recall_f1([], []) == (0.0, 0.0, 0.0)
    assert reference.macro_f1([], [], 3) == 0.0
    np.testing.assert_array_equal(reference.confusion_matrix([], [], 2), np.zeros((2, 2)))


def test_zero_denominators_warn_nothing(reference):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert reference.precision_recall_f1(np.array([0, 0]), np.array([0, 0])) == (0.0, 0.0, 0.0)
        assert reference.macro_f1(np.array([0, 0]), np.array([1, 1]), 3) == 0.0


def test_inputs_stay_as_they_are(reference):
    y_true, scores = np.array([1, 0, 1]), np.array([0.3, 0.9, 0.1])
    for function in (reference.roc_curve, reference.roc_auc):
        function(y_true, scores)
    reference.macro_f1(y_true, y_true, 2)
    assert (y_true.tolist(), scores.tolist()) == ([1, 0, 1], [0.3, 0.9, 0.1])


def test_one_class_raises(reference):
    for function in (reference.roc_curve, reference.roc_auc):
        for y_true in ([1, 1], [0, 0], [0, 2], []):
            with pytest.raises(ValueError, match="both"):
                function(y_true, [0.5] * len(y_true))


def test_bad_shapes_raise(reference):
    calls = {
        "confusion_matrix": (2,),
        "accuracy": (),
        "precision_recall_f1": (),
        "macro_f1": (2,),
        "roc_curve": (),
        "roc_auc": (),
    }
    for name, rest in calls.items():
        for y_true, other in [([0, 1], [1]), ([[0, 1]], [[0, 1]]), ([0, 1], [[0, 1]])]:
            with pytest.raises(ValueError, match="one length"):
                getattr(reference, name)(np.array(y_true), np.array(other), *rest)


def test_bad_class_ids_raise(reference):
    for function in (reference.confusion_matrix, reference.macro_f1):
        for y_true, y_pred in [([0, 3], [0, 0]), ([0, 0], [3, 0]), ([0, -1], [0, 0]), ([0.5, 1.0], [0, 1])]:
            with pytest.raises(ValueError, match="class ids"):
                function(y_true, y_pred, 3)
        with pytest.raises(ValueError, match="num_classes"):
            function([], [], 0)
