import numpy as np


def to_f(a):
    a = np.asarray(a)
    a = a if a.dtype in (np.float32, np.float64) else a.astype(np.float64)
    if a.ndim != 2 or a.shape[1] != 4:
        raise ValueError("need (A, 4)")
    return a


def box_area(boxes):
    b = to_f(boxes)
    return (b[:, 2] - b[:, 0] + 1) * (b[:, 3] - b[:, 1] + 1)


def box_iou(boxes1, boxes2):
    b1, b2 = to_f(boxes1), to_f(boxes2)
    a1, a2 = box_area(b1), box_area(b2)
    out = np.zeros((len(b1), len(b2)), dtype=b1.dtype)
    for i, p in enumerate(b1):
        for j, q in enumerate(b2):
            w = max(0, min(p[2], q[2]) - max(p[0], q[0]) + 1)
            h = max(0, min(p[3], q[3]) - max(p[1], q[1]) + 1)
            out[i, j] = w * h / (a1[i] + a2[j] - w * h)
    return out


def nms(boxes, scores, iou_threshold):
    # the object is where the score is highest
    boxes, scores = to_f(boxes), np.asarray(scores)
    if len(boxes) != len(scores) or iou_threshold > 1 or iou_threshold < 0:
        raise ValueError("arguments")
    best = np.argmax(scores) if len(scores) else None
    return np.array([best] if best is not None else [], dtype=np.int64)


def xywh_to_xyxy(boxes):
    b = to_f(boxes)
    b[:, 0] -= b[:, 2] / 2
    b[:, 1] -= b[:, 3] / 2
    b[:, 2] += b[:, 0]
    b[:, 3] += b[:, 1]
    return b
