"""The transfer-learning reference against what frozen and replaced layers do in training."""

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional as F


class Network(nn.Module):
    """A body with batch norm and dropout, its last linear layer three levels down."""

    def __init__(self, bias=True):
        super().__init__()
        self.stem = nn.Linear(4, 6)
        deep = nn.Sequential(nn.Dropout(0.5), nn.Sequential(nn.ReLU(), nn.Linear(6, 3, bias=bias)))
        self.body = nn.ModuleDict({"norm": nn.BatchNorm1d(6), "deep": deep})
        self.activation = nn.Identity()

    def forward(self, x):
        return self.activation(self.body["deep"](self.body["norm"](self.stem(x))))


def draw(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def bits(module):
    return {name: value.clone() for name, value in module.state_dict().items()}


def assert_same(module, expected):
    assert module.state_dict().keys() == expected.keys()
    for name, value in expected.items():
        assert torch.equal(module.state_dict()[name], value), name


def test_frozen_parameters_need_no_gradient(reference):
    model = Network()
    before = bits(model)
    assert reference.freeze(model) is None
    assert not any(parameter.requires_grad for parameter in model.parameters())
    assert reference.trainable_parameters(model) == []
    assert_same(model, before)


@pytest.mark.parametrize(
    ("norm", "shape"), [(nn.BatchNorm1d, (8, 3)), (nn.BatchNorm2d, (8, 3, 2, 2)), (nn.BatchNorm3d, (8, 3, 2, 2, 2))]
)
@pytest.mark.parametrize("nested", [False, True])
def test_batch_norm_keeps_its_running_statistics(reference, norm, shape, nested):
    layer = norm(3)
    layer.running_mean.copy_(torch.tensor([1.0, -2.0, 0.5]))
    layer.running_var.copy_(torch.tensor([4.0, 0.25, 1.0]))
    module = nn.Sequential(nn.Sequential(layer)) if nested else layer
    before = bits(module)
    x = draw(*shape)
    expected = F.batch_norm(x, layer.running_mean, layer.running_var, layer.weight, layer.bias, training=False)
    reference.freeze(module)
    parent = nn.Sequential(module)
    for change_mode in (lambda: None, parent.train, parent.eval, lambda: parent.train(True), layer.train):
        change_mode()
        torch.testing.assert_close(module(x), expected.detach(), rtol=1e-6, atol=1e-6)
        assert_same(module, before)
    reference.freeze(module)
    parent.train()
    torch.testing.assert_close(module(x), expected.detach(), rtol=1e-6, atol=1e-6)
    assert_same(module, before)


def test_layers_outside_the_frozen_part_train_on(reference):
    model = nn.Sequential(nn.BatchNorm1d(3), nn.BatchNorm1d(3))
    reference.freeze(model[0])
    model.train()
    model(draw(8, 3) + 5)
    assert model[0].num_batches_tracked == 0
    assert model[1].num_batches_tracked == 1
    assert [id(p) for p in reference.trainable_parameters(model)] == [id(p) for p in model[1].parameters()]


def test_dropout_keeps_following_the_mode(reference):
    model = nn.Sequential(nn.BatchNorm1d(3), nn.Dropout(0.5))
    assert model[1].training
    reference.freeze(model)
    assert model[1].training
    model.eval()
    assert not model[1].training
    reference.freeze(model)
    assert not model[1].training
    assert model.train() is model
    assert model[1].training
    assert (model[1](torch.ones(1000)) == 0).any()


def test_a_copy_of_a_frozen_model_is_frozen_on_its_own(reference):
    model = Network()
    reference.freeze(model)
    twin = copy.deepcopy(model)
    before = bits(twin)
    twin.train()
    assert twin.body["norm"].training is False
    twin(draw(8, 4))
    assert_same(twin, before)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("bias", [True, False])
def test_head_is_the_last_linear_layer(reference, dtype, bias):
    model = Network(bias=bias).to(dtype)
    before, old = bits(model), model.body["deep"][1][1]
    assert reference.replace_head(model, 5) is model
    head = model.body["deep"][1][1]
    assert type(head) is nn.Linear
    assert head is not old
    assert (head.in_features, head.out_features) == (6, 5)
    assert (head.bias is not None) is bias
    assert head.weight.dtype == dtype
    assert all(parameter.requires_grad for parameter in head.parameters())
    assert old.out_features == 3
    rest = {name: value for name, value in bits(model).items() if not name.startswith("body.deep.1.1.")}
    assert rest.keys() == {name for name in before if not name.startswith("body.deep.1.1.")}
    for name, value in rest.items():
        assert torch.equal(value, before[name]), name
    assert model.eval()(draw(2, 4).to(dtype)).shape == (2, 5)


def test_head_is_the_last_in_registration_order(reference):
    class HeadFirst(nn.Module):
        def __init__(self):
            super().__init__()
            self.head = nn.Linear(3, 2)
            self.body = nn.Linear(3, 3)

    model = reference.replace_head(HeadFirst(), 7)
    assert model.head.out_features == 2
    assert model.body.out_features == 7


def test_head_of_as_many_classes_is_fresh(reference):
    model = nn.Sequential(nn.ReLU(), nn.Linear(6, 3))
    old = model[1].weight.clone()
    reference.replace_head(model, 3)
    assert not torch.isclose(model[1].weight, old).any()
    assert model[1].weight.abs().max() <= 6**-0.5


def test_head_keeps_the_device(reference):
    model = nn.Sequential(nn.Linear(4, 3, device="meta"))
    assert reference.replace_head(model, 2)[0].weight.device.type == "meta"


def test_only_the_head_of_a_frozen_model_learns(reference):
    model = Network()
    reference.freeze(model)
    reference.replace_head(model, 2)
    head = model.body["deep"][1][1]
    trainable = reference.trainable_parameters(model)
    assert [id(parameter) for parameter in trainable] == [id(head.weight), id(head.bias)]
    model.train()
    before = bits(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    F.cross_entropy(model(draw(8, 4)), torch.tensor([0, 1] * 4)).backward()
    optimizer.step()
    moved = {name for name, value in bits(model).items() if not torch.equal(value, before[name])}
    assert moved == {"body.deep.1.1.weight", "body.deep.1.1.bias"}


def test_trainable_parameters_are_the_objects_in_order(reference):
    model = Network()
    model.stem.weight.requires_grad_(False)
    got = reference.trainable_parameters(model)
    assert type(got) is list
    assert [id(p) for p in got] == [id(p) for name, p in model.named_parameters() if name != "stem.weight"]


def test_bad_arguments_raise(reference):
    with pytest.raises(ValueError, match=r"nn\.Linear"):
        reference.replace_head(nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU()), 3)
    with pytest.raises(ValueError, match=r"nn\.Linear"):
        reference.replace_head(nn.Linear(3, 2), 3)
    for num_classes in (0, -1):
        with pytest.raises(ValueError, match="num_classes"):
            reference.replace_head(nn.Sequential(nn.Linear(3, 2)), num_classes)
