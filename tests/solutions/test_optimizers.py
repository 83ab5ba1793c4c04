"""The optimizers against torch.optim, step by step."""

import copy

import numpy as np
import pytest
import torch

DTYPES = [np.float32, np.float64]
SGD, RMSPROP, ADAM = "sgd_momentum_step", "rmsprop_step", "adam_step"
CASES = [
    (SGD, {}, lambda p, lr: torch.optim.SGD(p, lr, momentum=0.9)),
    (SGD, {"momentum": 0.0}, lambda p, lr: torch.optim.SGD(p, lr)),
    (SGD, {"momentum": np.float64(0.5)}, lambda p, lr: torch.optim.SGD(p, lr, momentum=0.5)),
    (RMSPROP, {}, lambda p, lr: torch.optim.RMSprop(p, lr)),
    (RMSPROP, {"alpha": 0.5, "eps": 0.1}, lambda p, lr: torch.optim.RMSprop(p, lr, alpha=0.5, eps=0.1)),
    (ADAM, {}, lambda p, lr: torch.optim.Adam(p, lr)),
    (ADAM, {"betas": (0.5, 0.8), "eps": 0.1}, lambda p, lr: torch.optim.Adam(p, lr, betas=(0.5, 0.8), eps=0.1)),
    (ADAM, {"betas": (0.0, 0.0)}, lambda p, lr: torch.optim.Adam(p, lr, betas=(0.0, 0.0))),
    (ADAM, {"weight_decay": 0.3}, lambda p, lr: torch.optim.AdamW(p, lr, weight_decay=0.3)),
]


def frozen(array):
    array.flags.writeable = False
    return array


@pytest.mark.parametrize(("name", "settings", "optimizer"), CASES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_run_of_steps_equals_torch(reference, dtype, name, settings, optimizer):
    rng = np.random.default_rng(0)
    param, state = frozen(rng.normal(size=(3, 4)).astype(dtype)), {}
    theta = torch.tensor(param, requires_grad=True)
    torch_optimizer = optimizer([theta], 0.1)
    for lr in (0.1, 0.1, 0.02, np.float64(0.5), 0.0, 0.1):
        grad = frozen(rng.normal(size=(3, 4)).astype(dtype))
        torch_optimizer.param_groups[0]["lr"] = float(lr)
        theta.grad = torch.tensor(grad)
        torch_optimizer.step()
        param, state = getattr(reference, name)(param, grad, state, lr, **settings)
        assert param.dtype == dtype
        assert param.shape == (3, 4)
        rtol = 1e-4 if dtype == np.float32 else 1e-10
        np.testing.assert_allclose(param, theta.detach().numpy(), rtol=rtol, atol=rtol)


@pytest.mark.parametrize("name", [SGD, RMSPROP, ADAM])
def test_nothing_passed_in_is_modified(reference, name):
    step = getattr(reference, name)
    rng = np.random.default_rng(1)
    param, grad = rng.normal(size=(2, 5))
    empty = {}
    _, state = step(param, grad, empty, 0.1)
    assert empty == {}
    before = copy.deepcopy((param, grad, state))
    first, state_after = step(param, grad, state, 0.1)
    np.testing.assert_equal((param, grad, state), before)
    second, state_again = step(param, grad, state, 0.1)
    np.testing.assert_array_equal(first, second)
    np.testing.assert_equal(state_after, state_again)
    held = [value for value in state_after.values() if isinstance(value, np.ndarray)]
    assert held
    assert not any(np.shares_memory(new, old) for new in held for old in (param, grad, *state.values()))


def test_first_steps_in_closed_form(reference):
    param, grad = np.array([1.0, -1.0]), np.array([1e-3, -20.0])
    signs = np.sign(grad)
    np.testing.assert_allclose(reference.sgd_momentum_step(param, grad, {}, 0.1)[0], param - 0.1 * grad)
    np.testing.assert_allclose(reference.rmsprop_step(param, grad, {}, 0.1, eps=0.0)[0], param - signs, atol=1e-12)
    np.testing.assert_allclose(reference.adam_step(param, grad, {}, 0.1, eps=0.0)[0], param - 0.1 * signs, atol=1e-12)


def test_decay_acts_on_the_weights_alone(reference):
    got, _ = reference.adam_step(np.array([2.0]), np.array([0.0]), {}, 0.1, weight_decay=0.5)
    assert got.item() == pytest.approx(1.9)


@pytest.mark.parametrize("name", [SGD, RMSPROP, ADAM])
def test_integers_lists_scalars_and_empty_arrays(reference, name):
    step = getattr(reference, name)
    expected = step(np.array([1.0, 2.0]), np.array([3.0, 4.0]), {}, 0.1)[0]
    got = step([1, 2], [3, 4], {}, 0.1)[0]
    assert got.dtype == np.float64
    np.testing.assert_array_equal(got, expected)
    param, state = step(np.float32(1), np.float32(3), {}, 0.1)
    assert step(param, np.float32(3), state, 0.1)[0].dtype == np.float32
    assert step(np.ones((0, 2)), np.ones((0, 2)), {}, 0.1)[0].shape == (0, 2)


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        *((name, {"lr": -0.1}, "lr") for name in (SGD, RMSPROP, ADAM)),
        (SGD, {"lr": 0.1, "momentum": -0.1}, "momentum"),
        (SGD, {"lr": 0.1, "momentum": 1.0}, "momentum"),
        (RMSPROP, {"lr": 0.1, "alpha": 1.5}, "alpha"),
        (RMSPROP, {"lr": 0.1, "eps": -1e-8}, "eps"),
        (ADAM, {"lr": 0.1, "betas": (1.0, 0.999)}, "beta1"),
        (ADAM, {"lr": 0.1, "betas": (0.9, -0.1)}, "beta2"),
        (ADAM, {"lr": 0.1, "eps": -1e-8}, "eps"),
        (ADAM, {"lr": 0.1, "weight_decay": -0.1}, "weight_decay"),
    ],
)
def test_bad_settings_raise(reference, name, settings, message):
    with pytest.raises(ValueError, match=message):
        getattr(reference, name)(np.ones(2), np.ones(2), {}, **settings)


@pytest.mark.parametrize("name", [SGD, RMSPROP, ADAM])
def test_different_shapes_raise(reference, name):
    with pytest.raises(ValueError, match="shape"):
        getattr(reference, name)(np.ones((2, 3)), np.ones(3), {}, 0.1)
