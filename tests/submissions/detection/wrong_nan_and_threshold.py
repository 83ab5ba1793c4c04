import numpy as np


def conv(b):
    b = np.asarray(b)
    if b.dtype not in (np.float32, np.float64):
        b = b.astype(np.float64)
    if b.ndim != 2 or b.shape[1] != 4:
        raise ValueError("boxes must be (A, 4)")
    return b


def box_area(boxes):
    boxes = conv(boxes)
    w, h = (boxes[:, 2:] - boxes[:, :2]).T
    return w * h


def box_iou(boxes1, boxes2):
    boxes1, boxes2 = conv(boxes1), conv(boxes2)
    lt = np.maximum(boxes1[:, np.newaxis, 0:2], boxes2[np.newaxis, :, 0:2])
    rb = np.minimum(boxes1[:, np.newaxis, 2:4], boxes2[np.newaxis, :, 2:4])
    inter = np.prod(np.maximum(rb - lt, 0.0), axis=2).astype(boxes1.dtype)
    return inter / (box_area(boxes1)[:, np.newaxis] + box_area(boxes2) - inter)


def nms(boxes, scores, iou_threshold):
    boxes, scores = conv(boxes), np.asarray(scores)
    if scores.shape != boxes.shape[:1]:
        raise ValueError("scores")
    if not 0 <= iou_threshold <= 1:
        raise ValueError("threshold")
    order = (-scores).argsort(kind="stable")
    keep = []
    while order.size:
        i = order[0]
        keep.append(i)
        ious = box_iou(boxes[i][None], boxes[order[1:]])[0]
        order = order[1:][ious < iou_threshold]
    return np.array(keep, dtype=np.int64)


def xywh_to_xyxy(boxes):
    raise NotImplementedError("xywh_to_xyxy")
