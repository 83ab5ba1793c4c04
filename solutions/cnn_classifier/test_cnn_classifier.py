"""The hidden suite of cnn_classifier. Points: the classifier 50, a training step 28, prediction 22."""

import pytest
import torch

SEED = 2**31
FLOAT32 = 1e-4  # tolerance of a Python float that was computed in float32


def images_for(rng, count, dtype=torch.float64):
    return torch.from_numpy(rng.normal(size=(count, 1, 28, 28))).to(dtype)


def seed_for(rng):
    return int(rng.integers(SEED))


@pytest.mark.points(5)
@pytest.mark.hint("Two convolutions and two linear layers, each with a bias; the last has num_classes outputs.")
def test_parameters(agree):
    """Two convolutions and two linear layers have 225,034 parameters at 10 classes."""
    agree("parameter_shapes")
    agree("parameter_shapes", 3)


@pytest.mark.points(4)
@pytest.mark.hint(
    "Follow the size of the image: 28 → conv → pool → conv → pool. An unpadded 3×3 convolution takes 2 off."
)
@pytest.mark.reveals("wrong_flatten_size")
def test_flatten_size(agree):
    """The first linear layer takes as many features as the flattened maps have."""
    agree("flattened_features")


@pytest.mark.points(14)
@pytest.mark.hint("conv → ReLU → pool, twice, then flatten → linear → ReLU → linear, and nothing after it.")
@pytest.mark.same_inputs("logits")
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
def test_logits(agree, observe, rng, dtype):
    """The logits of two images are right ({dtype})."""
    images, seed = images_for(rng, 2, dtype), seed_for(rng)
    if dtype == torch.float64:
        observe("complaint_about_images", images, 10, seed)
    agree("logits_and_images", images, 10, seed, part="logits")


@pytest.mark.points(6)
@pytest.mark.hint("Flatten everything but the batch axis, and let num_classes decide the size of the last layer only.")
@pytest.mark.parametrize(("count", "num_classes"), [(1, 12), (3, 1)])
def test_batch_and_classes(agree, rng, count, num_classes):
    """A batch of {count} and {num_classes} classes give logits of the right shape and values."""
    agree("logits", images_for(rng, count), num_classes, seed_for(rng))


@pytest.mark.points(12)
@pytest.mark.hint("Everything from the images to the logits must be tensor operations that autograd records.")
def test_gradients(agree, rng):
    """The gradients in the images and in every parameter are right."""
    agree("logits_gradients", images_for(rng, 2), 10, seed_for(rng))


@pytest.mark.points(3)
@pytest.mark.hint("This classifier has no layer that behaves differently in the two modes.")
def test_logits_in_eval_mode(agree, rng):
    """In eval mode the logits are the same."""
    agree("logits", images_for(rng, 2), 10, seed_for(rng), training=False)


@pytest.mark.points(2)
@pytest.mark.hint("In-place operations (`relu_`, `images -= …`) must not reach the images.")
@pytest.mark.same_inputs("logits")
def test_images_are_left_alone(agree, rng):
    """The images keep their values."""
    agree("logits_and_images", images_for(rng, 2), 10, seed_for(rng), part="images")


@pytest.mark.points(2)
@pytest.mark.hint("Check images.ndim before the first layer.")
def test_images_without_channel_axis(agree, rng):
    """Images without a channel axis are refused."""
    agree("logits", images_for(rng, 2)[:, 0], 10, seed_for(rng), any_error=True)


@pytest.mark.points(2)
@pytest.mark.hint("Only images of shape (1, 28, 28) fit the first linear layer: compare images.shape[1:] with it.")
@pytest.mark.parametrize("shape", [(4, 1, 26, 32), (2, 3, 28, 28)])
def test_images_of_another_size(agree, rng, shape):
    """Images of shape {shape} are refused."""
    agree("logits_or_refusal", torch.from_numpy(rng.normal(size=shape)), 10, seed_for(rng))


def batches_for(rng, steps, dtype=torch.float32, count=6):
    labels = torch.from_numpy(rng.integers(0, 10, size=(steps, count)))
    return [(images_for(rng, count, dtype), labels[step]) for step in range(steps)]


@pytest.mark.points(6)
@pytest.mark.hint(
    "F.cross_entropy takes logits and integer labels and averages; `.item()` makes a float of its answer."
)
@pytest.mark.same_inputs("step")
def test_loss(agree, observe, rng):
    """A training step returns the mean cross-entropy before the step as a Python float."""
    batches, seed = batches_for(rng, 1), seed_for(rng)
    observe("complaint_about_step", batches, seed)
    agree("train_step", batches, seed, part="losses", rtol=FLOAT32)


@pytest.mark.points(8)
@pytest.mark.hint("The optimizer moves the parameters by the gradients that backward() has left in them.")
@pytest.mark.same_inputs("step")
def test_one_step(agree, observe, rng):
    """One training step moves every parameter along the gradient of this batch."""
    batches, seed = batches_for(rng, 1), seed_for(rng)
    observe("gradients_left", batches, seed)
    agree("train_step", batches, seed, part="parameters")


@pytest.mark.points(4)
@pytest.mark.hint("backward() adds to the gradients that are there already.")
def test_stale_gradients(agree, rng):
    """Gradients left over from an earlier backward pass do not count."""
    agree("train_step", batches_for(rng, 1), seed_for(rng), stale=3.0, part="parameters")


@pytest.mark.points(4)
@pytest.mark.hint("Each step uses the gradients of its own batch, once.")
def test_three_steps(agree, rng):
    """Three training steps with momentum lead to the right parameters."""
    agree("train_step", batches_for(rng, 3, torch.float64), seed_for(rng), momentum=0.5, part="parameters")


@pytest.mark.points(3)
@pytest.mark.hint("A model may come from an evaluation: call model.train() first.")
def test_training_mode(agree, rng):
    """A model that comes in eval mode is trained in training mode."""
    agree("train_step", batches_for(rng, 1), seed_for(rng), training=False, part="losses", rtol=FLOAT32)


@pytest.mark.points(3)
@pytest.mark.hint("Compare the labels with the shape of the logits before the loss is computed.")
@pytest.mark.parametrize("labels", [[1, 2, 3], [0, 1, 2, 10], [0, 1, 2, -1]])
def test_bad_labels(agree, rng, labels):
    """The labels {labels} for four images of ten classes are refused."""
    agree("train_step", [(images_for(rng, 4), torch.tensor(labels))], seed_for(rng), any_error=True)


@pytest.mark.points(6)
@pytest.mark.hint("The class of an image is the position of the largest of its logits: an argmax over the classes.")
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32])
@pytest.mark.same_inputs("prediction")
def test_predictions(agree, rng, dtype):
    """The predicted class is that of the largest logit ({dtype})."""
    agree("predict", images_for(rng, 12, dtype), seed_for(rng), "eval", part="classes")


@pytest.mark.points(5)
@pytest.mark.hint("Dropout and batch norm behave differently in training mode: call model.eval() first.")
@pytest.mark.same_inputs("prediction")
def test_predictions_in_eval_mode(agree, rng):
    """A model that comes in training mode predicts in eval mode."""
    agree("predict", images_for(rng, 12), seed_for(rng), "training", part="classes")
    agree("predict", images_for(rng, 1), seed_for(rng), "training", part="classes")


@pytest.mark.points(6)
@pytest.mark.hint(
    "Remember the mode of every module in model.modules(), and give it back: train() and eval() set them all."
)
@pytest.mark.parametrize("modes", ["training", "eval", "mixed", "root in eval"])
@pytest.mark.same_inputs("prediction")
def test_modes_after_prediction(agree, rng, modes):
    """Every submodule is back in its mode after a prediction ({modes})."""
    agree("predict", images_for(rng, 12), seed_for(rng), modes, part="modes")


@pytest.mark.points(4)
@pytest.mark.hint("Nobody needs gradients of a prediction: run the model under torch.no_grad().")
@pytest.mark.reveals("gradients_kept_in_predict")
@pytest.mark.same_inputs("prediction")
def test_no_gradients_in_prediction(agree, rng):
    """The model runs without recording gradients."""
    agree("predict", images_for(rng, 12), seed_for(rng), "eval", part="recorded")


@pytest.mark.points(1)
@pytest.mark.hint("torch.set_grad_enabled(False) holds until it is undone; a `with` block undoes itself.")
@pytest.mark.reveals("recording_left_off")
@pytest.mark.same_inputs("prediction")
def test_recording_after_prediction(agree, rng):
    """Gradients are recorded again after a prediction."""
    agree("predict", images_for(rng, 12), seed_for(rng), "eval", part="recorded after")
