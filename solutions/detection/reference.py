"""Box geometry and greedy non-maximum suppression (Girshick et al., R-CNN, 2014), in continuous coordinates."""

import numpy as np


def as_float(x):
    """x as a float array: float32 and float64 keep their dtype, anything else becomes float64."""
    x = np.asarray(x)
    return x if x.dtype in (np.float32, np.float64) else x.astype(np.float64)


def check_boxes(boxes):
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise ValueError(f"boxes must have shape (number, 4), not {boxes.shape}")


def box_area(boxes):
    boxes = as_float(boxes)
    check_boxes(boxes)
    widths = boxes[:, 2] - boxes[:, 0]
    heights = boxes[:, 3] - boxes[:, 1]
    return widths * heights


def box_iou(boxes1, boxes2):
    boxes1, boxes2 = as_float(boxes1), as_float(boxes2)
    check_boxes(boxes1)
    check_boxes(boxes2)
    top_left = np.maximum(boxes1[:, None, :2], boxes2[None, :, :2])
    bottom_right = np.minimum(boxes1[:, None, 2:], boxes2[None, :, 2:])
    sides = np.maximum(bottom_right - top_left, 0)
    intersection = sides[..., 0] * sides[..., 1]
    size1 = boxes1[:, 2:] - boxes1[:, :2]
    size2 = boxes2[:, 2:] - boxes2[:, :2]
    area1 = size1[:, 0] * size1[:, 1]
    area2 = size2[:, 0] * size2[:, 1]
    union = area1[:, None] + area2[None, :] - intersection
    divisor = np.where(union == 0, 1, union)
    return intersection / divisor


def nms(boxes, scores, iou_threshold):
    boxes, scores = as_float(boxes), as_float(scores)
    check_boxes(boxes)
    if scores.shape != (len(boxes),):
        raise ValueError(f"scores has shape {scores.shape}, expected {(len(boxes),)}")
    if not 0 <= iou_threshold <= 1:
        raise ValueError(f"iou_threshold must lie in [0, 1], not {iou_threshold}")
    order = np.argsort(-scores, kind="stable")
    iou = box_iou(boxes, boxes)
    kept = []
    for candidate in order:
        overlaps = iou[candidate, kept]
        if not np.any(overlaps > iou_threshold):
            kept.append(candidate)
    return np.array(kept, dtype=np.int64)


def xywh_to_xyxy(boxes):
    boxes = as_float(boxes)
    check_boxes(boxes)
    centre = boxes[:, :2]
    half = boxes[:, 2:] / 2
    return np.concatenate([centre - half, centre + half], axis=1)
