"""The hidden suite of transfer_learning. Points: freeze 45, replace_head 40, trainable_parameters 15."""

import pytest
import torch


def draw(rng, *shape, dtype=torch.float32):
    return torch.from_numpy(rng.normal(size=shape)).to(dtype)


BATCHES = {"one norm": (8, 3), "norm 1d": (8, 3), "norm 2d": (4, 3, 2, 3), "norm 3d": (4, 3, 2, 2, 2)}


@pytest.mark.points(12)
@pytest.mark.hint(
    "Go through module.parameters(): each has its own requires_grad. On the module it is just an attribute."
)
@pytest.mark.parametrize("kind", ["flat", "nested", "convolutional"])
def test_freeze_parameters(agree, rng, kind):
    """No parameter inside requires gradients ({kind} model)."""
    agree("freeze_parameters", kind, rng)


@pytest.mark.points(8)
@pytest.mark.hint(
    "After a step of training only the head may have other numbers: the parameters and buffers are all compared."
)
def test_freeze_then_train(agree, rng):
    """Training steps move the head and leave the frozen body as it is."""
    agree("freeze_then_train", draw(rng, 6, 4) + 1, torch.from_numpy(rng.integers(0, 3, size=6)), rng)


@pytest.mark.points(12)
@pytest.mark.hint("eval() holds until the next train(), which every training loop calls. Find a way that survives it.")
@pytest.mark.parametrize("kind", ["norm 1d", "norm 2d", "norm 3d"])
def test_batch_norm_in_training_mode(agree, rng, kind):
    """Batch norm keeps using its running statistics, unchanged, after train() of the whole model ({kind})."""
    agree("freeze_batch_norm", kind, draw(rng, *BATCHES[kind]) + 1, ["train"], rng)


@pytest.mark.points(3)
@pytest.mark.hint("The new behaviour begins with freeze itself, not with the next change of mode.")
def test_batch_norm_at_once(agree, rng):
    """Batch norm uses its running statistics at once, in evaluation mode and back in training mode."""
    agree("freeze_batch_norm", "norm 2d", draw(rng, 4, 3, 2, 3) + 1, ["", "eval", "part train"], rng)


@pytest.mark.points(3)
@pytest.mark.hint("module.modules() lists the module itself, too.")
def test_batch_norm_alone(agree, rng):
    """The module to freeze may itself be a batch-norm layer."""
    agree("freeze_batch_norm", "one norm", draw(rng, 8, 3) + 1, ["train"], rng)


@pytest.mark.points(4)
@pytest.mark.hint("Only parameters and batch norm are touched: dropout in a frozen body is still useful.")
@pytest.mark.parametrize("before", ["train", "eval"])
def test_dropout(agree, rng, before):
    """Dropout keeps its mode when a model in {before} mode is frozen, and follows train() and eval() later."""
    agree("freeze_dropout", draw(rng, 5, 4), before, ["train", "eval", "train"], rng)


@pytest.mark.points(3)
@pytest.mark.hint("freeze is about the module it was given; a model around it has other parts.")
def test_freeze_part(agree, rng):
    """Freezing a part of a model leaves the other parts trainable and their batch norm at work."""
    agree("freeze_part", draw(rng, 6, 4) + 1, rng)


@pytest.mark.points(8)
@pytest.mark.hint("Find the name of the last nn.Linear in named_modules(), then set it on the module that holds it.")
@pytest.mark.parametrize("kind", ["flat", "nested", "attributes", "head registered first"])
@pytest.mark.same_inputs("head")
def test_head_place(agree, rng, kind):
    """The last nn.Linear has the new number of outputs, all other layers are as before (model: {kind})."""
    agree("replace_head", kind, 8, False, rng, part="layers")


@pytest.mark.points(5)
@pytest.mark.hint("Ask the old layer whether it has a bias, and which dtype and device it is of.")
@pytest.mark.parametrize("kind", ["no bias", "float64", "meta device"])
def test_head_form(agree, rng, kind):
    """The new head is like the old one in bias, dtype and device ({kind})."""
    agree("replace_head", kind, 4, False, rng, part="layers")


@pytest.mark.points(8)
@pytest.mark.hint("The old head knows how many inputs it takes.")
@pytest.mark.parametrize(("kind", "num_classes"), [("flat", 5), ("nested", 7), ("attributes", 1)])
def test_head_forward(agree, rng, kind, num_classes):
    """The model runs with its new head, and computes the right thing with given weights ({kind})."""
    agree("outputs_with_new_head", kind, num_classes, rng, draw(rng, 3, 4))


@pytest.mark.points(3)
@pytest.mark.hint("Change the model you were given, and return that very model.")
@pytest.mark.same_inputs("head")
def test_model_is_returned(agree, rng):
    """What replace_head returns is the model itself."""
    agree("replace_head", "flat", 8, False, rng, part="returned")


@pytest.mark.points(5)
@pytest.mark.hint("A new nn.Linear requires gradients by itself: leave it so, whatever the old one did.")
@pytest.mark.same_inputs("head")
def test_head_of_a_frozen_model(agree, rng):
    """The new head of a frozen model requires gradients, and nothing else does."""
    agree("replace_head", "nested", 8, True, rng, part="trained")


@pytest.mark.points(2)
@pytest.mark.hint("replace_head exchanges one layer; freezing is the work of freeze.")
@pytest.mark.same_inputs("head")
def test_head_of_a_trainable_model(agree, rng):
    """Where nothing is frozen everything stays trainable."""
    agree("replace_head", "flat", 8, False, rng, part="trained")


@pytest.mark.points(4)
@pytest.mark.hint("The old weights belong to the old classes. Let nn.Linear initialise the new ones.")
@pytest.mark.same_inputs("head")
def test_head_is_fresh(agree, rng):
    """No number of the old head is found in the new one, with as many classes and with more."""
    agree("replace_head", "flat", 3, False, rng, part="fresh")
    agree("replace_head", "flat", 8, False, rng, part="fresh")


@pytest.mark.points(3)
@pytest.mark.hint("The body holds what was learned: take care not to initialise it again.")
@pytest.mark.same_inputs("head")
def test_rest_keeps_its_numbers(agree, rng):
    """The other layers keep their numbers."""
    agree("replace_head", "nested", 8, False, rng, part="rest")


@pytest.mark.points(2)
@pytest.mark.hint("If the search ends without a layer, raise ValueError.")
def test_no_linear(agree, rng):
    """A model without any nn.Linear raises ValueError."""
    agree("replace_head_without_linear", rng)


@pytest.mark.points(15)
@pytest.mark.hint("Keep those of model.parameters() with requires_grad set, in their order, in a list.")
@pytest.mark.parametrize("frozen", [[0, 1, 3], [], [0, 1, 2, 3, 4, 5]], ids=["some", "none", "all"])
def test_trainable_parameters(agree, rng, frozen):
    """The list holds the parameters that require gradients (frozen ones: {frozen})."""
    agree("trainable_parameters_of", "nested", frozen, rng)
