"""The ten checks of benchmarks/plain/test_lstm_cell.py as this grader's suites are written."""

import pytest
import torch

FEATURES, HIDDEN = 4, 3


def draw(rng, dtype, *shape):
    return torch.from_numpy(rng.normal(size=shape)).to(dtype)


def weights(rng, dtype):
    return [draw(rng, dtype, 4 * HIDDEN, *rest) for rest in ((FEATURES,), (HIDDEN,), (), ())]


@pytest.mark.points(40)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("batch", [1, 5])
def test_cell(agree, rng, batch, dtype):
    """One step."""
    states = [draw(rng, dtype, batch, size) for size in (FEATURES, HIDDEN, HIDDEN)]
    agree("lstm_cell", *states, *weights(rng, dtype))


@pytest.mark.points(40)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("steps", [1, 6])
def test_sequence(agree, rng, steps, dtype):
    """A sequence."""
    states = [draw(rng, dtype, 2, HIDDEN) for _ in range(2)]
    agree("lstm", draw(rng, dtype, 2, steps, FEATURES), *states, *weights(rng, dtype))


@pytest.mark.points(20)
@pytest.mark.parametrize("size", [2, 3])
def test_gradients(agree, rng, size):
    """Gradients."""
    dtype = torch.float64
    states = [draw(rng, dtype, size, HIDDEN) for _ in range(2)]
    agree("gradients", "lstm", draw(rng, dtype, size, 5, FEATURES), *states, *weights(rng, dtype))
