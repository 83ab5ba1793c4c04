"""The detection reference against counted unit cells, a plain-Python suppression loop and boxes worked out by hand."""

import numpy as np
import pytest


def grid_boxes(rng, number, side=8):
    """Boxes with integer edges, some of them empty."""
    edges = np.sort(rng.integers(0, side + 1, (number, 2, 2)), axis=1)
    return edges.reshape(number, 4)


def cells(box):
    """The set of unit cells that a box with integer edges covers."""
    x1, y1, x2, y2 = box
    return {(x, y) for x in range(x1, x2) for y in range(y1, y2)}


def iou_by_cells(a, b):
    a, b = cells(a), cells(b)
    return len(a & b) / len(a | b) if a | b else 0.0


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_area_and_iou_equal_counted_cells(reference, dtype):
    rng = np.random.default_rng(0)
    boxes1, boxes2 = grid_boxes(rng, 30), grid_boxes(rng, 20)
    expected = [[iou_by_cells(a, b) for b in boxes2] for a in boxes1]
    area = reference.box_area(boxes1.astype(dtype))
    iou = reference.box_iou(boxes1.astype(dtype), boxes2.astype(dtype))
    assert area.dtype == iou.dtype == dtype
    np.testing.assert_array_equal(area, [len(cells(box)) for box in boxes1])
    np.testing.assert_allclose(iou, expected, rtol=1e-6)


def test_iou_does_not_depend_on_scale_or_place(reference):
    boxes = grid_boxes(np.random.default_rng(1), 12)
    moved = boxes * 0.01 - 3
    np.testing.assert_allclose(reference.box_iou(moved, moved), reference.box_iou(boxes, boxes), atol=1e-9)


def test_iou_by_hand(reference):
    boxes = np.array([[0, 0, 2, 2], [2, 0, 4, 2], [3, 3, 4, 4], [1, 1, 1, 1], [0, 0, 1, 2]], float)
    with np.errstate(all="raise"):
        got = reference.box_iou(boxes[:1], boxes)
        empty = reference.box_iou(boxes[3:4], boxes[3:4])
    np.testing.assert_array_equal(got, [[1, 0, 0, 0, 0.5]])
    assert empty.tolist() == [[0.0]]


def suppress_in_plain_python(boxes, scores, threshold):
    left = sorted(range(len(boxes)), key=lambda i: (-scores[i], i))
    kept = []
    while left:
        best, *others = left
        kept.append(best)
        left = [i for i in others if iou_by_cells(boxes[best], boxes[i]) <= threshold]
    return kept


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("threshold", [0, 0.15, 0.55, 1])
def test_nms_equals_a_plain_loop(reference, threshold, dtype):
    rng = np.random.default_rng(2)
    sizes = set()
    for _ in range(20):
        boxes, scores = grid_boxes(rng, 15), rng.integers(0, 6, 15) / 4
        got = reference.nms(boxes.astype(dtype), scores.astype(dtype), threshold)
        assert np.issubdtype(got.dtype, np.integer)
        assert got.tolist() == suppress_in_plain_python(boxes, scores, threshold)
        sizes.add(len(got))
    assert threshold == 1 or len(sizes) > 1


def test_nms_by_hand(reference):
    chain = [[0, 0, 10, 10], [4, 0, 14, 10], [8, 0, 18, 10]]
    assert reference.nms(chain, [0.9, 0.8, 0.7], 0.3).tolist() == [0, 2]
    assert reference.nms(chain, [0.7, 0.9, 0.8], 0.3).tolist() == [1]
    half = [[0, 0, 2, 2], [0, 0, 2, 1]]
    assert reference.nms(half, [1, 2], 0.5).tolist() == [1, 0]
    assert reference.nms(half, [1, 2], 0.49).tolist() == [1]
    twins = [[0, 0, 1, 1]] * 3
    assert reference.nms(twins, [1, 1, 1], 1).tolist() == [0, 1, 2]
    assert reference.nms(twins, [1, 1, 1], 0.99).tolist() == [0]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_centre_form_round_trip(reference, dtype):
    boxes = grid_boxes(np.random.default_rng(3), 10).astype(dtype)
    centres = np.stack([boxes[:, [0, 2]].mean(1), boxes[:, [1, 3]].mean(1)], axis=1)
    got = reference.xywh_to_xyxy(np.hstack([centres, boxes[:, 2:] - boxes[:, :2]]))
    assert got.dtype == dtype
    np.testing.assert_array_equal(got, boxes)


def test_integers_and_lists_answer_in_float64(reference):
    boxes = [[1, 1, 3, 3]]
    results = [reference.box_area(boxes), reference.box_iou(boxes, boxes), reference.xywh_to_xyxy(boxes)]
    assert [r.dtype for r in results] == [np.float64] * 3
    assert [r.tolist() for r in results] == [[4.0], [[1.0]], [[-0.5, -0.5, 2.5, 2.5]]]
    far = np.array([[0, 0, 200, 200]], np.uint8)
    assert reference.box_area(far).tolist() == [40000.0]
    assert reference.nms(np.array([[0, 0, 1, 1], [2, 2, 3, 3]]), np.array([1, 2], np.uint8), 0.5).tolist() == [1, 0]


def test_no_boxes_give_empty_results(reference):
    none, some = np.zeros((0, 4), np.float32), np.ones((3, 4), np.float32)
    assert reference.box_area(none).shape == (0,)
    assert reference.box_iou(none, some).shape == (0, 3)
    assert reference.box_iou(some, none).shape == (3, 0)
    assert reference.xywh_to_xyxy(none).shape == (0, 4)
    kept = reference.nms(none, np.zeros(0, np.float32), 0.5)
    assert kept.shape == (0,)
    assert np.issubdtype(kept.dtype, np.integer)


def test_inputs_stay_as_they_are(reference):
    boxes, scores = np.array([[0.0, 0, 2, 2], [1, 1, 3, 3]]), np.array([0.1, 0.2])
    reference.box_area(boxes)
    reference.box_iou(boxes, boxes)
    reference.nms(boxes, scores, 0.1)
    reference.xywh_to_xyxy(boxes)[:] = 9
    np.testing.assert_array_equal(boxes, [[0, 0, 2, 2], [1, 1, 3, 3]])
    np.testing.assert_array_equal(scores, [0.1, 0.2])


@pytest.mark.parametrize("shape", [(4,), (2, 5), (1, 2, 4)])
def test_boxes_of_the_wrong_shape_raise(reference, shape):
    bad, good = np.ones(shape), np.ones((2, 4))
    for call in (
        lambda: reference.box_area(bad),
        lambda: reference.box_iou(bad, good),
        lambda: reference.box_iou(good, bad),
        lambda: reference.nms(bad, np.ones(2), 0.5),
        lambda: reference.xywh_to_xyxy(bad),
    ):
        with pytest.raises(ValueError, match="boxes must have shape"):
            call()


def test_bad_scores_and_thresholds_raise(reference):
    boxes = np.ones((2, 4))
    for scores in (np.ones(3), np.ones((2, 1))):
        with pytest.raises(ValueError, match="scores"):
            reference.nms(boxes, scores, 0.5)
    for threshold in (-0.1, 1.1):
        with pytest.raises(ValueError, match="iou_threshold"):
            reference.nms(boxes, np.ones(2), threshold)
