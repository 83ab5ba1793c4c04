"""The hidden suite of ensemble. Points: averaging 47, voting 30, stacking 23."""

import numpy as np
import pytest


def distributions(rng, *shape, dtype=np.float64):
    x = rng.gamma(1.0, size=shape) + 0.01
    return (x / x.sum(axis=-1, keepdims=True)).astype(dtype)


@pytest.mark.points(11)
@pytest.mark.hint("The models are on axis 0 of (M, N, K).")
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_average(agree, rng, dtype):
    """Without weights each sample gets the mean of what the models say ({dtype})."""
    agree("average_probabilities", distributions(rng, 4, 5, 3, dtype=dtype))


@pytest.mark.points(2)
def test_average_of_one_model(agree, rng):
    """One model is its own average, also of one sample."""
    agree("average_probabilities", distributions(rng, 1, 4, 2))
    agree("average_probabilities", distributions(rng, 1, 1, 2))


@pytest.mark.points(5)
@pytest.mark.hint("One weight a model: give it two more axes, so that it multiplies along axis 0.")
def test_weights_that_sum_to_one(agree, rng):
    """Weights that sum to one weigh the models."""
    agree("average_probabilities", distributions(rng, 3, 4, 5), distributions(rng, 3))


@pytest.mark.points(8)
@pytest.mark.hint("Only the proportions of the weights count: the result must sum to one over the classes again.")
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_weights_of_any_sum(agree, rng, dtype):
    """Weights with another sum weigh the models by their proportions ({dtype})."""
    agree("average_probabilities", distributions(rng, 3, 4, 2, dtype=dtype), rng.uniform(1, 5, size=3).astype(dtype))


@pytest.mark.points(2)
@pytest.mark.hint("The dtype of the answer is that of the probabilities.")
def test_dtype_of_weights(agree, rng):
    """float32 probabilities and float64 weights give float32."""
    agree("average_probabilities", distributions(rng, 3, 4, 2, dtype=np.float32), rng.uniform(1, 5, size=3))


@pytest.mark.points(3)
@pytest.mark.hint("Convert both arguments to arrays first; integers and lists become float64.")
def test_lists(agree, rng):
    """Lists of integers become float64, and a weight may be 0."""
    certain = np.eye(3, dtype=int)[rng.integers(0, 3, size=(3, 4))]
    agree("average_probabilities", certain.tolist(), [2, 0, int(rng.integers(1, 6))])


@pytest.mark.points(5)
@pytest.mark.hint("A probability cannot be negative, whatever the others in its row are.")
def test_negative_probabilities(agree, rng):
    """A negative probability raises ValueError, also where the rows sum to one."""
    probabilities = distributions(rng, 2, 3, 3)
    probabilities[1, 2] = [0.75, 0.5, -0.25]
    agree("average_probabilities", probabilities)


@pytest.mark.points(4)
@pytest.mark.hint("Scores are not probabilities: the classes of each row must sum to one, give or take 0.001.")
@pytest.mark.parametrize("off", [-0.02, 0.0015, 3.0])
def test_rows_that_do_not_sum_to_one(agree, rng, off):
    """A row whose sum is off by {off} raises ValueError."""
    probabilities = distributions(rng, 2, 3, 3)
    probabilities[0, 1] *= 1 + off
    agree("average_probabilities", probabilities)


@pytest.mark.points(2)
@pytest.mark.hint("A row may miss 1 by as much as 0.001, in float32 as in float64.")
def test_rows_that_almost_sum_to_one(agree, rng):
    """Rows whose sums are off by 0.0005 are accepted as they are."""
    scale = 1 + rng.choice([-0.0005, 0.0005], size=(2, 3, 1))
    agree("average_probabilities", distributions(rng, 2, 3, 4) * scale)


@pytest.mark.points(3)
@pytest.mark.hint("A weight must not be negative, and the weights must not sum to zero.")
@pytest.mark.parametrize("weights", [[0.5, -0.25, 0.75], [0.0, 0.0, 0.0]])
def test_impossible_weights(agree, rng, weights):
    """The weights {weights} raise ValueError."""
    agree("average_probabilities", distributions(rng, 3, 2, 2), weights)


def votes_for(rng, models, samples, classes, tied):
    """(M, N) predictions; in all samples, or in none, several classes have the most votes."""
    candidates = rng.integers(0, classes, size=(models, 40 * samples))
    counts = (candidates[:, :, None] == np.arange(classes)).sum(axis=0)
    leaders = (counts == counts.max(axis=1, keepdims=True)).sum(axis=1)
    return candidates[:, (leaders > 1) == tied][:, :samples]


@pytest.mark.points(12)
@pytest.mark.hint("Count the votes for each class along axis 0, then take the class with the highest count.")
@pytest.mark.parametrize(("models", "classes"), [(7, 3), (6, 5)])
def test_majority(agree, rng, models, classes):
    """The class that most of {models} models vote for wins, of {classes} classes."""
    agree("majority_vote", votes_for(rng, models, 20, classes, tied=False), classes)


@pytest.mark.points(9)
@pytest.mark.hint("argmax takes the first of equal counts. Is the first the smaller class in your code?")
@pytest.mark.parametrize(("models", "classes"), [(4, 3), (5, 5), (2, 4)])
def test_ties(agree, rng, models, classes):
    """A tie between classes goes to the smaller one, with {models} models and {classes} classes."""
    agree("majority_vote", votes_for(rng, models, 20, classes, tied=True), classes)


@pytest.mark.points(6)
def test_vote_of_one_model(agree, rng):
    """One model decides alone, also where some class is never voted for."""
    agree("majority_vote", rng.permutation([[0, 1, 2, 2, 1, 0]], axis=1), 5)


@pytest.mark.points(2)
@pytest.mark.hint("Convert lists to an array first.")
def test_votes_in_lists(agree, rng):
    """Predictions may be lists."""
    columns = np.array([[0, 0, 2], [2, 0, 2], [1, 1, 0], [2, 2, 2]])
    agree("majority_vote", rng.permuted(rng.permutation(columns), axis=1).T.tolist(), 3)


@pytest.mark.points(16)
@pytest.mark.hint("Samples first: bring axis 1 to the front before the other two become one.")
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_stacking(agree, rng, dtype):
    """Row n holds what each model says about sample n, model after model ({dtype})."""
    agree("stacking_features", distributions(rng, 3, 5, 4, dtype=dtype))


@pytest.mark.points(4)
@pytest.mark.hint("The shape of the answer is (N, M·K) whatever N, M and K are.")
@pytest.mark.parametrize("shape", [(1, 4, 3), (4, 1, 2), (2, 2, 2)])
def test_stacking_of_other_shapes(agree, rng, shape):
    """The features of {shape} probabilities are right."""
    agree("stacking_features", distributions(rng, *shape))


@pytest.mark.points(2)
@pytest.mark.hint("Convert lists to an array first; integers become float64.")
def test_stacking_of_lists(agree, rng):
    """Lists of integers become float64 features."""
    agree("stacking_features", np.eye(2, dtype=int)[rng.integers(0, 2, size=(3, 4))].tolist())


@pytest.mark.points(2)
@pytest.mark.hint("`weights /= weights.sum()` and `probabilities *= …` write into the caller's arrays.")
@pytest.mark.reveals("modified_in_place")
def test_average_leaves_inputs_alone(agree, rng):
    """Averaging leaves probabilities and weights as they are."""
    agree("inputs_after", "average_probabilities", distributions(rng, 3, 4, 2), rng.uniform(1, 5, size=3))


@pytest.mark.points(1)
@pytest.mark.hint("`predictions.sort()` writes into the caller's array; np.sort does not.")
@pytest.mark.reveals("modified_in_place")
def test_vote_leaves_inputs_alone(agree, rng):
    """Voting leaves the predictions as they are."""
    agree("inputs_after", "majority_vote", rng.integers(0, 3, size=(4, 5)), 3)


@pytest.mark.points(1)
@pytest.mark.hint("Assigning to `probabilities.shape` changes the caller's array; reshape does not.")
@pytest.mark.reveals("modified_in_place")
def test_stacking_leaves_inputs_alone(agree, rng):
    """Stacking leaves the probabilities as they are."""
    agree("inputs_after", "stacking_features", distributions(rng, 3, 4, 2))
