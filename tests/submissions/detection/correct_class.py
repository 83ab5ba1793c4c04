from dataclasses import dataclass

import numpy as np


@dataclass
class Boxes:
    data: np.ndarray

    @classmethod
    def of(cls, values):
        data = np.asarray(values)
        if data.dtype.kind != "f":
            data = data.astype(float)
        if data.shape != (data.shape[0] if data.ndim else 0, 4):
            raise ValueError("not boxes")
        return cls(data)

    @property
    def area(self):
        return (self.data[:, 2] - self.data[:, 0]) * (self.data[:, 3] - self.data[:, 1])

    def iou(self, other):
        low = np.maximum(self.data[:, None, :2], other.data[:, :2])
        high = np.minimum(self.data[:, None, 2:], other.data[:, 2:])
        shared = (high - low).clip(min=0).prod(axis=-1)
        union = np.add.outer(self.area, other.area) - shared
        return np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)


def box_area(boxes):
    return Boxes.of(boxes).area


def box_iou(boxes1, boxes2):
    return Boxes.of(boxes1).iou(Boxes.of(boxes2))


def nms(boxes, scores, iou_threshold):
    b = Boxes.of(boxes)
    scores = np.asarray(scores, dtype=float)
    if scores.shape != (len(b.data),) or not 0 <= iou_threshold <= 1:
        raise ValueError("bad arguments")
    order = np.lexsort((np.arange(len(scores)), -scores))
    keep = []
    while len(order) > 0:
        first, rest = order[0], order[1:]
        keep.append(first)
        overlap = b.iou(Boxes(b.data[first:first + 1]))[rest, 0]
        order = rest[~(overlap > iou_threshold)]
    return np.array(keep).astype(np.intp)


def xywh_to_xyxy(boxes):
    x, y, w, h = Boxes.of(boxes).data.T
    return np.stack([x - 0.5 * w, y - 0.5 * h, x + 0.5 * w, y + 0.5 * h], axis=-1)
