"""The augmentation reference against torch's ops, statistics of many draws and images worked out by hand."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])


@DTYPES
def test_flip_equals_torch_and_is_a_copy(reference, dtype):
    images = np.random.default_rng(0).random((2, 3, 4, 3)).astype(dtype)
    got = reference.horizontal_flip(images)
    assert got.dtype == dtype
    np.testing.assert_array_equal(got, torch.flip(torch.tensor(images), dims=[2]).numpy())
    assert not np.shares_memory(got, images)
    one_column = images[:, :, :1]
    assert not np.shares_memory(reference.horizontal_flip(one_column), one_column)


@DTYPES
@pytest.mark.parametrize("padding", [0, 2])
def test_crop_is_the_drawn_piece_of_the_padded_image(reference, dtype, padding):
    image = np.random.default_rng(1).random((5, 7, 3)).astype(dtype)
    padded = F.pad(torch.tensor(image).permute(2, 0, 1), [padding] * 4).permute(1, 2, 0).numpy()
    for seed in range(10):
        corner = np.random.default_rng(seed).integers(0, [5 + 2 * padding - 3, 7 + 2 * padding - 3])
        rows, columns = corner[0] + np.arange(4), corner[1] + np.arange(4)
        got = reference.random_crop(image, 4, padding, np.random.default_rng(seed))
        assert got.dtype == dtype
        np.testing.assert_array_equal(got, padded[np.ix_(rows, columns)])
        assert not np.shares_memory(got, image)


def test_every_crop_place_is_chosen(reference):
    image, rng = np.arange(1.0, 13).reshape(3, 4, 1), np.random.default_rng(2)
    corners = {reference.random_crop(image, 2, 0, rng)[0, 0, 0] for _ in range(200)}
    assert corners == {1, 2, 3, 5, 6, 7}


def test_a_crop_of_the_whole_padded_image(reference):
    got = reference.random_crop(np.ones((2, 2, 1)), 4, 1, np.random.default_rng(0))
    np.testing.assert_array_equal(got[..., 0], np.pad(np.ones((2, 2)), 1))


@DTYPES
@pytest.mark.parametrize("factor", [0, 0.5, 1, 3.0, np.float64(1.7)])
def test_brightness_equals_torch(reference, dtype, factor):
    image = np.random.default_rng(3).random((4, 4, 3)).astype(dtype)
    got = reference.adjust_brightness(image, factor)
    assert got.dtype == dtype
    np.testing.assert_allclose(got, torch.clamp(torch.tensor(image) * float(factor), 0, 1).numpy(), rtol=1e-6)
    assert not np.shares_memory(got, image)


def test_brightness_clips_at_both_ends(reference):
    assert reference.adjust_brightness(np.array([-0.5, 0.5, 0.9]), 2.0).tolist() == [0.0, 1.0, 1.0]


@DTYPES
def test_noise_is_the_specified_draw(reference, dtype):
    images = np.full((2, 3, 3, 1), 0.9, dtype)
    got = reference.add_gaussian_noise(images, 0.5, np.random.default_rng(4))
    assert got.dtype == dtype
    np.testing.assert_allclose(got - images, 0.5 * np.random.default_rng(4).standard_normal(images.shape), atol=1e-6)
    np.testing.assert_array_equal(reference.add_gaussian_noise(images, 0, np.random.default_rng(4)), images)


def test_noise_has_the_standard_deviation_asked_for_and_is_not_clipped(reference):
    got = reference.add_gaussian_noise(np.zeros(20_000), 0.25, np.random.default_rng(5))
    assert abs(got.std() - 0.25) < 0.01
    assert abs(got.mean()) < 0.01
    assert got.min() < 0


@DTYPES
@pytest.mark.parametrize("lam", [0, 0.3, 1, np.float64(0.7)])
def test_mixup_equals_lerp(reference, dtype, lam):
    rng = np.random.default_rng(6)
    x, y = rng.random((4, 2, 2, 3)).astype(dtype), np.eye(5, dtype=dtype)[[0, 3, 3, 1]]
    permutation = np.array([2, 0, 3, 1])
    got = reference.mixup(x, y, lam, permutation)
    assert isinstance(got, tuple)
    for mixed, original in zip(got, (x, y), strict=True):
        tensor = torch.tensor(original)
        expected = torch.lerp(tensor[torch.tensor(permutation)], tensor, float(lam)).numpy()
        assert mixed.dtype == dtype
        np.testing.assert_allclose(mixed, expected, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(got[1].sum(axis=1), 1, rtol=1e-6)


def test_uint8_becomes_float64_unscaled(reference):
    images = np.full((2, 2, 2, 1), 200, np.uint8)
    images[1] = 100
    labels = np.eye(2, dtype=int)
    flipped = reference.horizontal_flip(images)
    crop = reference.random_crop(images[0], 2, 0, np.random.default_rng(0))
    bright = reference.adjust_brightness(images, 0.001)
    noisy = reference.add_gaussian_noise(images, 100, np.random.default_rng(0))
    mixed_x, mixed_y = reference.mixup(images, labels, 0.25, [1, 0])
    assert {a.dtype for a in (flipped, crop, bright, noisy, mixed_x, mixed_y)} == {np.dtype(np.float64)}
    np.testing.assert_array_equal(flipped, images)
    np.testing.assert_array_equal(crop, images[0])
    np.testing.assert_allclose(bright[:, 0, 0, 0], [0.2, 0.1])
    np.testing.assert_allclose(noisy - images, np.random.default_rng(0).normal(0, 100, images.shape))
    np.testing.assert_array_equal(mixed_x[:, 0, 0, 0], [125, 175])
    np.testing.assert_array_equal(mixed_y, [[0.25, 0.75], [0.75, 0.25]])


def test_inputs_stay_as_they_are(reference):
    rng = np.random.default_rng(7)
    images, labels, permutation = rng.random((3, 4, 4, 2)), np.eye(3), np.array([1, 2, 0])
    before = images.copy()
    results = [
        reference.horizontal_flip(images),
        reference.random_crop(images[0], 4, 0, rng),
        reference.adjust_brightness(images, 1),
        reference.add_gaussian_noise(images, 0, rng),
        *reference.mixup(images, labels, 1.0, permutation),
    ]
    for result in results:
        result += 1
    np.testing.assert_array_equal(images, before)
    np.testing.assert_array_equal(labels, np.eye(3))
    np.testing.assert_array_equal(permutation, [1, 2, 0])


@pytest.mark.parametrize(
    ("shape", "size", "padding"),
    [((3, 4, 1), 4, 0), ((4, 3, 1), 4, 0), ((3, 3, 1), 6, 1), ((3, 3, 1), 0, 0), ((3, 3, 1), 2, -1), ((3, 3), 2, 0)],
)
def test_bad_crops_raise(reference, shape, size, padding):
    with pytest.raises(ValueError, match=r"does not fit|negative|three dimensions"):
        reference.random_crop(np.ones(shape), size, padding, np.random.default_rng(0))


def test_bad_arguments_raise(reference):
    x, y = np.ones((2, 3)), np.eye(2)
    with pytest.raises(ValueError, match="four dimensions"):
        reference.horizontal_flip(np.ones((3, 3, 1)))
    with pytest.raises(ValueError, match="factor"):
        reference.adjust_brightness(x, -0.1)
    with pytest.raises(ValueError, match="std"):
        reference.add_gaussian_noise(x, -0.1, np.random.default_rng(0))
    for lam in (-0.1, 1.1):
        with pytest.raises(ValueError, match="lam"):
            reference.mixup(x, y, lam, [1, 0])
    for permutation in ([0], [0, 0], [0, 2], [0, 1, 2], [[0, 1]]):
        with pytest.raises(ValueError, match="permutation"):
            reference.mixup(x, y, 0.5, permutation)
    with pytest.raises(ValueError, match="same number"):
        reference.mixup(np.ones((3, 3)), y, 0.5, [0, 1, 2])
    with pytest.raises(ValueError, match="two dimensions"):
        reference.mixup(x, np.array([0, 1]), 0.5, [1, 0])
