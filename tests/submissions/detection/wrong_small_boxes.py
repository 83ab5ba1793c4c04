import numpy as np

EPS = 1e-6


def check(boxes):
    boxes = np.asarray(boxes)
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise ValueError(f"expected (A, 4), got {boxes.shape}")
    return boxes if boxes.dtype in (np.float32, np.float64) else boxes.astype(np.float64)


def box_area(boxes):
    return np.prod(check(boxes)[:, 2:] - check(boxes)[:, :2], axis=1)


def box_iou(boxes1, boxes2):
    b1, b2 = check(boxes1), check(boxes2)
    x1, y1, x2, y2 = np.split(b1, 4, axis=1)
    u1, v1, u2, v2 = b2.T
    w = np.clip(np.minimum(x2, u2) - np.maximum(x1, u1), 0, None)
    h = np.clip(np.minimum(y2, v2) - np.maximum(y1, v1), 0, None)
    inter = w * h
    return inter / (box_area(b1).reshape(-1, 1) + box_area(b2) - inter + EPS)


def nms(boxes, scores, iou_threshold):
    boxes = check(boxes)
    scores = np.asarray(scores)
    if scores.shape != boxes.shape[:1]:
        raise ValueError("scores")
    if not (0.0 <= iou_threshold <= 1.0):
        raise ValueError("iou_threshold")
    alive = np.ones(len(boxes), dtype=bool)
    iou = box_iou(boxes, boxes)
    keep = []
    while alive.any():
        candidates = np.flatnonzero(alive)
        best = candidates[np.argmax(scores[candidates])]      # the first of equal ones
        keep.append(best)
        alive &= iou[best] <= iou_threshold
        alive[best] = False
    return np.asarray(keep, dtype=np.int32)


def xywh_to_xyxy(boxes):
    m = np.array([[1, 0, 1, 0], [0, 1, 0, 1], [-0.5, 0, 0.5, 0], [0, -0.5, 0, 0.5]])
    boxes = check(boxes)
    return boxes @ m.astype(boxes.dtype)
