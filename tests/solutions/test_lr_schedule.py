"""The learning-rate schedules against PyTorch's schedulers and against values known in closed form."""

import math

import pytest
import torch
from torch.optim import SGD
from torch.optim.lr_scheduler import CosineAnnealingLR, ExponentialLR, LinearLR, StepLR


def rates(make_scheduler, lr, epochs):
    """The learning rates PyTorch uses in epochs 0, 1, …"""
    optimizer = SGD([torch.zeros(1)], lr=lr)
    scheduler = make_scheduler(optimizer)
    used = []
    for _ in range(epochs):
        used.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return used


@pytest.mark.parametrize(("rate", "start"), [(0.1, 10), (0.3, 0), (0.05, 4)])
def test_exponential_decay_equals_pytorch_after_the_start(reference, rate, start):
    decaying = rates(lambda optimizer: ExponentialLR(optimizer, math.exp(-rate)), 0.2, 31)[1:]
    want = [0.2] * start + decaying
    assert [reference.exponential_decay(epoch, 0.2, rate, start) for epoch in range(len(want))] == pytest.approx(want)


def test_exponential_decay_defaults(reference):
    want = {0: 1.0, 9: 1.0, 10: math.exp(-0.1), 11: math.exp(-0.2), 29: math.exp(-2)}
    assert {epoch: reference.exponential_decay(epoch, 1.0) for epoch in want} == pytest.approx(want)


@pytest.mark.parametrize(("factor", "every"), [(0.5, 10), (0.1, 1), (0.9, 7)])
def test_step_decay_equals_pytorch(reference, factor, every):
    want = rates(lambda optimizer: StepLR(optimizer, every, factor), 0.4, 32)
    assert [reference.step_decay(epoch, 0.4, factor, every) for epoch in range(32)] == pytest.approx(want)


def test_step_decay_defaults(reference):
    got = [reference.step_decay(epoch, 0.8) for epoch in (0, 9, 10, 19, 20, 30)]
    assert got == [0.8, 0.8, 0.4, 0.4, 0.2, 0.1]


@pytest.mark.parametrize(("total", "min_lr"), [(10, 0.0), (7, 0.02), (1, 0.1)])
def test_cosine_equals_pytorch_without_warmup(reference, total, min_lr):
    want = rates(lambda optimizer: CosineAnnealingLR(optimizer, total, eta_min=min_lr), 0.5, total)
    got = [reference.cosine_with_warmup(step, 0.5, 0, total, min_lr) for step in range(total)]
    assert got == pytest.approx(want)


@pytest.mark.parametrize("warmup", [2, 3, 8])
def test_warmup_equals_pytorch_and_the_cosine_starts_at_its_end(reference, warmup):
    # LinearLR refuses a start factor of 0, so its ramp starts one step later
    ramp = rates(lambda optimizer: LinearLR(optimizer, 1 / warmup, 1.0, warmup - 1), 0.6, warmup)
    fall = rates(lambda optimizer: CosineAnnealingLR(optimizer, 12, eta_min=0.1), 0.6, 12)
    want = [0.0, *ramp[:-1], *fall]
    got = [reference.cosine_with_warmup(step, 0.6, warmup, warmup + 12, 0.1) for step in range(len(want))]
    assert got == pytest.approx(want)


@pytest.mark.parametrize("step", [20, 21, 25, 40, 10_000])
def test_cosine_stays_at_min_lr_after_the_end(reference, step):
    assert reference.cosine_with_warmup(step, 1.0, 4, 20) == 0.0
    assert reference.cosine_with_warmup(step, 1.0, 4, 20, 0.25) == 0.25


def test_warmup_all_the_way(reference):
    got = [reference.cosine_with_warmup(step, 2.0, 4, 4, 0.5) for step in range(6)]
    assert got == [0.0, 0.5, 1.0, 1.5, 0.5, 0.5]
    assert reference.cosine_with_warmup(0, 2.0, 0, 0, 0.5) == 0.5
    assert [reference.cosine_with_warmup(step, 2.0, 1, 3) for step in range(4)] == pytest.approx([0.0, 2.0, 1.0, 0.0])


def test_bad_arguments_raise(reference):
    with pytest.raises(ValueError, match="exceeds"):
        reference.cosine_with_warmup(0, 0.1, 11, 10)
    with pytest.raises(ValueError, match="warmup_steps"):
        reference.cosine_with_warmup(0, 0.1, -1, 10)
    with pytest.raises(ValueError, match="step"):
        reference.cosine_with_warmup(-1, 0.1, 2, 10)
    with pytest.raises(ValueError, match="epoch"):
        reference.exponential_decay(-1, 0.1)
    with pytest.raises(ValueError, match="epoch"):
        reference.step_decay(-1, 0.1)
    with pytest.raises(ValueError, match="every"):
        reference.step_decay(0, 0.1, every=0)
