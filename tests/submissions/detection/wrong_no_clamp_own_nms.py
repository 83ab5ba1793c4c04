import numpy as np


def f(a):
    a = np.asarray(a)
    return a if a.dtype in (np.float32, np.float64) else a.astype(np.float64)


def box_area(boxes):
    boxes = f(boxes)
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise ValueError("boxes")
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def box_iou(boxes1, boxes2):
    a, b = f(boxes1), f(boxes2)
    area_a, area_b = box_area(a), box_area(b)
    w = np.minimum(a[:, None, 2], b[None, :, 2]) - np.maximum(a[:, None, 0], b[None, :, 0])
    h = np.minimum(a[:, None, 3], b[None, :, 3]) - np.maximum(a[:, None, 1], b[None, :, 1])
    inter = w * h
    union = area_a[:, None] + area_b[None, :] - inter
    return np.where(union == 0, 0, inter / np.where(union == 0, 1, union))


def nms(boxes, scores, iou_threshold):
    boxes, scores = f(boxes), f(scores)
    if scores.shape != (len(boxes),) or not 0 <= iou_threshold <= 1:
        raise ValueError("arguments")
    order = np.argsort(-scores, kind="mergesort")
    suppressed = np.zeros(len(boxes), bool)
    kept = []
    for pos, i in enumerate(order):
        if not suppressed[i]:
            kept.append(i)
        for j in order[pos + 1:]:
            if box_iou(boxes[i:i + 1], boxes[j:j + 1])[0, 0] > iou_threshold:
                suppressed[j] = True
    return np.array(kept, dtype=int)


def xywh_to_xyxy(boxes):
    boxes = f(boxes)
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise ValueError("boxes")
    out = np.empty_like(boxes)
    out[:, 0], out[:, 1] = boxes[:, 0], boxes[:, 1]
    out[:, 2], out[:, 3] = boxes[:, 0] + boxes[:, 2], boxes[:, 1] + boxes[:, 3]
    return out
