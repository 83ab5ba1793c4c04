import numpy as np


def box_area(boxes):
    boxes = np.asarray(boxes)
    if boxes.shape[-1] != 4:
        raise ValueError("4 numbers a box")
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def box_iou(boxes1, boxes2):
    boxes1 = np.asarray(boxes1)
    boxes2 = np.asarray(boxes2)
    a1, a2 = box_area(boxes1), box_area(boxes2)
    tl = np.maximum(boxes1[:, None, :2], boxes2[:, :2])
    br = np.minimum(boxes1[:, None, 2:], boxes2[:, 2:])
    wh = np.clip(br - tl, 0, np.inf)
    inter = wh[:, :, 0] * wh[:, :, 1]
    return inter / (a1[:, None] + a2)


def nms(boxes, scores, iou_threshold):
    if not 0 <= iou_threshold <= 1:
        raise ValueError("iou_threshold")
    boxes = np.asarray(boxes)
    if len(scores) != len(boxes):
        raise ValueError("scores")
    order = list(np.argsort(scores, kind="stable"))
    keep = []
    while order:
        i = order.pop(0)
        keep.append(i)
        order = [j for j in order if own_iou(boxes[i], boxes[j]) <= iou_threshold]
    return np.array(keep, dtype=np.int64)


def own_iou(a, b):
    w = max(0.0, min(a[2], b[2]) - max(a[0], b[0]))
    h = max(0.0, min(a[3], b[3]) - max(a[1], b[1]))
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - w * h
    return w * h / union if union > 0 else 0.0


def xywh_to_xyxy(boxes):
    boxes = np.asarray(boxes, dtype=np.float32 if np.asarray(boxes).dtype == np.float32 else np.float64)
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise ValueError("boxes")
    wh = boxes[:, 2:] * 0.5
    return np.hstack([boxes[:, :2] - wh, boxes[:, :2] + wh])
