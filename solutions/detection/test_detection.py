"""The hidden suite of detection. Points: box_area 12, box_iou 32, nms 40, xywh_to_xyxy 16."""

import numpy as np
import pytest

DTYPES = [np.float32, np.float64]
CLOSE = {"rtol": 1e-5, "atol": 1e-6}  # a tiny number added to the union, such as 1e-9, is fine


def boxes_at(corners, sizes):
    """Boxes from their top-left corners and their sizes."""
    return np.concatenate([corners, corners + sizes], axis=1)


def random_boxes(rng, number, dtype=np.float64):
    """Boxes anywhere, none of them close to empty."""
    return boxes_at(rng.uniform(-3, 3, (number, 2)), rng.uniform(0.5, 3, (number, 2))).astype(dtype)


def boxes_around_zero(rng, number, dtype=np.float64):
    """Boxes that overlap, each with each, by much."""
    return np.concatenate([rng.uniform(-3, -1, (number, 2)), rng.uniform(1, 3, (number, 2))], axis=1).astype(dtype)


def distinct_scores(rng, number, dtype=np.float64):
    return ((rng.permutation(number) + 1) / (number + 1)).astype(dtype)


def groups(rng, number, copies, dtype=np.float64):
    """Groups of boxes in a row: those of one group have an IoU above 0.7, those of two an IoU of 0. Shuffled."""
    corners = np.stack([400.0 * np.arange(number), np.zeros(number)], axis=1)
    boxes = np.repeat(boxes_at(corners, rng.uniform(100, 200, (number, 2))), copies, axis=0)
    boxes += rng.uniform(0, 4, boxes.shape)
    return rng.permutation(boxes).astype(dtype), distinct_scores(rng, number * copies, dtype)


def chain(rng, shift, side):
    """Three square boxes, each `shift` of a side to the right of the one before, the scores falling."""
    corner = rng.uniform(0, side, 2)
    corners = np.stack([corner + np.array([side * shift * step, 0]) for step in range(3)])
    return boxes_at(corners, np.full((3, 2), side)), np.array([0.9, 0.8, 0.7])


def agree_on_nms(agree, observe, boxes, scores, threshold):
    """Compares what nms keeps. Where it is wrong: is the IoU to blame, or nms itself?"""
    observe("iou_behind_nms", boxes, scores, threshold)
    agree("nms", boxes, scores, threshold)


@pytest.mark.points(7)
@pytest.mark.hint("Width times height, where the width is x2 − x1: coordinates are not pixel indices.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_area(agree, rng, dtype):
    """The area of each {dtype} box."""
    agree("box_area", random_boxes(rng, 5, dtype))


@pytest.mark.points(2)
@pytest.mark.hint("An empty box has area 0, and no boxes have no areas.")
def test_area_of_empty_boxes(agree, rng):
    """An empty box has area 0, and no boxes give an empty array."""
    boxes = random_boxes(rng, 4)
    boxes[:2, 2] = boxes[:2, 0]
    boxes[1:3, 3] = boxes[1:3, 1]
    agree("box_area", boxes)
    agree("box_area", np.zeros((0, 4)))


@pytest.mark.points(2)
@pytest.mark.hint("Convert what is not float32 or float64 to float64 before anything else.")
def test_area_of_integers(agree, rng):
    """The areas of boxes of integers, and of a list of boxes, are float64."""
    corners = rng.integers(-9, 10, (4, 2))
    boxes = boxes_at(corners, rng.integers(1, 9, (4, 2)))
    agree("box_area", boxes)
    agree("box_area", boxes.tolist())


@pytest.mark.points(1)
def test_area_leaves_its_input_alone(agree, rng):
    """The boxes keep their values when their areas are computed."""
    agree("inputs_after", "box_area", random_boxes(rng, 4))


@pytest.mark.points(9)
@pytest.mark.hint("The union is the sum of both areas less the intersection, which the sum counts twice.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_iou(agree, rng, dtype):
    """The IoU of every pair of overlapping {dtype} boxes."""
    agree("box_iou", boxes_around_zero(rng, 4, dtype), boxes_around_zero(rng, 5, dtype), **CLOSE)


@pytest.mark.points(5)
@pytest.mark.hint("What is the intersection of a box with itself, and what is their union?")
def test_iou_of_equal_boxes(agree, rng):
    """A box has IoU 1 with itself, and a part of it has its share."""
    boxes = boxes_around_zero(rng, 3)
    agree("box_iou", boxes, np.concatenate([boxes, boxes / 2]), **CLOSE)


@pytest.mark.points(6)
@pytest.mark.hint("The overlap has a width and a height only where both are positive: neither may fall below 0.")
def test_iou_of_boxes_apart(agree, rng):
    """Boxes that do not overlap, or only touch, have IoU 0."""
    size = rng.uniform(1, 2)
    steps = np.array([[1.5, 0], [-1.6, 0], [0, 1.7], [1.3, -1.4], [-1.3, 1.4], [1.8, 1.9], [-1.2, -1.3]])
    here = rng.uniform(-1, 1, (1, 2))
    agree(
        "box_iou", boxes_at(here, np.full((1, 2), size)), boxes_at(here + steps * size, np.full((7, 2), size)), **CLOSE
    )
    agree("box_iou", np.array([[0.0, 0.0, 2.0, 2.0]]), np.array([[2.0, 0.0, 3.0, 2.0], [2.0, 2.0, 4.0, 4.0]]), **CLOSE)


@pytest.mark.points(2)
@pytest.mark.hint("What is added to the union of large boxes unseen is not small beside the union of small ones.")
def test_iou_of_small_boxes(agree, rng):
    """The IoU does not depend on the unit of length: boxes with sides far below 1."""
    boxes, others = boxes_at(rng.uniform(0, 0.5, (3, 2)), np.ones((3, 2))), boxes_at(rng.uniform(0, 1, (4, 2)), 1.0)
    agree("box_iou", 1e-2 * boxes, 1e-2 * others, rtol=2e-5, atol=0)
    agree("box_iou", 5e-4 * boxes, 5e-4 * others, rtol=1e-2, atol=0)


@pytest.mark.points(5)
@pytest.mark.hint("Where the union is 0, do not divide by it: the IoU is 0.")
def test_iou_of_empty_boxes(agree, rng):
    """Two empty boxes have IoU 0, not 0/0."""
    boxes = boxes_around_zero(rng, 3)
    x, y = rng.uniform(-0.5, 0.5, 2)
    boxes[:2, [0, 2]] = x
    boxes[1, [1, 3]] = y
    agree("box_iou", boxes, boxes, **CLOSE)


@pytest.mark.points(2)
@pytest.mark.hint("No boxes on one side: an array of shape (0, B) or (A, 0).")
def test_iou_without_boxes(agree, rng):
    """No boxes give an IoU of shape (0, B) or (A, 0)."""
    agree("box_iou", np.zeros((0, 4)), random_boxes(rng, 3))
    agree("box_iou", random_boxes(rng, 2), np.zeros((0, 4)))


@pytest.mark.points(1)
@pytest.mark.hint("Convert what is not float32 or float64 to float64 before anything else.")
def test_iou_of_integers(agree, rng):
    """The IoU of boxes of integers, and of lists of boxes, is float64."""
    one, other = (np.concatenate([rng.integers(-9, -2, (3, 2)), rng.integers(2, 9, (3, 2))], axis=1) for _ in range(2))
    agree("box_iou", one, other[:2], **CLOSE)
    agree("box_iou", one.tolist(), other[:2].tolist(), **CLOSE)


@pytest.mark.points(1)
def test_iou_leaves_its_inputs_alone(agree, rng):
    """Both sets of boxes keep their values when their IoU is computed."""
    agree("inputs_after", "box_iou", random_boxes(rng, 3), random_boxes(rng, 2))


@pytest.mark.points(1)
@pytest.mark.hint("Boxes have the shape (A, 4).")
def test_iou_shape(agree, rng):
    """Boxes that are not of shape (A, 4) are refused in box_iou."""
    agree("box_iou", rng.uniform(0, 1, 3), random_boxes(rng, 3), any_error=True)
    agree("box_iou", random_boxes(rng, 2), rng.uniform(0, 1, 3), any_error=True)


@pytest.mark.points(10)
@pytest.mark.hint("The best box stays, and those that overlap it too much go; then comes the best of the others.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_nms(agree, observe, rng, dtype):
    """Of each group of overlapping {dtype} boxes the best one stays, in the order of falling score."""
    agree_on_nms(agree, observe, *groups(rng, 4, 3, dtype), 0.3)


@pytest.mark.points(4)
@pytest.mark.hint("Only an IoU greater than the threshold is too much.")
@pytest.mark.parametrize("threshold", [0.4, 0.7])
def test_nms_threshold(agree, observe, rng, threshold):
    """Boxes with an IoU of about one half, and a threshold of {threshold}."""
    corners = np.stack([400.0 * np.arange(3), np.zeros(3)], axis=1)
    sizes = rng.uniform(100, 200, (3, 2))
    boxes = np.concatenate([boxes_at(corners, sizes), boxes_at(corners, sizes * [0.5, 1])])
    agree_on_nms(agree, observe, rng.permutation(boxes), distinct_scores(rng, 6), threshold)


@pytest.mark.points(5)
@pytest.mark.hint("Exactly the threshold is not more than the threshold.")
def test_nms_at_the_threshold(agree, observe, rng):
    """A box whose IoU equals the threshold stays."""
    x, y, width, height = (float(number) for number in rng.integers(1, 20, 4))
    whole, half = [x, y, x + 2 * width, y + height], [x, y, x + width, y + height]
    right = [x + 2 * width, y, x + 3 * width, y + height]
    agree_on_nms(agree, observe, np.array([half, whole]), np.array([0.4, 0.6]), 0.5)
    agree_on_nms(agree, observe, np.array([whole, right]), np.array([0.9, 0.8]), 0.0)
    agree_on_nms(agree, observe, np.array([whole, whole]), np.array([0.9, 0.8]), 1.0)


@pytest.mark.points(7)
@pytest.mark.hint("Compare a box with those that stay. One that has gone has no say any more.")
def test_nms_of_a_chain(agree, observe, rng):
    """A box that is suppressed does not suppress others."""
    agree_on_nms(agree, observe, *chain(rng, 0.3, 150.0), 0.34)


@pytest.mark.points(4)
@pytest.mark.hint("Sort by falling score so that equal scores stay in their order (a stable sort).")
def test_nms_of_equal_scores(agree, observe, rng):
    """Of equal scores the smaller index comes first."""
    boxes, _ = groups(rng, 3, 2)
    agree_on_nms(agree, observe, boxes, np.full(6, 0.5), 0.3)
    boxes, _ = groups(rng, 20, 2)
    agree_on_nms(agree, observe, boxes, rng.integers(1, 4, 40) / 4, 0.3)


@pytest.mark.points(4)
@pytest.mark.hint("An IoU does not depend on the unit of length, and is 0 for boxes that lie apart in x and in y.")
def test_nms_of_small_boxes(agree, observe, rng):
    """Boxes with sides far below 1 are treated like large ones, and boxes apart in x and y never suppress."""
    side = rng.uniform(0.1, 0.2)
    agree_on_nms(agree, observe, *chain(rng, 0.3, side), 0.45)
    agree_on_nms(agree, observe, *chain(rng, 0.3, side / 300), 0.45)
    apart = np.array([[0.0, 0.0], [1.8, 1.8], [3.6, 0.0]]) * side
    agree_on_nms(agree, observe, boxes_at(apart, np.full((3, 2), side)), np.array([0.8, 0.9, 0.7]), 0.3)


@pytest.mark.points(2)
@pytest.mark.hint("No boxes: an empty array of integers.")
def test_nms_without_boxes(agree, rng):
    """Of no boxes none stays."""
    agree("nms", np.zeros((0, 4)), np.zeros(0), float(rng.uniform(0.3, 0.7)))


@pytest.mark.points(1)
@pytest.mark.hint("Lists have neither shape nor arithmetic: make arrays of them.")
def test_nms_of_lists(agree, observe, rng):
    """Boxes and scores may be lists of integers."""
    boxes, scores = groups(rng, 3, 2)
    agree_on_nms(agree, observe, boxes.astype(int).tolist(), (7 * scores).round().astype(int).tolist(), 0.3)


@pytest.mark.points(1)
@pytest.mark.hint("Read boxes and scores only; keep what has gone in an array of your own.")
@pytest.mark.reveals("modified_in_place")
def test_nms_leaves_its_inputs_alone(agree, rng):
    """Boxes and scores keep their values in non-maximum suppression."""
    agree("inputs_after", "nms", *groups(rng, 3, 2), 0.3)


@pytest.mark.points(2)
@pytest.mark.hint("Check the shape of scores, and that the threshold lies in [0, 1].")
@pytest.mark.parametrize("wrong", ["a threshold above 1", "a score too many"])
def test_nms_arguments(agree, rng, wrong):
    """nms raises ValueError for {wrong}."""
    boxes, scores = groups(rng, 2, 2)
    if wrong == "a score too many":
        agree("nms", boxes, np.append(scores, 0.1), 0.5, any_error=True)
    else:
        agree("nms", boxes, scores, 1.5)


@pytest.mark.points(10)
@pytest.mark.hint("Half of the width lies on either side of the centre.")
@pytest.mark.parametrize("dtype", DTYPES)
def test_xywh(agree, rng, dtype):
    """Centre and size become the edges, in {dtype}."""
    boxes = np.concatenate([rng.uniform(-3, 3, (5, 2)), rng.uniform(0.5, 3, (5, 2))], axis=1)
    agree("xywh_to_xyxy", boxes.astype(dtype))


@pytest.mark.points(3)
@pytest.mark.hint("Half of 3 is 1.5: convert to float64 before anything else.")
def test_xywh_of_integers(agree, rng):
    """Centres and odd sizes in integers, and lists, give float64 edges."""
    boxes = np.concatenate([rng.integers(-9, 10, (4, 2)), 2 * rng.integers(1, 5, (4, 2)) + 1], axis=1)
    agree("xywh_to_xyxy", boxes)
    agree("xywh_to_xyxy", boxes.tolist())


@pytest.mark.points(2)
@pytest.mark.hint("`boxes[:, 0] -= …` writes into the caller's array.")
@pytest.mark.reveals("modified_in_place")
def test_xywh_leaves_its_input_alone(agree, rng):
    """The boxes in centre form keep their values."""
    agree("inputs_after", "xywh_to_xyxy", rng.uniform(1, 3, (4, 4)))


@pytest.mark.points(1)
@pytest.mark.hint("Boxes have the shape (A, 4).")
def test_xywh_shape(agree, rng):
    """Boxes that are not of shape (A, 4) are refused in xywh_to_xyxy."""
    agree("xywh_to_xyxy", rng.uniform(1, 3, 3), any_error=True)
