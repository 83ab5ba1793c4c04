"""The hidden suite of the autoencoder. Points: Autoencoder 75, reconstruction_loss 25."""

from itertools import pairwise

import numpy as np
import pytest
import torch

DEEP = (6, [5, 4], 3)

dtypes = pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
architectures = pytest.mark.parametrize(
    "sizes", [(6, [5, 4], 3), (4, [7], 2), (5, [], 3), (3, [6, 4, 5], 4)], ids=["two", "one", "none", "three"]
)
shallow = pytest.mark.parametrize("sizes", [(5, [], 3), (3, [6, 4, 5], 4)], ids=["none", "three"])


def tensor(values, dtype=torch.float64):
    return torch.from_numpy(np.asarray(values)).to(dtype)


def pool(rng, sizes, dtype=torch.float64):
    """Numbers for all parameters."""
    widths = [sizes[0], *sizes[1], sizes[2]]
    needed = sum((before + 1) * after + (after + 1) * before for before, after in pairwise(widths))
    return tensor(rng.normal(scale=0.6, size=needed), dtype)


def rows(rng, width, dtype=torch.float64, count=8):
    return tensor(rng.normal(scale=1.2, size=(count, width)), dtype)


def example(reference, rng, sizes, dtype=torch.float64):
    """A pool and an x whose latent code has both signs, enough of each, and a reconstruction that is not flat."""
    for _ in range(100):
        numbers, x = pool(rng, sizes), rows(rng, sizes[0])
        negative = (reference.encode(sizes, numbers, x) < -0.1).double().mean()
        spread = reference.forward(sizes, numbers, x).std(dim=0).max()
        if 0.25 < negative < 0.75 and spread > 0.1:
            break
    return numbers.to(dtype), x.to(dtype)


@pytest.mark.points(10)
@pytest.mark.hint("Write down the list of widths once, and read it backwards for the decoder.")
@architectures
def test_parameters(agree, sizes):
    """Autoencoder{sizes}: the layers of the encoder, then those of the decoder, and nothing else."""
    agree("parameter_shapes", *sizes)


@pytest.mark.points(4)
@pytest.mark.hint("What comes out must be as wide as what went in.")
@pytest.mark.reveals("decoder_width")
@pytest.mark.parametrize("sizes", [(6, [5, 4], 3), (4, [7], 2)], ids=["two", "one"])
def test_output_width(agree, rng, sizes):
    """Autoencoder{sizes}: decode answers input_dim features."""
    agree("output_shape", sizes, rows(rng, sizes[2], torch.float32))


@pytest.mark.points(12)
@pytest.mark.hint("ReLU between the layers, and a latent code that may be negative.")
@dtypes
def test_encode(agree, reference, rng, dtype):
    """encode: the {dtype} latent code of a model with two hidden layers."""
    agree("encode", DEEP, *example(reference, rng, DEEP, dtype))


@pytest.mark.points(4)
@pytest.mark.hint("Build the layers in a loop over pairs of widths; the last layer is the only special one.")
@shallow
def test_encode_of_other_depths(agree, reference, rng, sizes):
    """encode: works for Autoencoder{sizes}."""
    numbers, x = example(reference, rng, sizes)
    agree("encode", sizes, numbers, x)
    agree("encode", sizes, numbers, x[:1])


@pytest.mark.points(4)
@pytest.mark.hint("Layers must be registered in the module, and nothing detached.")
def test_encode_gradients(agree, reference, rng):
    """encode: gradients reach x and the parameters of the encoder."""
    numbers, x = example(reference, rng, DEEP)
    agree("backward", DEEP, numbers, "encode", x)


@pytest.mark.points(12)
@pytest.mark.hint("ReLU between the layers, and a sigmoid on the last.")
@dtypes
def test_decode(agree, rng, dtype):
    """decode: the {dtype} reconstruction of a model with two hidden layers."""
    agree("decode", DEEP, pool(rng, DEEP, dtype), rows(rng, 3, dtype))


@pytest.mark.points(4)
@pytest.mark.hint("Build the layers in a loop over pairs of widths; the last layer is the only special one.")
@shallow
def test_decode_of_other_depths(agree, rng, sizes):
    """decode: works for Autoencoder{sizes}."""
    numbers, z = pool(rng, sizes), rows(rng, sizes[2])
    agree("decode", sizes, numbers, z)
    agree("decode", sizes, numbers, z[:1])


@pytest.mark.points(4)
@pytest.mark.hint("Layers must be registered in the module, and nothing detached.")
def test_decode_gradients(agree, rng):
    """decode: gradients reach z and the parameters of the decoder."""
    agree("backward", DEEP, pool(rng, DEEP), "decode", rows(rng, 3))


@pytest.mark.points(10)
@pytest.mark.hint("decode(encode(x)), and nothing in between or after.")
@pytest.mark.parametrize("sizes", [(6, [5, 4], 3), (5, [], 2)], ids=["two", "none"])
def test_forward(agree, reference, rng, sizes):
    """forward: Autoencoder{sizes} answers decode(encode(x))."""
    agree("forward", sizes, *example(reference, rng, sizes))


@pytest.mark.points(4)
@pytest.mark.hint("Nothing may be detached on the way through the latent code.")
def test_forward_gradients(agree, reference, rng):
    """forward: gradients reach x and every parameter."""
    numbers, x = example(reference, rng, DEEP)
    agree("backward", DEEP, numbers, "forward", x)


@pytest.mark.points(2)
@pytest.mark.hint("ReLU(inplace=True) on the input itself, or `x -= …`, writes into the caller's tensor.")
@pytest.mark.reveals("modified_in_place")
@pytest.mark.parametrize(("method", "width"), [("encode", 6), ("decode", 3)], ids=["encode", "decode"])
def test_input_is_left_alone(agree, rng, method, width):
    """{method} leaves its input as it was."""
    agree(method, DEEP, pool(rng, DEEP), rows(rng, width), part="arguments after the call")


@pytest.mark.points(3)
@pytest.mark.hint("Two dimensions, the second as wide as the first layer expects.")
@pytest.mark.parametrize("shape", [(4, 5), (3, 7)], ids=str)
def test_wrong_x(agree, rng, shape):
    """An x of shape {shape} for input_dim 6 is refused in encode and in forward."""
    agree("encode", DEEP, pool(rng, DEEP), tensor(rng.normal(size=shape)), any_error=True)
    agree("forward", DEEP, pool(rng, DEEP), tensor(rng.normal(size=shape)), any_error=True)


@pytest.mark.points(2)
@pytest.mark.hint("Two dimensions, the second as wide as the latent code.")
@pytest.mark.parametrize("shape", [(4, 6), (2, 2)], ids=str)
def test_wrong_z(agree, rng, shape):
    """A z of shape {shape} for latent_dim 3 is refused."""
    agree("decode", DEEP, pool(rng, DEEP), tensor(rng.normal(size=shape)), any_error=True)


def reconstructions(rng, shape=(5, 4), dtype=torch.float64):
    """x̂ and x between 0 and 1."""
    return tensor(rng.uniform(size=shape), dtype), tensor(rng.uniform(size=shape), dtype)


@pytest.mark.points(14)
@pytest.mark.hint("First the sum over the features of each example, then the mean over the examples.")
@dtypes
def test_loss(agree, rng, dtype):
    """reconstruction_loss: {dtype} squared error, summed over features, averaged over examples."""
    agree("reconstruction_loss", *reconstructions(rng, dtype=dtype))


@pytest.mark.points(3)
@pytest.mark.hint("One example has a mean too.")
def test_loss_of_one_example(agree, rng):
    """reconstruction_loss: a single example works."""
    agree("reconstruction_loss", *reconstructions(rng, (1, 6)))


@pytest.mark.points(4)
@pytest.mark.hint("Keep both arguments in the graph: no .detach(), no .data, no .item().")
def test_loss_gradients(agree, rng):
    """reconstruction_loss: gradients reach x̂ and x."""
    agree("gradients", "reconstruction_loss", *reconstructions(rng))


@pytest.mark.points(3)
@pytest.mark.hint("Subtraction broadcasts: compare the shapes first.")
@pytest.mark.parametrize("shapes", [((2, 3), (2, 4)), ((2, 3), (4, 3))], ids=str)
def test_loss_wrong_shapes(agree, rng, shapes):
    """reconstruction_loss: x̂ and x of shapes {shapes} are refused."""
    agree("reconstruction_loss", *(tensor(rng.uniform(size=shape)) for shape in shapes), any_error=True)


@pytest.mark.points(1)
@pytest.mark.hint("`x_hat -= x` writes into the caller's tensor.")
@pytest.mark.reveals("modified_in_place")
def test_loss_leaves_inputs_alone(agree, rng):
    """reconstruction_loss: no argument is modified."""
    agree("inputs_after", "reconstruction_loss", *reconstructions(rng))
