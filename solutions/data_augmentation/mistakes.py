"""Known mistakes in flips, crops, brightness, noise and mixup."""

from grader.suite import Mistake, replace

FLIP_START = "images = as_float(images)\n    if images.ndim != 4:"
FLIP = "mirrored = images[:, :, ::-1, :]"
FLIPPED = "return mirrored.copy()"

CROP_START = "image = as_float(image)\n    if image.ndim != 3:"
PAD = "padded = np.pad(image, ((padding, padding), (padding, padding), (0, 0)))"
SIZES = "height, width, _ = padded.shape"
PLACES = "places = [height - size + 1, width - size + 1]"
DRAWN = "top, left = rng.integers(0, places)"
CROPPED = "return padded[top : top + size, left : left + size].copy()"

BRIGHTNESS_START = "image = as_float(image)\n    if factor < 0:"
BRIGHTER = "brighter = image * float(factor)"
CLIPPED = "return np.clip(brighter, 0, 1)"

NOISE_START = "images = as_float(images)\n    if std < 0:"
NOISE = "noise = rng.normal(0, std, images.shape)"
NOISY = "return images + noise.astype(images.dtype)"

MIX_START = "x, y, permutation = as_float(x), as_float(y), np.asarray(permutation)"
MIXED_X = "mixed_x = lam * x + (1 - lam) * x[permutation]"
MIXED_Y = "mixed_y = lam * y + (1 - lam) * y[permutation]"
MIXED = "return mixed_x, mixed_y"

ORIGINALS = [
    replace(FLIP_START, f"original = np.asarray(images)\n    {FLIP_START}"),
    replace(CROP_START, f"original = np.asarray(image)\n    {CROP_START}"),
    replace(BRIGHTNESS_START, f"original = np.asarray(image)\n    {BRIGHTNESS_START}"),
    replace(NOISE_START, f"original = np.asarray(images)\n    {NOISE_START}"),
    replace(MIX_START, f"original_x, original_y = np.asarray(x), np.asarray(y)\n    {MIX_START}"),
]

MISTAKES = [
    Mistake(
        "vertical_flip",
        "The images are turned upside down",
        """In (N, H, W, C) the rows lie along axis 1 and the columns along axis 2. Turning round the rows puts the sky
        at the bottom; left and right change places along the width. Look at an image with a letter in it: a mirror
        shows it upright.""",
        replace(FLIP, "mirrored = images[:, ::-1, :, :]"),
        replace(FLIP, "mirrored = images[:, ::-1, ::-1, :]"),
    ),
    Mistake(
        "other_axis_flipped",
        "The order of the channels or of the images is reversed",
        """Axis 0 numbers the images and axis 3 the channels: turning those round shuffles the batch, so that labels no
        longer fit, or makes BGR of RGB. The width is axis 2.""",
        replace(FLIP, "mirrored = images[..., ::-1]"),
        replace(FLIP, "mirrored = images[::-1]"),
        replace(FLIP, "mirrored = np.flip(images)"),
    ),
    Mistake(
        "view_returned",
        "A view of the input is returned",
        """A slice such as images[:, :, ::-1] copies nothing: it looks at the memory of the original. Whoever then
        writes into the flipped images, for instance to normalise them, changes the original ones as well. `.copy()`
        makes an array of its own, and np.shares_memory tells.""",
        replace(FLIPPED, "return mirrored"),
    ),
    Mistake(
        "last_place_never_chosen",
        "The last place of the crop is never chosen",
        """rng.integers(0, n) draws from 0 to n − 1. In an axis of H + 2·padding a crop has H + 2·padding − size + 1
        places, from 0 to H + 2·padding − size, both included. Without the + 1 the last row and column are never seen,
        and a crop of full size has no place at all.""",
        replace(PLACES, "places = [height - size, width - size]"),
        replace(PLACES, "places = [max(height - size, 1), max(width - size, 1)]"),
        formula=r"0 \le \mathrm{top} \le H + 2p - \mathrm{size}",
    ),
    Mistake(
        "top_and_left_swapped",
        "Top and left change places",
        """The first axis of an image are its rows: `top` counts rows and is drawn first, among the places along the
        height. In a square image without padding the mistake goes unnoticed but for the numbers drawn.""",
        replace(DRAWN, "left, top = rng.integers(0, places)"),
        replace(DRAWN, "left, top = rng.integers(0, places[::-1])"),
    ),
    Mistake(
        "padding_misplaced",
        "The zeros do not stand on all four sides of the image, and only there",
        """`padding` zeros go above, below, left and right, so that the image grows by 2·padding along both axes, and
        the channels stay as they are. `np.pad(image, padding)` adds channels of zeros, too. Copies of the border or its
        mirror image are another kind of padding.""",
        replace(PAD, "padded = np.pad(image, padding)"),
        replace(PAD, "padded = image"),
        replace(PAD, 'padded = np.pad(image, ((padding, padding), (padding, padding), (0, 0)), mode="edge")'),
        replace(PAD, 'padded = np.pad(image, ((padding, padding), (padding, padding), (0, 0)), mode="reflect")'),
        replace(PAD, "padded = np.pad(image, ((0, 2 * padding), (0, 2 * padding), (0, 0)))"),
    ),
    Mistake(
        "not_clipped",
        "The brightness is not clipped to [0, 1]",
        """A value of 0.8 made twice as bright is 1.6, and no screen and no later step knows a white that is whiter than
        1. Clip the product on both sides, above at 1 and below at 0.""",
        replace(CLIPPED, "return brighter"),
        replace(CLIPPED, "return np.minimum(brighter, 1)"),
        replace(CLIPPED, "return np.maximum(brighter, 0)"),
        replace(CLIPPED, "return np.clip(brighter, 0, 255)"),
        replace(BRIGHTER, "brighter = np.clip(image, 0, 1) * float(factor)\n    return brighter"),
    ),
    Mistake(
        "noise_clipped",
        "The noisy images are clipped",
        """Noise that is cut off at 0 and 1 is no longer Gaussian: dark pixels only become brighter, on average. The
        exercise asks for the plain sum, which may leave [0, 1].""",
        replace(NOISY, "return np.clip(images + noise.astype(images.dtype), 0, 1)"),
        replace(NOISY, "return np.clip(images + noise.astype(images.dtype), 0, 255)"),
    ),
    Mistake(
        "uint8_wraps_around",
        "The result is computed in uint8 and wraps around",
        """uint8 holds 0 to 255, and what comes after 255 is 0: 200 + 100 is 44, twice 128 is 0, and 10 − 20 is 246.
        Bright spots turn black. Convert to float64 before any arithmetic, and leave the result there.""",
        [
            *ORIGINALS,
            replace(BRIGHTER, "brighter = original * factor if original.dtype == np.uint8 else image * float(factor)"),
            replace(NOISY, "return (images + noise.astype(images.dtype)).astype(original.dtype)"),
            replace(
                MIXED_X,
                "x = original_x if original_x.dtype == np.uint8 else x\n    "
                "mixed_x = x[permutation] + lam * (x - x[permutation])",
            ),
        ],
        [
            *ORIGINALS,
            replace(BRIGHTER, "brighter = (image * float(factor)).astype(original.dtype)"),
            replace(NOISY, "return original + noise.astype(original.dtype)"),
            replace(
                MIXED_X,
                "x = original_x if original_x.dtype == np.uint8 else x\n    "
                "mixed_x = x + (1 - lam) * (x[permutation] - x)",
            ),
        ],
        [
            *ORIGINALS,
            replace(BRIGHTER, "brighter = (image * float(factor)).astype(original.dtype).astype(image.dtype)"),
            replace(NOISY, "return (images + noise).astype(original.dtype).astype(images.dtype)"),
        ],
    ),
    Mistake(
        "integers_kept",
        "The answer has the integer type of the input",
        """Integer images are to be answered in float64, with the same values. An array of integers cannot hold the
        shares that mixing and darkening give: 0.7 becomes 0. Convert first, and do not convert back.""",
        [
            *ORIGINALS,
            replace(FLIPPED, f"{FLIPPED}.astype(original.dtype)"),
            replace(CROPPED, f"{CROPPED}.astype(original.dtype)"),
            replace(CLIPPED, f"{CLIPPED}.astype(original.dtype)"),
            replace(MIXED, "return mixed_x.astype(original_x.dtype), mixed_y.astype(original_y.dtype)"),
        ],
    ),
    Mistake(
        "float32_lost",
        "float32 becomes float64",
        """rng.normal and np.zeros give float64 unless told otherwise, and float32 plus float64 is float64: the batch
        takes twice the memory, and the next layer, whose weights are float32, refuses it. Convert the noise to
        images.dtype, and make arrays with dtype=image.dtype.""",
        [
            replace(FLIPPED, f"{FLIPPED}.astype(np.float64)"),
            replace(CROPPED, f"{CROPPED}.astype(np.float64)"),
            replace(CLIPPED, f"{CLIPPED}.astype(np.float64)"),
            replace(NOISY, "return images + noise"),
            replace(MIXED, "return mixed_x.astype(np.float64), mixed_y.astype(np.float64)"),
        ],
    ),
    Mistake(
        "std_taken_for_variance",
        "The standard deviation is taken for the variance, or the other way round",
        """rng.normal takes the standard deviation as its scale, and `std` is one: neither a root nor a square is
        needed. With std = 1 nothing is seen of it; with 0.01 the root is ten times too much noise.""",
        replace(NOISE, "noise = rng.normal(0, np.sqrt(std), images.shape)"),
        replace(NOISE, "noise = rng.normal(0, std**2, images.shape)"),
        formula=r"\varepsilon \sim \mathcal{N}(0, \mathrm{std}^2)",
    ),
    Mistake(
        "same_noise_for_every_image",
        "One draw of the noise serves several values",
        """Noise of the shape of one image is the same for the whole batch, and noise of one channel the same for all
        channels: broadcasting repeats it, and what repeats a network can learn. Draw as many numbers as there are
        values, rng.normal(0, std, images.shape).""",
        replace(NOISE, "noise = rng.normal(0, std, images.shape[1:])"),
        replace(NOISE, "noise = rng.normal(0, std, images.shape[:-1])[..., None]"),
        replace(NOISE, "noise = np.array(rng.normal(0, std))"),
    ),
    Mistake(
        "labels_not_mixed",
        "The labels are not mixed",
        """An image that is 30 % cat and 70 % dog with the label "cat" teaches the network something false. That the
        labels are mixed in the same proportion is half of the idea: between two examples the answer moves in a straight
        line.""",
        replace(MIXED_Y, "mixed_y = y"),
        replace(MIXED_Y, "mixed_y = y[permutation]"),
        replace(MIXED_Y, "mixed_y = y if lam >= 0.5 else y[permutation]"),
        replace(MIXED, "return mixed_x, y, y[permutation]"),
        replace(MIXED, "return mixed_x, y, y[permutation], lam"),
        formula=r"\tilde y = \lambda y_i + (1 - \lambda) y_j",
    ),
    Mistake(
        "lam_swapped",
        "lam and 1 − lam change places",
        """lam is the share of the example in its own place, 1 − lam that of its partner. With lam = 1 everything stays
        as it was. If images and labels disagree about it, the labels are wrong.""",
        [
            replace(MIXED_X, "mixed_x = (1 - lam) * x + lam * x[permutation]"),
            replace(MIXED_Y, "mixed_y = (1 - lam) * y + lam * y[permutation]"),
        ],
    ),
    Mistake(
        "global_random_state",
        "Random numbers come from NumPy's global generator",
        """np.random.randint and np.random.normal draw from one hidden generator that any other code may move or seed,
        so no run can be repeated. All randomness is to come from the `rng` that was passed in.""",
        [
            replace(DRAWN, "top, left = np.random.randint(0, places)"),
            replace(NOISE, "noise = np.random.normal(0, std, images.shape)"),
        ],
        [
            replace(DRAWN, "top, left = np.random.randint(0, places[0]), np.random.randint(0, places[1])"),
            replace(NOISE, "noise = std * np.random.randn(*images.shape)"),
            replace(MIXED_X, "permutation = np.random.permutation(len(x))\n    " + MIXED_X),
        ],
    ),
    Mistake(
        "modified_in_place",
        "An input is modified in place",
        """`image *= factor`, `images += noise` and `out=image` write into the array of the caller: in the next epoch
        the same image comes back brighter still. Write `image = image * factor`, which makes a new array.""",
        [
            replace(FLIPPED, "images[...] = mirrored.copy()\n    return images.copy()"),
            replace(CLIPPED, "image[...] = np.clip(brighter, 0, 1)\n    return image"),
            replace(NOISY, "images += noise.astype(images.dtype)\n    return images"),
            replace(MIXED, "x[...] = mixed_x\n    y[...] = mixed_y\n    return mixed_x, mixed_y"),
        ],
        [
            replace(CLIPPED, "image[...] = brighter\n    return np.clip(brighter, 0, 1)"),
            replace(MIXED, "x *= lam\n    y *= lam\n    return mixed_x, mixed_y"),
        ],
    ),
    Mistake(
        "height_and_width_exchanged",
        "Height and width of the image are exchanged",
        """An image array is (H, W, C): its rows come first, so shape[0] is the height. Names for the sizes of pictures
        often start with the width. In a square image the mistake goes unnoticed.""",
        replace(SIZES, "width, height, _ = padded.shape"),
        replace(PLACES, "places = [width - size + 1, height - size + 1]"),
    ),
    Mistake(
        "larger_share_kept",
        "The larger of lam and 1 − lam is used",
        """Some versions of mixup let an example keep the larger share, lam = max(lam, 1 − lam). Here lam is given, and
        it is the share of the example in its own place, be it large or small.""",
        replace("lam = float(lam)", "lam = max(float(lam), 1 - float(lam))"),
        replace("lam = float(lam)", "lam = min(float(lam), 1 - float(lam))"),
    ),
    Mistake(
        "brightness_added",
        "The factor is added to the image instead of multiplying it",
        """Adding one number lifts black and white alike, and takes the contrast out of the image. The brightness of
        each pixel grows in proportion: image · factor, so that 1 changes nothing and 0 gives black.""",
        replace(BRIGHTER, "brighter = image + float(factor)"),
    ),
    Mistake(
        "crop_always_in_the_centre",
        "The crop is always taken from the centre",
        """A crop at a fixed place shows the network the same pixels each time. The place is what is random here: top
        and left are the two numbers that `rng.integers` draws.""",
        replace(DRAWN, f"{DRAWN}\n    top, left = (padded.shape[0] - size) // 2, (padded.shape[1] - size) // 2"),
    ),
    Mistake(
        "permutation_inverted",
        "The permutation is inverted, or not used",
        """x[permutation] puts the example permutation[n] beside example n. argsort(permutation) is the way back, and x
        reversed is a permutation of one's own: both pair other examples than those asked for.""",
        *(
            [
                replace(MIXED_X, MIXED_X.replace("[permutation]", index)),
                replace(MIXED_Y, MIXED_Y.replace("[permutation]", index)),
            ]
            for index in ("[np.argsort(permutation)]", "[::-1]")
        ),
    ),
    Mistake(
        "more_returned",
        "More is returned than the mixed examples and labels",
        """mixup returns two values, `mixed_x, mixed_y = mixup(…)`: a third does not fit on the left of that line. The
        caller has lam and the permutation already.""",
        replace(MIXED, "return mixed_x, mixed_y, lam"),
        replace(MIXED, "return mixed_x, mixed_y, permutation"),
        replace(MIXED, "return mixed_x, mixed_y, permutation, lam"),
        replace(MIXED, "return mixed_x, mixed_y, lam, permutation"),
    ),
    Mistake(
        "noise_not_normal",
        "The noise is drawn from another distribution, or in another way",
        """The noise is rng.normal(0, std, images.shape): Gaussian, drawn in float64, in one call. Uniform noise has
        another spread, and float32 draws give other numbers from the same generator.""",
        replace(NOISE, "noise = rng.uniform(-std, std, images.shape)"),
        replace(NOISE, "noise = std * rng.standard_normal(images.shape, dtype=np.float32)"),
        replace(NOISE, "noise = std * rng.random(images.shape)"),
        replace(NOISE, "noise = rng.laplace(0, std, images.shape)"),
    ),
    Mistake(
        "noise_multiplied",
        "The noise is multiplied with the image instead of added",
        """images · (1 + ε) is noise that grows with the brightness; what is black stays black. Additive noise is the
        same everywhere.""",
        replace(NOISY, "return images * (1 + noise.astype(images.dtype))"),
    ),
    Mistake(
        "padding_counted_once",
        "The places of the crop count the padding once, not on both sides",
        """The padded image is 2·padding larger than the image along each axis, and so is the number of places for the
        crop. With one padding the last rows and columns are never reached.""",
        replace(PLACES, "places = [height - padding - size + 1, width - padding - size + 1]"),
        replace(PLACES, "places = [height - 2 * padding - size + 1, width - 2 * padding - size + 1]"),
    ),
    Mistake(
        "divided_by_255",
        "Integers are divided by 255",
        """uint8 images become float64 with the same values: 255 becomes 255.0. Bringing them into [0, 1] is the
        caller's choice, and other integers may have another range.""",
        replace(
            BRIGHTNESS_START,
            "image = as_float(image) / (1 if np.asarray(image).dtype.kind == 'f' else 255)"
            + BRIGHTNESS_START.removeprefix("image = as_float(image)"),
        ),
        replace("else x.astype(np.float64)", "else x.astype(np.float64) / 255"),
        replace("else x.astype(np.float64)", "else x.astype(np.float64) / (255 if x.dtype == np.uint8 else 1)"),
    ),
]
