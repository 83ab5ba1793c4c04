"""What the suite asks of the classifier, a training step and a prediction: live modules in, plain values out."""

import math
import zlib

import torch
from torch import nn

# Of a gradient with more elements than this, every n-th element is sent.
MAX_SENT = 400


def _fill(model, seed):
    """Sets each parameter from a generator of its own, so that neither names nor the order of layers matter."""
    seen = {}
    with torch.no_grad():
        for p in model.parameters():
            if isinstance(p, nn.parameter.UninitializedParameter):
                raise TypeError("a lazy layer has no parameters before its first input: give nn.Linear its in_features")
            shape = tuple(p.shape)
            seen[shape] = seen.get(shape, 0) + 1
            generator = torch.Generator().manual_seed(zlib.crc32(repr((seed, shape, seen[shape])).encode()))
            scale = math.sqrt(6 / p[0].numel()) if p.ndim > 1 else 0.8
            p.copy_(torch.empty(shape).uniform_(-scale, scale, generator=generator))
    return model


def _classifier(module, num_classes, seed, dtype):
    model = module.CNNClassifier(num_classes)
    if not isinstance(model, nn.Module):
        raise TypeError(f"CNNClassifier is no nn.Module but a {type(model).__name__}")
    return _fill(model.to(dtype), seed)


def _in_order_of_shape(parameters):
    return sorted(parameters, key=lambda p: tuple(p.shape), reverse=True)


def parameter_shapes(module, *num_classes):
    """The shape of every parameter, the largest first."""
    return [list(p.shape) for p in _in_order_of_shape(module.CNNClassifier(*num_classes).parameters())]


def flattened_features(module):
    """How many inputs the linear layer with 128 outputs takes."""
    shapes = [tuple(p.shape) for p in module.CNNClassifier().parameters()]
    if not {(32, 1, 3, 3), (64, 32, 3, 3)} <= set(shapes):
        raise TypeError("the weights of the convolutions should have the shapes (32, 1, 3, 3) and (64, 32, 3, 3)")
    sizes = [shape[1] for shape in shapes if len(shape) == 2 and shape[0] == 128]
    if len(sizes) != 1:
        raise TypeError(f"one linear layer should have 128 outputs, but {len(sizes)} have")
    return sizes[0]


def logits(module, images, num_classes, seed, training=True):
    """The logits of some images."""
    return _classifier(module, num_classes, seed, images.dtype).train(training)(images)


def complaint_about_images(module, images, num_classes, seed):
    """The logits of images on which PyTorch itself complains. The text of its error, empty where there is none."""
    return _complaint(lambda: logits(module, images, num_classes, seed))


def _complaint(action):
    try:
        action()
    except NotImplementedError:
        raise
    except RuntimeError as error:
        return str(error)
    return ""


def logits_or_refusal(module, images, num_classes, seed):
    """The logits of images of a wrong size, where no error of any kind keeps them from being computed."""
    model = _classifier(module, num_classes, seed, images.dtype)
    try:
        return model(images)
    except NotImplementedError:
        raise
    except (ValueError, RuntimeError, AssertionError):
        return "refused"


def logits_and_images(module, images, num_classes, seed):
    """The logits, and what is left of the images."""
    return {"logits": logits(module, images, num_classes, seed), "images": images}


def logits_gradients(module, images, num_classes, seed):
    """The gradients of a weighted sum of the logits in the images and in every parameter."""
    model = _classifier(module, num_classes, seed, images.dtype)
    leaves = [images.requires_grad_(), *_in_order_of_shape(model.parameters())]
    total = weighted_sum(model(images))
    found = torch.autograd.grad(total, leaves, allow_unused=True, materialize_grads=True)
    return [gradient.flatten()[:: max(1, gradient.numel() // MAX_SENT)] for gradient in found]


class _Descent(torch.optim.Optimizer):
    """Gradient descent with momentum that keeps the gradients of each step. PyTorch's own takes a second to import."""

    def __init__(self, model, lr, momentum=0.0):
        self.lr, self.momentum = lr, momentum
        self.param_groups = [{"params": list(model.parameters()), "lr": lr, "momentum": momentum}]
        self.velocity = [torch.zeros_like(p) for p in model.parameters()]
        self.taken = []

    def zero_grad(self, set_to_none=True):
        for p in self.param_groups[0]["params"]:
            p.grad = None if set_to_none or p.grad is None else torch.zeros_like(p)

    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        parameters = self.param_groups[0]["params"]
        self.taken.append([torch.zeros_like(p) if p.grad is None else p.grad.clone() for p in parameters])
        with torch.no_grad():
            for p, velocity in zip(parameters, self.velocity, strict=True):
                if p.grad is not None:
                    velocity.mul_(self.momentum).add_(p.grad)
                    p -= self.lr * velocity
        return loss


class _Times8(nn.Module):
    """Makes the gradients so large that clipping them at 5, or each of their numbers at 1, shows."""

    def forward(self, x):
        return 8 * x


def _trained(module, batches, seed, momentum=0.0, stale=0.0, training=True):
    """A small model of our own after a training step on each batch; also the losses and the optimizer."""
    hidden = [nn.Linear(16, 8, bias=False), nn.BatchNorm1d(8), nn.Tanh()]  # a bias would have gradients of noise alone
    layers = [nn.AvgPool2d(7), nn.Flatten(), *hidden, nn.Linear(8, 10), _Times8()]
    model = _fill(nn.Sequential(*layers).to(batches[0][0].dtype), seed).train(training)
    optimizer = _Descent(model, lr=0.25, momentum=momentum)
    if stale:
        for p in model.parameters():
            p.grad = torch.full_like(p, stale)
    losses = [module.train_step(model, optimizer, images, labels) for images, labels in batches]
    return model, optimizer, losses


def train_step(module, *args, **kwargs):
    """What each step returned, and the parameters at the end with the gradients that each step was taken with. Bears
    the function's own name, so that messages do too."""
    model, optimizer, losses = _trained(module, *args, **kwargs)
    return {"losses": losses, "parameters": [list(model.parameters()), optimizer.taken]}


def gradients_left(module, *args, **kwargs):
    """The gradients that are left in the parameters after all steps, or the text of PyTorch's error."""
    try:
        model, _, _ = _trained(module, *args, **kwargs)
    except NotImplementedError:
        raise
    except RuntimeError as error:
        return str(error)
    return [torch.zeros_like(p) if p.grad is None else p.grad for p in model.parameters()]


def complaint_about_step(module, *args, **kwargs):
    """A training step at which PyTorch itself complains. The text of PyTorch's error, empty where there is none."""
    return _complaint(lambda: _trained(module, *args, **kwargs))


class _Shift(nn.Module):
    """Moves the scores on by one class in training mode: whoever predicts in that mode predicts the next class."""

    def forward(self, x):
        return x.roll(1, dims=1) if self.training else x


class _Scores(nn.Module):
    """Keeps what its linear layer gave, as recorded by autograd or not."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.AvgPool2d(7), nn.Flatten(), nn.Linear(16, 10))
        self.shift = _Shift()
        self.outputs = []

    def forward(self, images):
        self.outputs.append(self.body(images))
        return self.shift(self.outputs[-1])


MODES = {"training": [], "eval": ["", "body", "shift"], "mixed": ["body.2", "shift"], "root in eval": [""]}


def predict(module, images, seed, modes):
    """All that a prediction does at once: the classes, the mode of every module after it (1 for training), what it
    recorded of its scores, and whether recording is on again. Bears the function's own name, so that messages do too.

    What it leaves behind counts only where the model has seen the images.
    """
    model = _fill(_Scores().to(images.dtype), seed).train()
    for name in MODES[modes]:
        found = model.get_submodule(name)
        for one in [found] if modes == "root in eval" else found.modules():
            one.training = False
    try:
        answer = module.predict(model, images)
        after = model.body(images).square().sum()
    finally:
        torch.set_grad_enabled(True)
    return {
        "classes": answer,
        "modes": attempt(module, _modes, model, images),
        "recorded": attempt(module, _gradient_of_scores, model, images),
        "recorded after": attempt(module, _gradient_after, model, images, after),
    }


def _check_that_model_ran(model, images):
    if sum(len(scores) for scores in model.outputs) < len(images):
        raise TypeError("the model was not run on the images")


def _modes(model, images):
    _check_that_model_ran(model, images)
    return [int(one.training) for one in model.modules()]


def _gradient_of_scores(model, images):
    """The gradient in the weights that can be had from the scores computed inside predict: zero if not recorded."""
    _check_that_model_ran(model, images)
    weight = model.body[2].weight
    recorded = [scores.sum() for scores in model.outputs if scores.requires_grad]
    return torch.autograd.grad(sum(recorded), weight)[0] if recorded else torch.zeros_like(weight)


def _gradient_after(model, images, product):
    """The gradient of a product computed after predict has returned."""
    _check_that_model_ran(model, images)
    return torch.autograd.grad(product, model.body[2].weight)[0] if product.requires_grad else "not recorded"
