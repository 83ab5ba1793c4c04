"""The hidden suite of batch normalisation. Points: BatchNorm 75, batch_norm_backward 25."""

import numpy as np
import pytest
import torch

# Where eps sits has checks of its own: elsewhere 1e-5 in another place is no reason to lose points.
LOOSE = {"rtol": 1e-4, "atol": 1e-4}

LIBRARY = (
    "torch.nn.BatchNorm*",
    "torch.nn.SyncBatchNorm",
    "torch.nn.functional.batch_norm",
    "torch.batch_norm",
    "torch.native_batch_norm",
    "torch._native_batch_norm_legit*",
    # Of a batch whose first two axes changed places these are batch normalisation.
    "torch.nn.functional.instance_norm",
    "torch.nn.functional.layer_norm",
    "torch.nn.functional.group_norm",
    "torch.nn.functional.rms_norm",
    # They put the normalisation into the weights of a layer, which may be the identity.
    "torch.nn.utils.fusion.fuse_conv_bn_weights",
    "torch.nn.utils.fusion.fuse_linear_bn_weights",
)
# Formulas that these wrote down are none of the student's.
WRITERS = (
    "torch.fx.experimental.proxy_tensor.make_fx",
    "torch._dynamo.compiled_autograd.AutogradCompilerInstance.begin_capture",
    "torch._C._jit_differentiate",
)
by_hand = pytest.mark.not_allowed(*LIBRARY)


def backward_by_hand(test):
    """A layer that calls the library costs it nothing. All forward-mode differentiation makes dual numbers; in reverse
    mode autograd goes back over what it recorded, which the probe looks out for in its own thread as well; and what it
    does could have been written down before."""
    within = pytest.mark.not_allowed_within(*LIBRARY, "torch._make_dual", "torch.autograd.backward", "threading.Thread")
    return pytest.mark.not_allowed(*WRITERS)(within(test))


layouts = pytest.mark.parametrize("shape", [(5, 3), (2, 3, 4, 2)], ids=["NC", "NCHW"])
dtypes = pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])


def tensor(values, dtype=torch.float32):
    return torch.from_numpy(np.asarray(values)).to(dtype)


def batch(rng, shape, dtype=torch.float32):
    """Values whose mean and scale differ from channel to channel."""
    per_channel = (1, shape[1], *[1] * (len(shape) - 2))
    scale = rng.uniform(0.8, 2.0, size=per_channel)
    return tensor(scale * rng.normal(size=shape) + rng.uniform(1, 3, size=per_channel), dtype)


def random_state(rng, channels, dtype=torch.float32):
    return {
        "weight": tensor(rng.uniform(0.5, 2.0, size=channels), dtype),
        "bias": tensor(rng.normal(size=channels), dtype),
        "running_mean": tensor(rng.normal(size=channels), dtype),
        "running_var": tensor(rng.uniform(0.5, 3.0, size=channels), dtype),
    }


@pytest.mark.points(8)
@pytest.mark.hint("register_buffer makes a buffer; what is only assigned to self is neither saved nor moved.")
def test_initial_state(agree):
    """A fresh layer holds two parameters and two buffers, with the right names and values."""
    agree("initial_state", 4)


@by_hand
@pytest.mark.points(8)
@pytest.mark.hint("One mean and one biased variance a feature, taken over the samples.")
@dtypes
@pytest.mark.same_inputs("pass")
def test_training(agree, rng, dtype):
    """Features of a {dtype} batch (N, C) are normalised over the batch."""
    agree("forward", batch(rng, (5, 3), dtype), random_state(rng, 3, dtype), True, part="output", **LOOSE)


@by_hand
@pytest.mark.points(7)
@pytest.mark.hint("A channel's values lie in every sample and at every position: M = N·H·W.")
@dtypes
@pytest.mark.same_inputs("pass")
def test_training_on_images(agree, rng, dtype):
    """Channels of a {dtype} batch (N, C, H, W) are normalised over samples and positions."""
    agree("forward", batch(rng, (2, 3, 4, 2), dtype), random_state(rng, 3, dtype), True, part="output", **LOOSE)


@by_hand
@pytest.mark.points(2)
@pytest.mark.hint("With N = C the wrong axis raises no error, and is still the wrong axis.")
@pytest.mark.parametrize("shape", [(4, 4), (3, 3, 3, 3)], ids=["NC", "NCHW"])
def test_training_with_equal_sizes(agree, rng, shape):
    """A batch {shape}, all of whose sizes are equal, is normalised over the right axes."""
    agree("forward", batch(rng, shape), random_state(rng, shape[1]), True, part="output", **LOOSE)


@by_hand
@pytest.mark.points(3)
@pytest.mark.hint("√(σ² + eps): eps belongs to the variance, under the root.")
@pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
def test_eps(agree, rng, training):
    """A large eps is added to the variance (training: {training})."""
    agree("forward", batch(rng, (6, 3)), random_state(rng, 3), training, eps=0.5, part="output")


@by_hand
@pytest.mark.points(1)
@pytest.mark.hint("Where the variance is small, eps decides: it is 1e-5 unless another is given.")
def test_default_eps(agree, rng):
    """Without an eps given, 1e-5 is added to the variance."""
    x, state = batch(rng, (6, 3), torch.float64), random_state(rng, 3, torch.float64)
    agree("forward", 0.005 * x, state, True, part="output")


@by_hand
@pytest.mark.points(1)
@pytest.mark.hint("Two values have a variance, and one feature is enough for a layer.")
def test_two_samples_of_one_feature(agree, rng):
    """A single feature of two samples is normalised as well."""
    first = rng.uniform(-1, 1)
    agree("forward", tensor([[first], [first + rng.uniform(1, 3)]]), random_state(rng, 1), True, part="output", **LOOSE)


@by_hand
@pytest.mark.points(1)
@pytest.mark.hint("Its variance is 0, which is what eps is for.")
def test_constant_feature(agree, rng):
    """A feature that is constant over the batch becomes its bias."""
    # 1/√eps = 316 magnifies every rounding error.
    agree(
        "forward", torch.full((4, 2), float(rng.integers(2, 9))), random_state(rng, 2), True, atol=1e-2, part="output"
    )


@by_hand
@pytest.mark.points(6)
@pytest.mark.hint("running ← (1 − momentum)·running + momentum·batch.")
@pytest.mark.parametrize(("shape", "settings"), [((5, 3), {}), ((2, 3, 4, 2), {"momentum": 0.3})], ids=["NC", "NCHW"])
@pytest.mark.same_inputs("running")
def test_running_mean(agree, rng, shape, settings):
    """Two training batches {shape} move running_mean."""
    batches = [batch(rng, shape), batch(rng, shape)]
    agree("forward", batches, random_state(rng, 3), True, part=("statistics", 0), **settings)


@by_hand
@pytest.mark.points(6)
@pytest.mark.hint("The variance that enters running_var divides by M − 1, M being a channel's number of values.")
@pytest.mark.parametrize(("shape", "settings"), [((5, 3), {}), ((2, 3, 4, 2), {"momentum": 0.3})], ids=["NC", "NCHW"])
@pytest.mark.same_inputs("running")
def test_running_var(agree, rng, shape, settings):
    """Two training batches {shape} move running_var."""
    batches = [batch(rng, shape), batch(rng, shape)]
    agree("forward", batches, random_state(rng, 3), True, part=("statistics", 1), **settings)


@by_hand
@pytest.mark.points(5)
@pytest.mark.hint("Detach what enters the running statistics, or update them under torch.no_grad().")
@pytest.mark.same_inputs("gradients")
def test_statistics_carry_no_gradient(agree, rng):
    """No gradient flows through the running statistics back into the batch."""
    x, state = batch(rng, (5, 3), torch.float64), random_state(rng, 3, torch.float64)
    agree("gradients_of_pass", x, state, True, part="statistics")


@by_hand
@pytest.mark.points(2)
@pytest.mark.hint("Buffers follow the module to another dtype.")
def test_double_precision(agree, rng):
    """A layer made .double() keeps its statistics and answers in float64."""
    dtype = torch.float64
    agree("statistics_and_eval", batch(rng, (5, 3), dtype), random_state(rng, 3, dtype), **LOOSE)


@by_hand
@pytest.mark.points(6)
@pytest.mark.hint("In eval mode the running statistics take the place of those of the batch.")
@layouts
@pytest.mark.same_inputs("pass")
def test_eval(agree, rng, shape):
    """In eval mode a batch {shape} is normalised with the running statistics."""
    agree("forward", batch(rng, shape), random_state(rng, 3), False, part="output", **LOOSE)


@by_hand
@pytest.mark.points(2)
@pytest.mark.hint("At test time a sample's answer does not depend on the batch it comes in.")
def test_eval_on_one_sample(agree, rng):
    """In eval mode a single sample is normalised like any other."""
    agree("forward", batch(rng, (1, 3)), random_state(rng, 3), False, part="output", **LOOSE)


@by_hand
@pytest.mark.points(4)
@pytest.mark.hint("Only self.training may move the running statistics.")
@layouts
@pytest.mark.same_inputs("pass")
def test_eval_moves_nothing(agree, rng, shape):
    """A pass in eval mode over {shape} leaves the running statistics alone."""
    agree("forward", batch(rng, shape), random_state(rng, 3), False, part="statistics")


@by_hand
@pytest.mark.points(7)
@pytest.mark.hint("μ and σ² depend on x: autograd must see how. Detach only what enters the running statistics.")
@layouts
@pytest.mark.same_inputs("gradients")
def test_gradients_in_training(agree, rng, shape):
    """Gradients of a training pass over {shape} reach x, weight and bias, also through μ and σ²."""
    x, state = batch(rng, shape, torch.float64), random_state(rng, 3, torch.float64)
    agree("gradients_of_pass", x, state, True, part="output", **LOOSE)


@by_hand
@pytest.mark.points(2)
@pytest.mark.hint("In eval mode μ and σ² are constants; x, weight and bias still get their gradients.")
def test_gradients_in_eval(agree, rng):
    """Gradients of a pass in eval mode reach x, weight and bias."""
    x, state = batch(rng, (5, 3), torch.float64), random_state(rng, 3, torch.float64)
    agree("gradients_of_pass", x, state, False, part="output", **LOOSE)


@by_hand
@pytest.mark.points(1)
@pytest.mark.hint("`x -= …` writes into the caller's tensor.")
@pytest.mark.reveals("modified_in_place")
@pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
@pytest.mark.same_inputs("pass")
def test_input_is_left_alone(agree, rng, training):
    """The input of a pass keeps its values (training: {training})."""
    agree("forward", batch(rng, (5, 3)), random_state(rng, 3), training, part="x")


@by_hand
@pytest.mark.points(2)
@pytest.mark.hint("One value has no variance. Check before anything is updated.")
@pytest.mark.parametrize("shape", [(1, 3), (1, 3, 1, 1)], ids=["NC", "NCHW"])
def test_one_value_a_channel(agree, rng, shape):
    """A training batch {shape} raises ValueError."""
    x, state = batch(rng, shape), random_state(rng, 3)
    agree("forward", x, state, True, part="output")


@pytest.mark.points(1)
@pytest.mark.hint("x has two or four dimensions, and the second of them is num_features.")
@pytest.mark.parametrize("shape", [(4, 2), (4, 2, 3, 3)], ids=str)
def test_wrong_shapes(agree, rng, shape):
    """An x of shape {shape} for three features is refused."""
    agree("forward", tensor(rng.normal(size=shape)), random_state(rng, 3), True, any_error=True)


def backward_example(rng, shape, dtype=torch.float64):
    grad_output = tensor(rng.normal(size=shape), dtype)
    return grad_output, batch(rng, shape, dtype), tensor(rng.uniform(0.5, 2.0, size=shape[1]), dtype)


@backward_by_hand
@pytest.mark.points(11)
@pytest.mark.hint("Three paths lead from x to y: directly, through μ and through σ².")
@dtypes
@pytest.mark.same_inputs("backward")
def test_grad_x(agree, rng, dtype):
    """batch_norm_backward: the {dtype} gradient in x."""
    agree("batch_norm_backward", *backward_example(rng, (5, 3), dtype), part="grad_x", **LOOSE)


@backward_by_hand
@pytest.mark.points(2)
@pytest.mark.hint("With N = C the wrong axis raises no error, and is still the wrong axis.")
def test_grad_x_with_equal_sizes(agree, rng):
    """batch_norm_backward: the gradient in x for as many samples as features."""
    agree("batch_norm_backward", *backward_example(rng, (4, 4)), part="grad_x", **LOOSE)


@backward_by_hand
@pytest.mark.points(3)
@pytest.mark.hint("y = weight · x̂ + bias, and every sample uses the same weight.")
@pytest.mark.same_inputs("backward")
def test_grad_weight(agree, rng):
    """batch_norm_backward: the gradient in weight."""
    agree("batch_norm_backward", *backward_example(rng, (5, 3)), part="grad_weight", **LOOSE)


@backward_by_hand
@pytest.mark.points(2)
@pytest.mark.hint("y = weight · x̂ + bias, and every sample uses the same bias.")
@pytest.mark.same_inputs("backward")
def test_grad_bias(agree, rng):
    """batch_norm_backward: the gradient in bias."""
    agree("batch_norm_backward", *backward_example(rng, (5, 3)), part="grad_bias")


@backward_by_hand
@pytest.mark.points(3)
@pytest.mark.hint("The same √(σ² + eps) as in the forward pass, with the eps that was given.")
def test_backward_eps(agree, rng):
    """batch_norm_backward: a large eps counts in every gradient."""
    arguments = (*backward_example(rng, (5, 3)), 0.5)
    agree("batch_norm_backward", *arguments, part="grad_x")
    agree("batch_norm_backward", *arguments, part="grad_weight")


@backward_by_hand
@pytest.mark.points(2)
@pytest.mark.hint("`grad_output -= …` writes into the caller's tensor.")
@pytest.mark.reveals("modified_in_place")
@pytest.mark.same_inputs("backward")
def test_backward_leaves_inputs_alone(agree, rng):
    """batch_norm_backward modifies none of its arguments."""
    agree("batch_norm_backward", *backward_example(rng, (5, 3)), part="arguments")


@backward_by_hand
@pytest.mark.points(2)
@pytest.mark.parametrize(
    "shapes",
    [((4, 2), (4, 3), (3,)), ((4, 3), (4, 3), (2,))],
    ids=["grad_output", "weight"],
)
def test_backward_wrong_shapes(agree, rng, shapes):
    """batch_norm_backward: grad_output, x and weight of shapes {shapes} are refused."""
    agree("batch_norm_backward", *(tensor(rng.normal(size=shape)) for shape in shapes), any_error=True)
