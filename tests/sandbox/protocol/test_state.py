"""Global state is what a process begins with inside `as_begun`, whatever was left on."""

import random
import warnings

import numpy as np
import pytest
import torch

from grader.sandbox.protocol.state import FILTERS, as_begun, restore_warnings


@pytest.fixture(autouse=True)
def _put_back():
    yield
    with as_begun():
        pass
    torch.set_grad_enabled(True)  # as before its body, so is it after it


def test_what_was_left_on_is_off_inside():
    torch.set_default_dtype(torch.float64)
    torch.set_default_device("meta")
    torch.set_grad_enabled(False)
    torch.use_deterministic_algorithms(True)
    np.seterr(all="raise")
    with as_begun():
        assert torch.empty(1).dtype == torch.float32
        assert torch.empty(1).device.type == "cpu"
        assert torch.ones(1, requires_grad=True).exp().requires_grad
        assert not torch.are_deterministic_algorithms_enabled()
        assert np.geterr() == {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}


def test_inference_mode_that_was_entered_is_left():
    with torch.inference_mode(), as_begun():
        assert not torch.ones(1).is_inference()


def test_generators_start_alike():
    def draw():
        return random.random(), np.random.rand(), torch.rand(1).item()

    with as_begun():
        first = draw()
    with as_begun():
        assert draw() == first


def test_what_is_set_inside_holds_inside():
    with as_begun():
        torch.set_grad_enabled(False)
        assert not torch.ones(1, requires_grad=True).exp().requires_grad
    with as_begun():
        assert torch.is_grad_enabled()


def test_filters_of_warnings_are_those_of_the_beginning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        restore_warnings()
        assert tuple(warnings.filters) == FILTERS
