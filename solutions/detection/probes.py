"""Whether what nms keeps follows from the submission's own IoU: it tells a wrong nms from one that uses a wrong IoU."""

import numpy as np


def iou_behind_nms(module, boxes, scores, threshold):
    """The IoU to three digits where nms goes by it: where a box is kept if no better one kept overlaps it too much."""
    try:
        boxes, scores = np.asarray(boxes), np.asarray(scores)
        kept = [int(index) for index in module.nms(boxes, scores, threshold)]
        iou = np.asarray(module.box_iou(boxes, boxes), dtype=np.float64)
        for index in range(len(boxes)):
            better = [k for k in kept if (-scores[k], k) < (-scores[index], index)]
            if (iou[index, better] > threshold).any() == (index in kept):
                return "another"
        in_order = kept == sorted(kept, key=lambda index: (-scores[index], index))
        return np.round(iou, 3) if in_order else "another"
    except Exception:
        return "another"
