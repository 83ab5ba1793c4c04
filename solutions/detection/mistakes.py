"""Known mistakes in box areas, IoU, non-maximum suppression and centre form."""

from grader.suite import Mistake, replace
from grader.suite.edits import edited

AREA_START = "boxes = as_float(boxes)\n    check_boxes(boxes)\n    widths"
AREA_SIZES = "widths = boxes[:, 2] - boxes[:, 0]\n    heights = boxes[:, 3] - boxes[:, 1]"
AREA = "return widths * heights"

SIDES = "sides = np.maximum(bottom_right - top_left, 0)"
INTERSECTION = "intersection = sides[..., 0] * sides[..., 1]"
SIZE1 = "size1 = boxes1[:, 2:] - boxes1[:, :2]"
SIZE2 = "size2 = boxes2[:, 2:] - boxes2[:, :2]"
UNION = "union = area1[:, None] + area2[None, :] - intersection"
DIVISOR = "divisor = np.where(union == 0, 1, union)"
IOU = "return intersection / divisor"

ORDER = 'order = np.argsort(-scores, kind="stable")'
COMPARED = "overlaps = iou[candidate, kept]"
TOO_MUCH = "if not np.any(overlaps > iou_threshold):"
KEPT = "return np.array(kept, dtype=np.int64)"

CENTRE = "centre = boxes[:, :2]"
HALF = "half = boxes[:, 2:] / 2"
EDGES = "return np.concatenate([centre - half, centre + half], axis=1)"
CENTRE_START = "boxes = as_float(boxes)\n    check_boxes(boxes)\n    centre"

LOOP = """for candidate in order:
        overlaps = iou[candidate, kept]
        if not np.any(overlaps > iou_threshold):
            kept.append(candidate)"""
REMAINING = """while len(order):
        best, rest = order[0], order[1:]
        kept.append(best)
        order = {}"""
POSITIONS = "np.where(iou[best, rest] <= iou_threshold)[0]"
NMS_IOU = "iou = box_iou(boxes, boxes)"

ENLARGED = [f"union + {tiny}" for tiny in ("1e-8", "1e-7", "1e-6", "1e-5", "1e-3", "1")]
ENLARGED += [f"np.maximum(union, {tiny})" for tiny in ("1e-6", "1e-5", "1e-3", "1")]
ENLARGED += ["np.where(union == 0, 1, union + 1e-6)"]


def in_nms_only(*edits):
    """The edits in an IoU that nms has for itself, and not in box_iou."""

    def edit(source):
        start, end = "def box_iou(", "def nms("
        wrong = edited(source, edits)
        own = start + wrong.partition(start)[2].partition(end)[0]
        return replace(NMS_IOU, NMS_IOU.replace("box_iou", "own_iou"))(source) + own.replace("box_iou", "own_iou")

    return edit


def everywhere_and_in_nms_only(*variants):
    """Each variant, and then each variant with a right box_iou."""
    variants = [[variant] if callable(variant) else list(variant) for variant in variants]
    return [*variants, *(in_nms_only(*edits) for edits in variants)]


MISTAKES = [
    Mistake(
        "negative_overlap",
        "A negative overlap is not set to zero",
        """Where two boxes lie apart, min(x2) − max(x1) is negative: there is no overlap, and its width is 0. Used as it
        is, it gives a negative IoU, and for boxes apart in x and in y the product of two negative sides is a positive
        area out of nothing. Clamp width and height at 0 one by one, before they are multiplied.""",
        *everywhere_and_in_nms_only(
            replace(SIDES, "sides = bottom_right - top_left"),
            [
                replace(SIDES, "sides = bottom_right - top_left"),
                replace(INTERSECTION, "intersection = np.maximum(sides[..., 0] * sides[..., 1], 0)"),
            ],
            [
                replace(SIDES, "sides = bottom_right - top_left"),
                replace(INTERSECTION, "intersection = np.abs(sides[..., 0] * sides[..., 1])"),
            ],
            [
                replace(SIDES, "sides = bottom_right - top_left"),
                replace(IOU, "return np.maximum(intersection / divisor, 0)"),
            ],
        ),
        replace(SIDES, "sides = bottom_right - top_left\n    sides[..., 0] = np.maximum(sides[..., 0], 0)"),
        replace(SIDES, "sides = bottom_right - top_left\n    sides[..., 1] = np.maximum(sides[..., 1], 0)"),
        formula=r"w = \max(0,\; \min(x_2, x_2') - \max(x_1, x_1'))",
    ),
    Mistake(
        "union_counts_intersection_twice",
        "The union counts the intersection twice",
        """The sum of both areas counts what the boxes share twice, so it has to be subtracted once. Without that, a box
        has an IoU of 1/2 with itself instead of 1. Subtracted twice, the shared part is not counted at all.""",
        *everywhere_and_in_nms_only(
            replace(UNION, "union = area1[:, None] + area2[None, :] + 0 * intersection"),
            replace(UNION, "union = area1[:, None] + area2[None, :] - 2 * intersection"),
            replace(UNION, "union = area1[:, None] + area2[None, :] + intersection"),
        ),
        formula=r"|a \cup b| = |a| + |b| - |a \cap b|",
    ),
    Mistake(
        "union_enlarged",
        "A small number stands in the divisor of the IoU",
        """An IoU has no unit: the same boxes in metres and in pixels overlap by the same share. A number such as 10⁻⁶
        that is added to the union, or that the union is raised to, does not have that property. For boxes in pixels
        nothing is to be seen, but in coordinates from 0 to 1 the union of two small boxes is no larger than the number,
        and their IoU shrinks. Leave the union as it is, and provide for a union of 0 alone.""",
        *(replace(DIVISOR, f"divisor = {code}") for code in ENLARGED),
        *(in_nms_only(replace(DIVISOR, f"divisor = union + {tiny}")) for tiny in ("1e-6", "1e-5", "1e-3")),
        formula=r"\frac{|a \cap b|}{|a \cup b| + 10^{-6}}",
    ),
    Mistake(
        "divided_by_one_area",
        "The intersection is divided by the area of one box, not by that of the union",
        """A small box inside a large one covers all of itself and little of the other. Divided by one of the two areas
        the overlap is 1 or next to nothing, depending on which box is asked; the union of both gives the same answer
        for (a, b) and (b, a).""",
        *everywhere_and_in_nms_only(
            replace(UNION, "union = area1[:, None] + 0 * area2[None, :]"),
            replace(UNION, "union = 0 * area1[:, None] + area2[None, :]"),
            replace(UNION, "union = np.minimum(area1[:, None], area2[None, :])"),
            replace(UNION, "union = np.maximum(area1[:, None], area2[None, :])"),
        ),
        formula=r"\mathrm{IoU}(a, b) = \frac{|a \cap b|}{|a| + |b| - |a \cap b|}",
    ),
    Mistake(
        "corner_for_centre",
        "The centre is taken for the corner",
        """In centre form x and y are the middle of the box, not its top-left corner: half of the width lies to the left
        of x and half to the right. With x and y as the corner, every box is moved by half of its size.""",
        replace(EDGES, "return np.concatenate([centre, centre + boxes[:, 2:]], axis=1)"),
        replace(EDGES, "return np.concatenate([centre - boxes[:, 2:], centre], axis=1)"),
        formula=r"x_1 = x - \tfrac{w}{2}, \quad x_2 = x + \tfrac{w}{2}",
    ),
    Mistake(
        "size_not_halved",
        "The whole size is added on both sides of the centre",
        """Only half of the width lies on either side of the centre. With the whole width on both sides each box becomes
        twice as wide and twice as high.""",
        replace(HALF, "half = boxes[:, 2:]"),
        formula=r"x_1 = x - \tfrac{w}{2}, \quad x_2 = x + \tfrac{w}{2}",
    ),
    Mistake(
        "centre_overwritten",
        "The second edge starts from the first edge instead of the centre",
        """Once x has been overwritten with x − w/2, the line for the other edge adds w/2 to the edge, not to the
        centre, and gives the centre itself. Compute both edges from the centre before either is stored: work on a copy
        or in new variables.""",
        replace(EDGES, "return np.concatenate([centre - half, centre], axis=1)"),
        replace(EDGES, "return np.concatenate([centre, centre + half], axis=1)"),
        formula=r"x_1 = x - \tfrac{w}{2}, \quad x_2 = x + \tfrac{w}{2}",
    ),
    Mistake(
        "pixel_taken_off",
        "One pixel is taken off the width before it is halved",
        """(w − 1)/2 is the distance from the middle of a row of w pixels to the middle of its last pixel. Here
        coordinates are real numbers, and the box reaches w/2 to either side of the centre.""",
        replace(HALF, "half = (boxes[:, 2:] - 1) / 2"),
        formula=r"x_1 = x - \tfrac{w}{2}, \quad x_2 = x + \tfrac{w}{2}",
    ),
    Mistake(
        "one_pixel_added",
        "One pixel is added to widths and heights",
        """x2 − x1 + 1 counts the pixels from index x1 to index x2, both included. Here coordinates are real numbers,
        and the width is x2 − x1: otherwise an empty box has area 1, and a box in coordinates from 0 to 1 is mostly made
        of the pixel that was added.""",
        *everywhere_and_in_nms_only(
            *(
                [
                    replace(AREA, "return (widths + 1) * (heights + 1)"),
                    replace(SIDES, f"sides = np.maximum(bottom_right - top_left + {of_sides}, 0)"),
                    replace(SIZE1, f"{SIZE1} + {of_boxes}"),
                    replace(SIZE2, f"{SIZE2} + {of_boxes}"),
                ]
                for of_sides, of_boxes in [(1, 1), (0, 1), (1, 0)]
            ),
            [
                replace(SIDES, "sides = np.maximum(bottom_right - top_left, 0) + 1"),
                replace(SIZE1, f"{SIZE1} + 1"),
                replace(SIZE2, f"{SIZE2} + 1"),
            ],
        ),
        replace(EDGES, "return np.concatenate([centre - half, centre + half - 1], axis=1)"),
        replace(EDGES, "return np.concatenate([centre - half, centre + half + 1], axis=1)"),
    ),
    Mistake(
        "division_by_empty_union",
        "The IoU of two empty boxes is 0/0",
        """Two boxes without an area have a union of 0, and 0/0 is NaN, which then spreads through every mean and
        compares as false with every threshold. Their IoU is 0 by definition here: divide by something else where the
        union is 0.""",
        replace(DIVISOR, "divisor = union"),
        replace(DIVISOR, "divisor = union\n    if (union == 0).any():\n        raise ZeroDivisionError"),
    ),
    Mistake(
        "suppressed_at_the_threshold",
        "A box is suppressed although its IoU only equals the threshold",
        """The rule says "greater than": a box goes only if its IoU exceeds the threshold. With ≥ a threshold of 0 would
        suppress every box but one, since boxes apart have IoU 0, and a threshold of 1 would not keep all.""",
        replace(TOO_MUCH, "if not np.any(overlaps >= iou_threshold):"),
    ),
    Mistake(
        "lowest_score_first",
        "The boxes come by rising score",
        """argsort sorts upwards, so the worst box comes first: it stays, and suppresses the good ones that it overlaps.
        Sort by −scores, and return the indices in this order too: the best box stands first.""",
        replace(ORDER, 'order = np.argsort(scores, kind="stable")'),
        replace(ORDER, 'order = np.argsort(-scores, kind="stable")[::-1]'),
        replace(KEPT, "return np.array(kept[::-1], dtype=np.int64)"),
        [
            replace(ORDER, 'order = np.argsort(scores, kind="stable")'),
            replace(KEPT, "return np.array(kept[::-1], dtype=np.int64)"),
        ],
    ),
    Mistake(
        "scores_ignored",
        "The boxes are taken in the order in which they came",
        """Which of two overlapping boxes stays is decided by their scores, not by their places in the array. Sort the
        boxes by falling score first.""",
        replace(ORDER, "order = np.arange(len(scores))"),
    ),
    Mistake(
        "sorted_by_an_edge",
        "The boxes are sorted by an edge instead of by their scores",
        """An older suppression without scores goes through the boxes from the bottom of the image to its top. Here the
        scores decide which of two overlapping boxes stays, and in which order they come.""",
        *(
            replace(ORDER, f"order = np.argsort({sorted_by}, kind='stable'){turned}")
            for edge in (2, 3)
            for sorted_by, turned in ((f"boxes[:, {edge}]", "[::-1]"), (f"-boxes[:, {edge}]", ""))
        ),
    ),
    Mistake(
        "kept_sorted_by_index",
        "The indices are returned by size, not by score",
        """The right boxes stay, but their indices come in rising order. np.where, np.flatnonzero and a mask forget the
        order in which boxes were chosen. Collect the indices one by one, by falling score.""",
        replace(KEPT, "return np.array(sorted(kept), dtype=np.int64)"),
    ),
    Mistake(
        "ties_to_the_larger_index",
        "Of equal scores the larger index comes first",
        """Turning round a rising sort, `argsort(scores)[::-1]`, also turns round the boxes of equal score. A stable
        sort of −scores keeps them in their order.""",
        replace(ORDER, 'order = np.argsort(scores, kind="stable")[::-1]'),
    ),
    Mistake(
        "suppressed_boxes_suppress",
        "Boxes that are suppressed suppress others",
        """Non-maximum suppression is greedy: a box that has gone is out of the game. Compared with *all* boxes of a
        higher score, a box in a row of overlapping ones falls to a neighbour that did not survive itself, and an object
        is lost. Compare each box only with those that stay.""",
        replace(COMPARED, "overlaps = iou[candidate, order[: list(order).index(candidate)]]"),
    ),
    Mistake(
        "only_the_best_box",
        "Only the best-scoring box is returned",
        """Taking the class of the highest score is classification. A detector finds any number of objects in an image:
        every box stays that does not overlap a better one too much, also one with a low score of its own.""",
        replace(KEPT, "return np.array(kept[:1], dtype=np.int64)"),
        replace(KEPT, "return np.argmax(scores)"),
        replace(KEPT, "return np.array([np.argmax(scores)])"),
        replace(KEPT, "return [np.argmax(scores)]"),
        replace(KEPT, "return kept[0] if kept else np.zeros(0, dtype=np.int64)"),
        replace(KEPT, "return boxes[np.argmax(scores)]"),
        textbook=True,
    ),
    Mistake(
        "mask_for_indices",
        "A mask or the boxes are returned, not the indices",
        """A mask says which boxes stay, but not in which order, and the boxes themselves no longer say which they were.
        The indices serve for boxes, scores and classes alike: return those.""",
        replace(KEPT, "return np.isin(np.arange(len(boxes)), kept)"),
        replace(KEPT, "return boxes[kept]"),
        replace(KEPT, "return boxes[kept], scores[kept]"),
        replace(KEPT, "return np.array(kept, dtype=np.int64), scores[kept]"),
    ),
    Mistake(
        "integers_kept",
        "The answer has the integer type of the input",
        """Integer boxes give integer areas, and an array of integers cannot hold half a width: 1.5 becomes 1. Convert
        integers and lists to float64 before anything else.""",
        [
            replace(AREA_START, f"original = np.asarray(boxes)\n    {AREA_START}"),
            replace(AREA, "return (widths * heights).astype(original.dtype)"),
            replace(CENTRE_START, f"original = np.asarray(boxes)\n    {CENTRE_START}"),
            replace(EDGES, f"{EDGES}.astype(original.dtype)"),
        ],
        [
            replace(CENTRE_START, f"original = np.asarray(boxes)\n    {CENTRE_START}"),
            replace(HALF, "half = boxes[:, 2:] // 2 if original.dtype.kind == 'i' else boxes[:, 2:] / 2"),
            replace(EDGES, f"{EDGES}.astype(original.dtype)"),
        ],
    ),
    Mistake(
        "modified_in_place",
        "An input is modified in place",
        """`boxes[:, 0] -= boxes[:, 2] / 2` and `scores[i] = 0` write into the arrays of the caller, who then goes on
        with other boxes and scores than before. Work on a copy, or build a new array.""",
        [
            replace(
                EDGES, "boxes[...] = np.concatenate([centre - half, centre + half], axis=1)\n    return boxes.copy()"
            ),
            replace(KEPT, f"scores[...] = 0\n    {KEPT}"),
        ],
        [
            replace(
                EDGES, "boxes[:, :2] = centre - half\n    return np.concatenate([centre, centre + 2 * half], axis=1)"
            ),
            replace(KEPT, f"scores[...] = -1\n    {KEPT}"),
        ],
    ),
    Mistake(
        "positions_for_indices",
        "Positions among the boxes that are left are taken for indices of boxes",
        """np.where on the IoUs with the rest counts from 0 in `rest`, not in `boxes`: after the first round the two are
        no longer the same, and boxes come back that were kept or suppressed already. Look the positions up:
        rest[np.where(…)[0]], or keep a mask of all boxes.""",
        *(replace(LOOP, REMAINING.format(left)) for left in (POSITIONS, f"order[{POSITIONS}]")),
    ),
    Mistake(
        "overlapping_boxes_kept",
        "The boxes that overlap are kept, and the others go",
        """Suppression is for boxes that show the same object: those whose IoU with a box that stays is greater than the
        threshold. Here the comparison is turned round, and it is the boxes of other objects that go.""",
        replace(LOOP, REMAINING.format("rest[iou[best, rest] > iou_threshold]")),
    ),
    Mistake(
        "converted_backwards",
        "Corners are taken for given and turned into centre and size",
        """xywh_to_xyxy is given centre and size, and answers corners: c − s/2 and c + s/2. Here the formulas are those
        of the way back, (x1 + x2)/2 and x2 − x1.""",
        replace(EDGES, "return np.concatenate([(centre + boxes[:, 2:]) / 2, boxes[:, 2:] - centre], axis=1)"),
    ),
    Mistake(
        "only_the_best_suppresses",
        "Only the best box suppresses others",
        """Each box that is kept suppresses those that overlap it too much. Compared with the best one alone, all
        duplicates of the second object stay.""",
        replace(COMPARED, "overlaps = iou[candidate, kept[:1]]"),
    ),
    Mistake(
        "sides_added",
        "The sides are added, not multiplied",
        """width + height is half of the outline. The area is width · height.""",
        replace(AREA, "return widths + heights"),
        replace(AREA, "return 2 * (widths + heights)"),
    ),
    Mistake(
        "coordinates_in_another_order",
        "The coordinates are taken in another order than x1, y1, x2, y2",
        """A row is [x1, y1, x2, y2]: first one corner, then the other. Not both x and then both y, and not a corner
        with width and height.""",
        replace(AREA_SIZES, "widths = boxes[:, 1] - boxes[:, 0]\n    heights = boxes[:, 3] - boxes[:, 2]"),
        replace(AREA_SIZES, "widths = boxes[:, 2]\n    heights = boxes[:, 3]"),
        replace(EDGES, "return np.concatenate([centre - half, centre + half], axis=1)[:, [0, 2, 1, 3]]"),
    ),
    Mistake(
        "dice",
        "Twice the intersection is divided by the sum of the areas",
        """That is the Dice coefficient, or F1. The IoU divides by the area of the union, where what both cover counts
        once.""",
        [
            replace(UNION, "union = area1[:, None] + area2[None, :]"),
            replace(IOU, "return 2 * intersection / divisor"),
        ],
        formula=r"\mathrm{IoU} = \frac{|a \cap b|}{|a \cup b|} \ne \frac{2 |a \cap b|}{|a| + |b|}",
    ),
    Mistake(
        "enclosing_box_for_union",
        "The area of the box around both stands in place of the union",
        """The smallest box around two boxes holds corners that belong to neither. It has its place in the generalised
        IoU; the union is |a| + |b| − |a ∩ b|.""",
        replace(
            UNION,
            "hull = np.maximum(boxes1[:, None, 2:], boxes2[None, :, 2:]) - np.minimum(boxes1[:, None, :2],"
            " boxes2[None, :, :2])\n    union = hull[..., 0] * hull[..., 1]",
        ),
        replace(
            IOU,
            "hull = np.maximum(boxes1[:, None, 2:], boxes2[None, :, 2:]) - np.minimum(boxes1[:, None, :2],"
            " boxes2[None, :, :2])\n    hull = hull[..., 0] * hull[..., 1]\n"
            "    return intersection / divisor - (hull - union) / np.where(hull == 0, 1, hull)",
        ),
    ),
    Mistake(
        "compared_with_the_last_kept",
        "A box is compared with the last kept box only",
        """A box stays unless it overlaps with any of the boxes that stay already. The one kept just before may lie
        elsewhere in the image.""",
        replace(COMPARED, "overlaps = iou[candidate, kept[-1:]]"),
    ),
    Mistake(
        "overlap_with_all_needed",
        "A box is suppressed only if it overlaps with all kept boxes, or stays if it misses one",
        """One kept box that overlaps by more than the threshold is enough to suppress: any, not all.""",
        replace(TOO_MUCH, "if not kept or not np.all(overlaps > iou_threshold):"),
    ),
    Mistake(
        "low_scores_dropped",
        "Boxes with a low score are dropped",
        """A threshold for the scores is often applied before, but it is no part of this: a box with a low score stays
        where nothing suppresses it.""",
        *(
            replace(TOO_MUCH, f"if scores[candidate] > {number} and not np.any(overlaps > iou_threshold):")
            for number in ("0.5", "iou_threshold", "0.3")
        ),
    ),
    Mistake(
        "places_in_the_order",
        "The places in the sorted order are returned, not the indices of the boxes",
        """Once the boxes are sorted, a place in the order is no longer the index in `boxes`: order[place] is.""",
        replace(KEPT, "return np.array([list(order).index(each) for each in kept], dtype=np.int64)"),
    ),
    Mistake(
        "half_rounded",
        "Half of the size is rounded down",
        """`//` drops the fraction: a width of 3 has 1.5 on each side of the centre, and coordinates are real
        numbers.""",
        replace(HALF, "half = boxes[:, 2:] // 2"),
    ),
]
