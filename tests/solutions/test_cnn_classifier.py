"""The classifier against nn.Sequential, the training step against a hand-made SGD step."""

import pytest
import torch
from torch import nn
from torch.func import functional_call


def sequential(dtype, num_classes=10):
    layers = [nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)]
    layers += [nn.Flatten(), nn.Linear(1600, 128), nn.ReLU(), nn.Linear(128, num_classes)]
    return nn.Sequential(*layers).to(dtype)


def small_model():
    torch.manual_seed(1)
    return nn.Sequential(nn.Linear(3, 5), nn.BatchNorm1d(5), nn.ReLU(), nn.Dropout(0.5), nn.Linear(5, 4)).double()


def small_batch():
    generator = torch.Generator().manual_seed(2)
    return torch.randn(6, 3, generator=generator, dtype=torch.float64), torch.tensor([0, 3, 1, 2, 2, 0])


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_model_and_its_gradients_equal_a_sequential_one(reference, dtype):
    torch.manual_seed(0)
    model, oracle = reference.CNNClassifier().to(dtype), sequential(dtype)
    for p, q in zip(model.parameters(), oracle.parameters(), strict=True):
        p.data = q.detach().clone()
    images = torch.randn(2, 1, 28, 28, dtype=dtype)
    weights = torch.randn(2, 10, dtype=dtype)
    results = []
    for net in (model, oracle):
        inputs = images.clone().requires_grad_()
        logits = net(inputs)
        results.append([logits, *torch.autograd.grad((logits * weights).sum(), [inputs, *net.parameters()])])
    torch.testing.assert_close(*results)
    assert results[0][0].dtype == dtype


def test_parameter_count(reference):
    assert sum(p.numel() for p in reference.CNNClassifier().parameters()) == 225_034
    assert sum(p.numel() for p in reference.CNNClassifier(3).parameters()) == 225_034 - 7 * 129
    assert reference.CNNClassifier(3)(torch.zeros(0, 1, 28, 28)).shape == (0, 3)


def test_train_step_is_one_sgd_step_on_the_mean_cross_entropy(reference):
    model = nn.Linear(3, 4).double()
    images, labels = small_batch()
    log_p = torch.log_softmax(images @ model.weight.T + model.bias, dim=1)
    loss = -sum(log_p[n, k] for n, k in enumerate(labels.tolist())) / len(labels)
    gradients = torch.autograd.grad(loss, list(model.parameters()))
    expected = [p.detach() - 0.1 * g for p, g in zip(model.parameters(), gradients, strict=True)]

    for p in model.parameters():
        p.grad = torch.full_like(p, 7.0)
    got = reference.train_step(model, torch.optim.SGD(model.parameters(), lr=0.1), images, labels)
    assert type(got) is float
    assert got == pytest.approx(loss.item(), rel=1e-12)
    torch.testing.assert_close([p.detach() for p in model.parameters()], expected)


def test_two_steps_with_momentum_equal_a_plain_loop(reference):
    images, labels = small_batch()
    models = [nn.Linear(3, 4).double() for _ in range(2)]
    models[1].load_state_dict(models[0].state_dict())
    optimizers = [torch.optim.Adam(m.parameters(), lr=0.1) for m in models]
    for _ in range(2):
        loss = reference.train_step(models[0], optimizers[0], images, labels)
        optimizers[1].zero_grad()
        expected = nn.CrossEntropyLoss()(models[1](images), labels)
        expected.backward()
        optimizers[1].step()
        assert loss == pytest.approx(expected.item(), rel=1e-12)
    torch.testing.assert_close(models[0].state_dict(), models[1].state_dict())


def test_train_step_runs_in_training_mode(reference):
    model = small_model().eval()
    images, labels = small_batch()
    reference.train_step(model, torch.optim.SGD(model.parameters(), lr=0.1), images, labels.to(torch.int32))
    assert all(m.training for m in model.modules())
    assert model[1].num_batches_tracked == 1


def test_loss_falls_on_the_real_model(reference):
    torch.manual_seed(0)
    model = reference.CNNClassifier(3)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    images, labels = torch.rand(6, 1, 28, 28), torch.tensor([0, 1, 2, 0, 1, 2])
    copies = images.clone(), labels.clone()
    losses = [reference.train_step(model, optimizer, images, labels) for _ in range(5)]
    assert losses[-1] < losses[0]
    assert torch.equal(images, copies[0])
    assert torch.equal(labels, copies[1])


def test_predict_runs_in_eval_mode_without_gradients_and_restores_every_mode(reference):
    model = small_model().train()
    model[1].eval()
    modes = [m.training for m in model.modules()]
    statistics = model[1].running_mean.clone()
    seen = []
    hook = model[4].register_forward_hook(lambda m, _, out: seen.append((m.training, torch.is_grad_enabled())))
    images, _ = small_batch()
    got = reference.predict(model, images)
    hook.remove()
    assert seen == [(False, False)]
    assert [m.training for m in model.modules()] == modes
    assert torch.equal(model[1].running_mean, statistics)
    assert torch.is_grad_enabled()
    assert all(p.grad is None for p in model.parameters())
    logits = functional_call(model.eval(), dict(model.named_parameters()), (images,))
    assert got.dtype == torch.int64
    assert got.tolist() == [max(range(4), key=row.__getitem__) for row in logits.tolist()]


def test_predict_restores_the_modes_after_an_error(reference):
    model = reference.CNNClassifier().train()
    with pytest.raises(ValueError, match="images"):
        reference.predict(model, torch.zeros(1, 28, 28))
    assert all(m.training for m in model.modules())


@pytest.mark.parametrize("shape", [(1, 28, 28), (2, 28, 28, 1), (2, 3, 28, 28), (2, 1, 32, 32)])
def test_bad_images_raise(reference, shape):
    with pytest.raises(ValueError, match="images must have shape"):
        reference.CNNClassifier()(torch.zeros(shape))


def test_bad_labels_raise_and_nothing_is_learnt(reference):
    model = nn.Linear(3, 4).double()
    images, labels = small_batch()
    before = [p.clone() for p in model.parameters()]
    one_hot = nn.functional.one_hot(labels, 4)
    for bad in (labels.double(), one_hot.double(), one_hot, labels[:-1], labels + 1, labels - 1):
        with pytest.raises(ValueError, match="label"):
            reference.train_step(model, torch.optim.SGD(model.parameters(), lr=0.1), images, bad)
    torch.testing.assert_close(list(model.parameters()), before, rtol=0, atol=0)
    with pytest.raises(ValueError, match="num_classes"):
        reference.CNNClassifier(0)
