"""The initialisers against PyTorch's bounds and variances, and draw for draw against standard draws rescaled."""

import numpy as np
import pytest
import torch
from torch.nn import init

UNIFORM = {
    "xavier_uniform": lambda w: init.xavier_uniform_(w),
    "he_uniform": lambda w: init.kaiming_uniform_(w, nonlinearity="relu"),
}
NORMAL = {
    "xavier_normal": lambda w: init.xavier_normal_(w),
    "he_normal": lambda w: init.kaiming_normal_(w, nonlinearity="relu"),
}
VARIANCE = {"xavier": lambda fan_in, fan_out: 2 / (fan_in + fan_out), "he": lambda fan_in, fan_out: 2 / fan_in}
FANS = [(1, 1), (7, 3), (3, 7), (np.int64(20), 5)]


@pytest.mark.parametrize(("fan_in", "fan_out"), FANS)
@pytest.mark.parametrize("name", [*UNIFORM, *NORMAL])
def test_weights_are_standard_draws_rescaled(reference, name, fan_in, fan_out):
    variance = VARIANCE[name.partition("_")[0]](fan_in, fan_out)
    rng = np.random.default_rng(5)
    if name in UNIFORM:
        expected = (3 * variance) ** 0.5 * (2 * rng.random((fan_out, fan_in)) - 1)
    else:
        expected = variance**0.5 * rng.standard_normal((fan_out, fan_in))
    got = getattr(reference, name)(fan_in, fan_out, np.random.default_rng(5))
    assert got.shape == (fan_out, fan_in)
    assert got.dtype == np.float64
    np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", [*UNIFORM, *NORMAL])
def test_spread_equals_that_of_torch(reference, name):
    torch_weight = (UNIFORM | NORMAL)[name](torch.empty(300, 500)).numpy()
    got = getattr(reference, name)(500, 300, np.random.default_rng(0))
    assert got.std() == pytest.approx(torch_weight.std(), rel=0.01)
    assert got.mean() == pytest.approx(0, abs=0.001)
    if name in UNIFORM:
        assert np.abs(got).max() == pytest.approx(np.abs(torch_weight).max(), rel=0.001)


@pytest.mark.parametrize("name", [*UNIFORM, *NORMAL])
def test_only_the_given_generator_is_drawn_from(reference, name):
    rng, other = np.random.default_rng(2), np.random.default_rng(2)
    before = np.random.get_state()[1].copy()
    getattr(reference, name)(4, 3, rng)
    (other.uniform if name in UNIFORM else other.normal)(size=(3, 4))
    assert rng.random() == other.random()
    np.testing.assert_array_equal(np.random.get_state()[1], before)


@pytest.mark.parametrize("shape", [(3, 7), (1, 1), (8, 3, 5, 2), (16, 4, 1, 1), [3, 7], np.array([8, 3, 5, 2])])
def test_fans_equal_torch(reference, shape):
    got = reference.fans(shape)
    assert got == init._calculate_fan_in_and_fan_out(torch.empty(*map(int, shape)))
    assert isinstance(got, tuple)
    assert [type(n) for n in got] == [int, int]


@pytest.mark.parametrize("shape", [(), (3,), (3, 4, 5), (1, 2, 3, 4, 5), (0, 3), (3, -1)])
def test_other_shapes_raise(reference, shape):
    with pytest.raises(ValueError, match="shape"):
        reference.fans(shape)


@pytest.mark.parametrize("name", [*UNIFORM, *NORMAL])
@pytest.mark.parametrize(("fan_in", "fan_out"), [(0, 3), (3, 0), (-1, 3), (2.5, 3)])
def test_bad_fans_raise(reference, name, fan_in, fan_out):
    with pytest.raises(ValueError, match="fan_in"):
        getattr(reference, name)(fan_in, fan_out, np.random.default_rng(0))
