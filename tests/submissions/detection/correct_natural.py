import numpy as np
def box_area(boxes):
    boxes = np.asarray(boxes)
    if boxes.dtype.kind != 'f': boxes = boxes.astype(float)
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
def box_iou(boxes1, boxes2):
    boxes1, boxes2 = np.asarray(boxes1), np.asarray(boxes2)
    if boxes1.dtype.kind != "f": boxes1 = boxes1.astype(float)
    if boxes2.dtype.kind != "f": boxes2 = boxes2.astype(float)
    lt = np.maximum(boxes1[:, None, :2], boxes2[None, :, :2])
    rb = np.minimum(boxes1[:, None, 2:], boxes2[None, :, 2:])
    wh = np.clip(rb - lt, 0, None)
    inter = wh[..., 0] * wh[..., 1]
    union = box_area(boxes1)[:, None] + box_area(boxes2)[None, :] - inter
    out = np.zeros_like(inter)
    np.divide(inter, union, out=out, where=union > 0)
    return out
def nms(boxes, scores, iou_threshold):
    if not 0 <= iou_threshold <= 1:
        raise ValueError("threshold")
    order = np.argsort(-np.asarray(scores, dtype=float), kind="stable")
    iou = box_iou(boxes, boxes)
    keep = []
    for i in order:
        if all(iou[i, j] <= iou_threshold for j in keep):
            keep.append(i)
    return np.array(keep, dtype=int)
def xywh_to_xyxy(boxes):
    boxes = np.asarray(boxes)
    if boxes.dtype.kind != "f": boxes = boxes.astype(float)
    cx, cy, w, h = boxes.T
    return np.stack([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2], axis=1)
