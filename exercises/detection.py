"""Boxes for object detection: area, IoU and non-maximum suppression

A box is a row [x1, y1, x2, y2] of its left, top, right and bottom edges (x1 ≤ x2, y1 ≤ y2). Coordinates are
real numbers, not pixel indices, so the width is x2 − x1. A box may be empty (width or height 0).

1. `box_area(boxes)`: (A, 4) → (A,).
2. `box_iou(boxes1, boxes2)`: (A, 4) and (B, 4) → (A, B), entry [i, j] the intersection over union of boxes1[i]
   and boxes2[j]:

       IoU(a, b) = |a ∩ b| / |a ∪ b|        |a ∪ b| = |a| + |b| − |a ∩ b|

   Two boxes that do not overlap, or only touch, have IoU 0; where the union is 0 (both boxes empty) the IoU is
   0 as well. An IoU does not depend on the unit of length: boxes with sides of 0.001 are treated like large ones.
3. `nms(boxes, scores, iou_threshold)`: boxes (A, 4), scores (A,) → a 1-D integer array of the indices of the
   boxes that stay, in the order of falling score. Go through the boxes from the highest score to the lowest
   (equal scores: the smaller index first). A box stays unless its IoU with a box that stays already is greater
   than `iou_threshold`.
4. `xywh_to_xyxy(boxes)`: (A, 4) rows [x_centre, y_centre, width, height] → (A, 4) rows [x1, y1, x2, y2].

A or B may be 0: no boxes, an array of shape (0, 4), give an empty result of the right shape. ValueError is
raised by boxes that are not (·, 4), by scores that are not (A,), and by an `iou_threshold` outside [0, 1].

float32 and float64 answer in their own dtype; integers and lists are promoted to float64. No input is modified.

>>> box_iou([[0, 0, 2, 2]], [[1, 0, 3, 2], [5, 5, 6, 6]]).round(4).tolist()
[[0.3333, 0.0]]
"""

import numpy as np


def box_area(boxes: np.ndarray) -> np.ndarray:
    """The area of each box: (A, 4) → (A,)."""
    # TODO
    raise NotImplementedError("box_area")


def box_iou(boxes1: np.ndarray, boxes2: np.ndarray) -> np.ndarray:
    """The intersection over union of every pair: (A, 4) and (B, 4) → (A, B)."""
    # TODO
    raise NotImplementedError("box_iou")


def nms(boxes: np.ndarray, scores: np.ndarray, iou_threshold: float) -> np.ndarray:
    """The indices of the boxes that non-maximum suppression keeps, by falling score."""
    # TODO
    raise NotImplementedError("nms")


def xywh_to_xyxy(boxes: np.ndarray) -> np.ndarray:
    """Boxes given by centre and size as boxes given by their edges: (A, 4) → (A, 4)."""
    # TODO
    raise NotImplementedError("xywh_to_xyxy")
