"""The hidden suite of the initialisers. Points: 15 for each of the four, fans 40."""

import numpy as np
import pytest

wide_and_tall = pytest.mark.parametrize("layer", ["wide", "tall"])
from_rng = pytest.mark.hint("Call the method of the generator that is passed in: np.random.… is another source.")


def layer_of(rng, layer):
    """fan_in, fan_out and a generator."""
    small, large = int(rng.integers(3, 5)), int(rng.integers(6, 10))
    fan_in, fan_out = (large, small) if layer == "wide" else (small, large)
    return fan_in, fan_out, generator(rng)


def generator(rng):
    return np.random.default_rng(int(rng.integers(2**32)))


@pytest.mark.points(12)
@pytest.mark.hint("The variance is 2/(fan_in + fan_out), and a uniform distribution on [−a, a) has the variance a²/3.")
@wide_and_tall
def test_xavier_uniform(agree, rng, layer):
    """xavier_uniform draws a {layer} weight."""
    agree("xavier_uniform", *layer_of(rng, layer))


@pytest.mark.points(12)
@pytest.mark.hint("The variance is 2/(fan_in + fan_out); rng.normal takes the standard deviation.")
@wide_and_tall
def test_xavier_normal(agree, rng, layer):
    """xavier_normal draws a {layer} weight."""
    agree("xavier_normal", *layer_of(rng, layer))


@pytest.mark.points(12)
@pytest.mark.hint("The variance is 2/fan_in, and a uniform distribution on [−a, a) has the variance a²/3.")
@wide_and_tall
def test_he_uniform(agree, rng, layer):
    """he_uniform draws a {layer} weight."""
    agree("he_uniform", *layer_of(rng, layer))
    agree("he_uniform", 1, 1, generator(rng))


@pytest.mark.points(12)
@pytest.mark.hint("The variance is 2/fan_in; rng.normal takes the standard deviation.")
@wide_and_tall
def test_he_normal(agree, rng, layer):
    """he_normal draws a {layer} weight."""
    agree("he_normal", *layer_of(rng, layer))


@pytest.mark.points(3)
@from_rng
@pytest.mark.reveals("global_random_state")
def test_xavier_uniform_draws_from_rng(agree, rng):
    """The numbers of xavier_uniform come from rng."""
    agree("xavier_uniform_source", *layer_of(rng, "wide"))


@pytest.mark.points(3)
@from_rng
@pytest.mark.reveals("global_random_state")
def test_xavier_normal_draws_from_rng(agree, rng):
    """The numbers of xavier_normal come from rng."""
    agree("xavier_normal_source", *layer_of(rng, "wide"))


@pytest.mark.points(3)
@from_rng
@pytest.mark.reveals("global_random_state")
def test_he_uniform_draws_from_rng(agree, rng):
    """The numbers of he_uniform come from rng."""
    agree("he_uniform_source", *layer_of(rng, "wide"))


@pytest.mark.points(3)
@from_rng
@pytest.mark.reveals("global_random_state")
def test_he_normal_draws_from_rng(agree, rng):
    """The numbers of he_normal come from rng."""
    agree("he_normal_source", *layer_of(rng, "wide"))


@pytest.mark.points(11)
@pytest.mark.hint("A linear weight is (O, I): its first size counts the outputs.")
def test_fans_of_a_linear_weight(agree, rng):
    """The fans of a linear weight are its inputs and its outputs."""
    agree("fans", (int(rng.integers(2, 50)), int(rng.integers(60, 500))))


@pytest.mark.points(16)
@pytest.mark.hint("One output of a convolution sees a window of kH·kW positions in every input channel.")
@pytest.mark.parametrize("channels", ["more inputs", "more outputs"])
def test_fans_of_a_convolution(agree, rng, channels):
    """The fans of a convolution count its window too ({channels})."""
    few, many = int(rng.integers(2, 50)), int(rng.integers(60, 500))
    kernel = (int(rng.integers(4, 6)), int(rng.integers(2, 4)))
    agree("fans", ((few, many) if channels == "more inputs" else (many, few)) + kernel)


@pytest.mark.points(4)
@pytest.mark.hint("A window of one position counts once.")
def test_fans_of_a_1x1_convolution(agree, rng):
    """The fans of a 1×1 convolution are its channels."""
    agree("fans", (int(rng.integers(2, 50)), int(rng.integers(60, 500)), 1, 1))


@pytest.mark.points(9)
@pytest.mark.hint("A weight here has two or four sizes: raise ValueError for anything else.")
@pytest.mark.parametrize("rank", [1, 3, 5])
def test_fans_of_other_ranks(agree, rng, rank):
    """A shape of {rank} sizes raises ValueError."""
    agree("fans", tuple(rng.integers(2, 50, size=rank).tolist()))
