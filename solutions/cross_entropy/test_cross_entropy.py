"""The hidden suite of cross_entropy. Points: the loss 58, its gradient 42."""

import numpy as np
import pytest

DTYPES = [np.float32, np.float64]


def example(rng, n, k, dtype=np.float64):
    return rng.uniform(-1.5, 1.5, (n, k)).astype(dtype), rng.integers(0, k, n)


def trailing(rng, gap):
    """Logits whose right class has a score between 0 and 1, and lies `gap` behind another class."""
    targets = rng.integers(0, 3, 4)
    logits = np.full((4, 3), -1000.0)
    logits[np.arange(4), targets] = rng.uniform(0.3, 0.9, 4)
    logits[np.arange(4), (targets + 1) % 3] = logits[np.arange(4), targets] + gap + rng.uniform(0, 0.2, 4)
    return logits, targets


def far_apart(rng, one, other, spread):
    """Two rows of logits, each spread a little around a center of its own."""
    return np.array([[one], [other]]) + rng.uniform(-spread, spread, (2, 3)), rng.integers(0, 3, 2)


@pytest.mark.points(14)
@pytest.mark.hint("Take the log-probability of each row's target, average over the rows, and mind the sign.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_loss(agree, rng, dtype):
    """The loss of {dtype} logits is the mean of −log softmax at the targets."""
    agree("cross_entropy", *example(rng, 5, 4, dtype))
    agree("cross_entropy", *example(rng, 7, 2, dtype))


@pytest.mark.points(6)
@pytest.mark.hint("A target is the id of a class: pick one entry of each row with it.")
def test_loss_of_a_square(agree, rng):
    """With as many samples as classes, each target still picks an entry of its own row."""
    agree("cross_entropy", *example(rng, 4, 4))


@pytest.mark.points(4)
@pytest.mark.hint("A batch of one sample has two dimensions, too.")
def test_loss_of_one_sample(agree, rng):
    """A single sample works."""
    logits, targets = example(rng, 1, 3)
    logits[0, targets] = rng.uniform(0.2, 0.8)
    agree("cross_entropy", logits, targets)


@pytest.mark.points(7)
@pytest.mark.hint("Logits are scores, whatever they look like: they go through the softmax exactly once.")
def test_loss_of_rows_that_sum_to_one(agree, rng):
    """Rows that look like probabilities are scores like any others."""
    agree("cross_entropy", rng.dirichlet(np.full(4, 3.0), size=5), rng.integers(0, 4, 5), rtol=1e-5)


@pytest.mark.points(5)
@pytest.mark.hint("exp overflows above 709 and vanishes below −745: subtract each row's maximum first.")
def test_loss_of_large_scores(agree, rng):
    """Scores near −744, 1000 and −1000 neither overflow nor vanish."""
    targets = rng.integers(0, 3, 4)
    agree("cross_entropy", rng.uniform(-744.35, -744.05, (4, 3)), targets)
    agree("cross_entropy", rng.normal(1000, 1, (4, 3)), targets)
    agree("cross_entropy", rng.normal(-1000, 1, (4, 3)), targets)


@pytest.mark.points(3)
@pytest.mark.hint("The largest score of the whole array is not the largest of each row.")
def test_loss_of_far_apart_rows(agree, rng):
    """The scores of two samples may lie far apart."""
    agree("cross_entropy", *far_apart(rng, 0.0, -744.2, 0.15))
    agree("cross_entropy", *far_apart(rng, 1000.0, -1000.0, 2.0))


@pytest.mark.points(8)
@pytest.mark.hint("A probability may be too small for a float while its logarithm is not: never take log of a softmax.")
def test_loss_of_a_hopeless_target(agree, rng):
    """The loss is right when the right class trails by 744 or by 1000."""
    agree("cross_entropy", *trailing(rng, 744.1))
    agree("cross_entropy", *trailing(rng, 1000.0))


@pytest.mark.points(4)
@pytest.mark.hint("Convert logits that are not float32 or float64 to float64; targets may be any integers.")
def test_loss_of_integers(agree, rng):
    """Integer logits and lists become float64; targets may be a list or small integers."""
    agree("cross_entropy", rng.integers(-3, 4, (4, 3)), rng.integers(0, 3, 4).tolist())
    agree("cross_entropy", rng.integers(-3, 4, (4, 3)).tolist(), rng.integers(0, 3, 4).astype(np.uint8))


@pytest.mark.points(2)
@pytest.mark.hint("`logits -= …` writes into the caller's array.")
@pytest.mark.reveals("modified_in_place")
def test_loss_leaves_inputs_alone(agree, rng):
    """Computing the loss changes neither logits nor targets."""
    agree("inputs_after", "cross_entropy", *example(rng, 4, 3))


@pytest.mark.points(2)
@pytest.mark.hint("Logits have two axes, samples and classes.")
def test_loss_of_bad_shapes(agree, rng):
    """1-D logits are refused."""
    agree("cross_entropy", rng.normal(size=3), np.array([1]), any_error=True)


@pytest.mark.points(3)
@pytest.mark.hint("A class id is an integer from 0 to K − 1.")
def test_loss_of_bad_targets(agree, rng):
    """A class id of K is refused."""
    agree("cross_entropy", rng.normal(size=(4, 3)), np.array([0, 1, 3, 2]), any_error=True)


@pytest.mark.points(14)
@pytest.mark.hint("∂loss/∂z is softmax(z) minus 1 at the target, divided by what the mean divides by.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_gradient(agree, rng, dtype):
    """The gradient of the mean loss with respect to {dtype} logits."""
    agree("cross_entropy_backward", *example(rng, 5, 4, dtype))
    agree("cross_entropy_backward", *example(rng, 7, 2, dtype))
    agree("cross_entropy_backward", *example(rng, 1, 3, dtype))


@pytest.mark.points(5)
@pytest.mark.hint("A target is the id of a class: it marks one entry of each row.")
def test_gradient_of_a_square(agree, rng):
    """With as many samples as classes, each target still marks an entry of its own row."""
    agree("cross_entropy_backward", *example(rng, 4, 4))


@pytest.mark.points(6)
@pytest.mark.hint("The softmax inside the gradient needs the maximum of each row subtracted, too.")
def test_gradient_of_large_scores(agree, rng):
    """The gradient is right for scores near −744, 1000 and −1000, and for a target that trails by 1000."""
    targets = rng.integers(0, 3, 4)
    agree("cross_entropy_backward", rng.uniform(-744.35, -744.05, (4, 3)), targets)
    agree("cross_entropy_backward", rng.normal(1000, 1, (4, 3)), targets)
    agree("cross_entropy_backward", rng.normal(-1000, 1, (4, 3)), targets)
    agree("cross_entropy_backward", *trailing(rng, 1000.0))


@pytest.mark.points(3)
@pytest.mark.hint("The largest score of the whole array is not the largest of each row.")
def test_gradient_of_far_apart_rows(agree, rng):
    """The scores of two samples may lie far apart."""
    agree("cross_entropy_backward", *far_apart(rng, 0.0, -744.2, 0.15))
    agree("cross_entropy_backward", *far_apart(rng, 1000.0, -1000.0, 2.0))


@pytest.mark.points(5)
@pytest.mark.hint("Convert logits that are not float32 or float64 to float64; targets may be any integers.")
def test_gradient_of_integers(agree, rng):
    """The gradient of integer logits is float64; targets may be a list or small integers."""
    agree("cross_entropy_backward", rng.integers(-3, 4, (4, 3)), rng.integers(0, 3, 4).tolist())
    agree("cross_entropy_backward", rng.integers(-3, 4, (4, 3)).tolist(), rng.integers(0, 3, 4).astype(np.uint8))


@pytest.mark.points(3)
@pytest.mark.hint("`logits -= …` writes into the caller's array.")
@pytest.mark.reveals("modified_in_place")
def test_gradient_leaves_inputs_alone(agree, rng):
    """Computing the gradient changes neither logits nor targets."""
    agree("inputs_after", "cross_entropy_backward", *example(rng, 4, 3))


@pytest.mark.points(3)
@pytest.mark.hint("Logits have two axes, samples and classes.")
def test_gradient_of_bad_shapes(agree, rng):
    """1-D logits are refused."""
    agree("cross_entropy_backward", rng.normal(size=3), np.array([1]), any_error=True)


@pytest.mark.points(3)
@pytest.mark.hint("A class id is an integer from 0 to K − 1.")
def test_gradient_of_bad_targets(agree, rng):
    """A class id of K is refused."""
    agree("cross_entropy_backward", rng.normal(size=(4, 3)), np.array([0, 1, 3, 2]), any_error=True)
