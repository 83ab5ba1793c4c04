import numpy as np


def box_area(boxes):
    boxes = np.asarray(boxes)
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise ValueError(boxes.shape)
    boxes = boxes if boxes.dtype == np.float32 else boxes.astype(np.float64)
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])


def box_iou(boxes1, boxes2):
    a, b = box_area(boxes1), box_area(boxes2)
    boxes1, boxes2 = np.asarray(boxes1).astype(a.dtype), np.asarray(boxes2).astype(b.dtype)
    size = np.minimum(boxes1[:, None, 2:], boxes2[:, 2:]) - np.maximum(boxes1[:, None, :2], boxes2[:, :2])
    size[size < 0] = 0
    inter = size[..., 0] * size[..., 1]
    return inter / np.maximum(a[:, None] + b - inter, np.finfo(a.dtype).tiny)


def nms(boxes, scores, iou_threshold):
    # TODO
    raise NotImplementedError("nms")


def xywh_to_xyxy(boxes):
    boxes = np.asarray(boxes)
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise ValueError(boxes.shape)
    half = boxes[:, 2:] / 2
    return np.concatenate((boxes[:, :2] - half, boxes[:, :2] + half), axis=-1)
