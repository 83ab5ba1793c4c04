import numpy as np


def to_boxes(b):
    b = np.asarray(b)
    if b.dtype not in (np.float32, np.float64):
        b = b.astype(np.float64)
    if b.ndim != 2 or b.shape[1] != 4:
        raise ValueError("boxes")
    return b


def box_area(boxes):
    b = to_boxes(boxes)
    return (b[:, 2] - b[:, 0]) * (b[:, 3] - b[:, 1])


def pair_iou(p, q):
    left, top = max(p[0], q[0]), max(p[1], q[1])
    right, bottom = max(p[2], q[2]), max(p[3], q[3])
    w = max(right - left, 0)
    h = max(bottom - top, 0)
    inter = w * h
    area_p = (p[2] - p[0]) * (p[3] - p[1])
    area_q = (q[2] - q[0]) * (q[3] - q[1])
    union = area_p + area_q - inter
    if union == 0:
        return 0.0
    return inter / union


def box_iou(boxes1, boxes2):
    a, b = to_boxes(boxes1), to_boxes(boxes2)
    out = np.zeros((len(a), len(b)), np.result_type(a, b))
    for i in range(len(a)):
        for j in range(len(b)):
            out[i, j] = pair_iou(a[i], b[j])
    return out


def nms(boxes, scores, iou_threshold):
    b = to_boxes(boxes)
    s = np.asarray(scores)
    if s.shape != (len(b),) or not 0 <= iou_threshold <= 1:
        raise ValueError("args")
    queue = sorted(range(len(b)), key=lambda i: (-s[i], i))
    keep = []
    while queue:
        best = queue.pop(0)
        keep.append(best)
        queue = [i for i in queue if pair_iou(b[best], b[i]) <= iou_threshold]
    return np.array(keep, dtype=int)


def xywh_to_xyxy(boxes):
    b = to_boxes(boxes)
    cx, cy, w, h = b.T
    return np.stack([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2], axis=1)
