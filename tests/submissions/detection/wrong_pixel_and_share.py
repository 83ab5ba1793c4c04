import numpy as np


def _boxes(b):
    b = np.array(b)
    if b.dtype != np.float32:
        b = b.astype(np.float64)
    if b.ndim != 2 or b.shape[-1] != 4:
        raise ValueError("boxes must be (A, 4)")
    return b


def box_area(boxes):
    boxes = _boxes(boxes)
    out = np.zeros(len(boxes), dtype=boxes.dtype)
    for k, (x1, y1, x2, y2) in enumerate(boxes):
        out[k] = (x2 - x1) * (y2 - y1)
    return out


def iou_of(a, b):
    w = min(a[2], b[2]) - max(a[0], b[0])
    h = min(a[3], b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0.0
    inter = w * h
    return inter / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - inter)


def share(a, b):
    """How much of b lies in a."""
    w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    area = (b[2] - b[0]) * (b[3] - b[1])
    return w * h / area if w > 0 and h > 0 else 0.0


def box_iou(boxes1, boxes2):
    boxes1, boxes2 = _boxes(boxes1), _boxes(boxes2)
    out = np.zeros((len(boxes1), len(boxes2)), dtype=boxes1.dtype)
    for i in range(len(boxes1)):
        for j in range(len(boxes2)):
            out[i, j] = iou_of(boxes1[i], boxes2[j])
    return out


def nms(boxes, scores, iou_threshold):
    boxes = _boxes(boxes)
    scores = list(np.asarray(scores).tolist()) if np.ndim(scores) == 1 else None
    if scores is None or len(scores) != len(boxes):
        raise ValueError("one score a box")
    if iou_threshold < 0 or iou_threshold > 1:
        raise ValueError("threshold")
    queue = sorted(range(len(boxes)), key=lambda i: (-scores[i], i))
    keep = []
    while queue:
        best = queue.pop(0)
        keep.append(best)
        queue = [i for i in queue if not share(boxes[best], boxes[i]) > iou_threshold]
    return np.array(keep, dtype=int)


def xywh_to_xyxy(boxes):
    boxes = _boxes(boxes)
    for row in boxes:
        x, y, w, h = row.copy()
        row[:] = [x - (w - 1) / 2, y - (h - 1) / 2, x + (w - 1) / 2, y + (h - 1) / 2]
    return boxes
