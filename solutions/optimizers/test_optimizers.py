"""The hidden suite of optimizers. Points: SGD with momentum 28, RMSprop 28, AdamW 44."""

import numpy as np
import pytest

SGD, RMSPROP, ADAM = "sgd_momentum_step", "rmsprop_step", "adam_step"
DTYPES = [np.float32, np.float64]
PARAMETERS = "parameters"  # of what a run leaves
SAME_LR = [0.05] * 4  # not 1 − momentum, nor 1 − β₁
CHANGING_LR = [0.1, 0.02, 0.3, 0.05]


# Where eps is 1e-8 and the gradients are not small, it must not matter where eps stands: that has a check of its own.
BLIND_TO_EPS = {"rtol": 1e-4, "atol": 1e-5}


def example(rng, steps=4, dtype=np.float64, scale=1.0):
    """A parameter, and a gradient for each step, none of whose elements is near zero."""
    signs, sizes = rng.choice([-1.0, 1.0], (steps, 2, 3)), rng.uniform(0.5, 2.0, (steps, 2, 3))
    return rng.normal(size=(2, 3)).astype(dtype), list((scale * signs * sizes).astype(dtype))


def promoted(rng):
    """Integers in lists and in arrays."""
    return rng.integers(-5, 6, (2, 3)).tolist(), [rng.integers(1, 6, (2, 3)) for _ in range(2)]


@pytest.mark.points(12)
@pytest.mark.hint("The velocity is multiplied by momentum, the whole gradient is added, and lr times it is subtracted.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_sgd(agree, rng, dtype):
    """Four steps of SGD with momentum 0.9 on {dtype} parameters."""
    agree("run", SGD, *example(rng, dtype=dtype), SAME_LR, {}, part=PARAMETERS)


@pytest.mark.points(6)
@pytest.mark.hint("What is kept from step to step is a sum of gradients; lr is applied when the parameters move.")
def test_sgd_with_changing_lr(agree, rng):
    """SGD uses the learning rate of the current step for the whole velocity."""
    agree("run", SGD, *example(rng), CHANGING_LR, {}, part=PARAMETERS)


@pytest.mark.points(4)
@pytest.mark.hint("Use the argument `momentum`, not its default.")
def test_sgd_with_other_momentum(agree, rng):
    """SGD works with other values of momentum, among them 0."""
    for momentum in (0.5, 0.0):
        agree("run", SGD, *example(rng), SAME_LR, {"momentum": momentum}, part=PARAMETERS)


@pytest.mark.points(3)
@pytest.mark.hint("Return a new dict with new arrays: `state[…] = …` and `velocity *= …` change what the caller holds.")
@pytest.mark.reveals("state_modified_in_place")
def test_sgd_leaves_the_state_alone(agree, rng):
    """SGD does not modify the state passed in."""
    agree("run", SGD, *example(rng, steps=2), SAME_LR[:2], {}, part="states")


@pytest.mark.points(2)
@pytest.mark.hint("`param -= …` writes into the caller's array.")
@pytest.mark.reveals("modified_in_place")
def test_sgd_leaves_arrays_alone(agree, rng):
    """SGD modifies neither param nor grad."""
    agree("run", SGD, *example(rng, steps=2), SAME_LR[:2], {}, part="arguments after the call")


@pytest.mark.points(1)
@pytest.mark.hint("Convert what is neither float32 nor float64 to float64 first.")
def test_sgd_of_integers(agree, rng):
    """SGD promotes integers and lists to float64."""
    agree("run", SGD, *promoted(rng), SAME_LR[:2], {}, part=PARAMETERS)


@pytest.mark.points(12)
@pytest.mark.hint("A running average of g², and the gradient divided by its root.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_rmsprop(agree, rng, dtype):
    """Four steps of RMSprop with its defaults on {dtype} parameters."""
    agree("run", RMSPROP, *example(rng, dtype=dtype), SAME_LR, {}, part=PARAMETERS, **BLIND_TO_EPS)


@pytest.mark.points(6)
@pytest.mark.hint("Use the arguments alpha, eps and lr of the current step; eps is added to the root.")
def test_rmsprop_with_other_settings(agree, rng):
    """RMSprop works with another alpha and eps and a changing learning rate."""
    agree("run", RMSPROP, *example(rng), CHANGING_LR, {"alpha": 0.7}, part=PARAMETERS, **BLIND_TO_EPS)
    agree("run", RMSPROP, *example(rng), SAME_LR, {"alpha": 0.6, "eps": 0.3}, part=PARAMETERS)


@pytest.mark.points(4)
@pytest.mark.hint("eps stands outside the root, and keeps 0/0 away.")
def test_rmsprop_of_small_gradients(agree, rng):
    """RMSprop is right for gradients that are tiny, or zero in some elements."""
    param, grads = example(rng, scale=1e-4)
    agree("run", RMSPROP, param, grads, SAME_LR, {}, part=PARAMETERS)
    agree("run", RMSPROP, param, [g * np.array([1.0, 0.0, 1.0]) for g in grads], SAME_LR, {}, part=PARAMETERS)


@pytest.mark.points(3)
@pytest.mark.hint("Return a new dict with new arrays: `state[…] = …` and `s *= …` change what the caller holds.")
@pytest.mark.reveals("state_modified_in_place")
def test_rmsprop_leaves_the_state_alone(agree, rng):
    """RMSprop does not modify the state passed in."""
    agree("run", RMSPROP, *example(rng, steps=2), SAME_LR[:2], {}, part="states")


@pytest.mark.points(2)
@pytest.mark.hint("`param -= …` writes into the caller's array.")
@pytest.mark.reveals("modified_in_place")
def test_rmsprop_leaves_arrays_alone(agree, rng):
    """RMSprop modifies neither param nor grad."""
    agree("run", RMSPROP, *example(rng, steps=2), SAME_LR[:2], {}, part="arguments after the call")


@pytest.mark.points(1)
@pytest.mark.hint("Convert what is neither float32 nor float64 to float64 first.")
def test_rmsprop_of_integers(agree, rng):
    """RMSprop promotes integers and lists to float64."""
    agree("run", RMSPROP, *promoted(rng), SAME_LR[:2], {}, part=PARAMETERS, **BLIND_TO_EPS)


@pytest.mark.points(16)
@pytest.mark.hint("Two running averages, both divided by 1 − βᵗ, with t = 1 in the first step.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_adam(agree, observe, rng, dtype):
    """Four steps of Adam with its defaults on {dtype} parameters."""
    param, grads = example(rng, dtype=dtype)
    observe("run_or_undefined", ADAM, param, grads, SAME_LR, {})
    agree("run", ADAM, param, grads, SAME_LR, {}, part=PARAMETERS, **BLIND_TO_EPS)


@pytest.mark.points(6)
@pytest.mark.hint("β₁ belongs to the average of g, β₂ to the average of g²; lr is that of the current step.")
def test_adam_with_other_settings(agree, rng):
    """Adam works with other betas and a changing learning rate."""
    agree("run", ADAM, *example(rng), CHANGING_LR, {"betas": (0.6, 0.8)}, part=PARAMETERS, **BLIND_TO_EPS)
    agree("run", ADAM, *example(rng), SAME_LR, {"betas": (0.0, 0.5)}, part=PARAMETERS, **BLIND_TO_EPS)


@pytest.mark.points(6)
@pytest.mark.hint("eps is added to √v̂, outside the root and after the bias correction, and keeps 0/0 away.")
def test_adam_of_small_gradients(agree, rng):
    """Adam is right with a large eps, and for gradients that are tiny or zero in some elements."""
    param, grads = example(rng, scale=1e-4)
    agree("run", ADAM, param, grads, SAME_LR, {}, part=PARAMETERS)
    agree("run", ADAM, param, [g * np.array([1.0, 0.0, 1.0]) for g in grads], SAME_LR, {}, part=PARAMETERS)
    agree("run", ADAM, *example(rng), SAME_LR, {"eps": 0.3}, part=PARAMETERS)


@pytest.mark.points(8)
@pytest.mark.hint("The decay shrinks the weights of before the step by 1 − lr·weight_decay; m and v do not see it.")
def test_weight_decay(agree, rng):
    """Weight decay acts on the weights alone (AdamW), with the learning rate of the step."""
    agree("run", ADAM, *example(rng), SAME_LR, {"weight_decay": 0.3}, part=PARAMETERS, **BLIND_TO_EPS)
    agree("run", ADAM, *example(rng), CHANGING_LR, {"weight_decay": 0.5}, part=PARAMETERS, **BLIND_TO_EPS)


@pytest.mark.points(4)
@pytest.mark.hint("Return a new dict with new arrays: `state[…] = …` and `m *= …` change what the caller holds.")
@pytest.mark.reveals("state_modified_in_place")
def test_adam_leaves_the_state_alone(agree, rng):
    """Adam does not modify the state passed in."""
    agree("run", ADAM, *example(rng, steps=2), SAME_LR[:2], {}, part="states")


@pytest.mark.points(2)
@pytest.mark.hint("`param -= …` writes into the caller's array.")
@pytest.mark.reveals("modified_in_place")
def test_adam_leaves_arrays_alone(agree, rng):
    """Adam modifies neither param nor grad."""
    agree("run", ADAM, *example(rng, steps=2), SAME_LR[:2], {}, part="arguments after the call")


@pytest.mark.points(2)
@pytest.mark.hint("Convert what is neither float32 nor float64 to float64 first.")
def test_adam_of_integers(agree, rng):
    """Adam promotes integers and lists to float64."""
    agree("run", ADAM, *promoted(rng), SAME_LR[:2], {}, part=PARAMETERS, **BLIND_TO_EPS)
