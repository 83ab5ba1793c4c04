"""A picture of where an array went wrong: a small SVG, and the values around the largest error as a table.

Arrays may be of any rank and size. Of more than two axes the last two are shown, at the place of the largest error.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from grader.result import Difference

PICTURE_ROWS, PICTURE_COLUMNS = 32, 40  # more are drawn as blocks: keeps the SVG below 40 KB whatever is in the array
TABLE_ROWS, TABLE_COLUMNS = 6, 8
STEPS = 4  # shades between "equal" and "the largest difference"
NOT_FINITE = STEPS + 1  # NaN or infinity against another value: no shade of a difference, but a mark of its own
NOISE = 1e-3  # of the largest difference: less is drawn, and written, as equal
ELLIPSIS = "…"


@dataclass(frozen=True)
class Cell:
    got: str
    expected: str
    wrong: bool = False
    worst: bool = False  # the largest error of the whole array
    cut: bool = False  # stands for the rows or columns left out


@dataclass(frozen=True)
class Picture:
    svg: str  # safe markup: numbers and fixed words only; "" for a single value, of which a picture says nothing
    columns: tuple[str, ...]  # headings of the table; () for a single value
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]  # each with its heading
    shape: str  # "4 × 6"
    shown: str  # "[2, :, :]": the part shown, "" when it is everything
    worst: str  # where the largest error is, for a reader: "row 1, column 3"
    largest: str  # the largest finite difference; "" if there is none
    two_valued: bool  # booleans: equal or not, and no size of a difference
    not_finite: bool  # some value is NaN or infinite where the other is not
    block: str  # "4 × 2" values a square; "" when each value has its own


def draw(difference: Difference, name: str) -> Picture | None:
    """The picture of one difference; `name` keeps the ids of its title apart from those of others on the page.

    None when there is nothing to draw: an empty array, unequal shapes, or values that are not numbers.
    """
    import numpy as np

    got, expected = np.asarray(difference.got), np.asarray(difference.expected)
    numbers = all(a.dtype.kind in "biufc" for a in (got, expected))
    if got.shape != expected.shape or not got.size or not numbers:
        return None
    error = _errors(got, expected)
    peak = np.unravel_index(int(np.argmax(error)), error.shape)
    front = tuple(int(i) for i in peak[:-2])  # of the axes not shown
    at = (0,) * (2 - min(2, got.ndim)) + tuple(int(i) for i in peak[-2:])
    got, expected, error = (np.atleast_2d(a[front]) for a in (got, expected, error))  # a single value or a row: one row
    largest = float(np.max(error, where=np.isfinite(error), initial=0.0))
    if np.isinf(error).any() and largest <= _rounding(got, expected):
        largest = 0.0  # beside a NaN, what is left of rounding is no difference
    levels = _levels(error, largest)

    row_axis, column_axis = len(peak) > 1, len(peak) > 0
    columns, rows = _table(got, expected, levels, at, row_axis)
    worst = [f"row {at[0]}"] if row_axis else []
    worst += [f"{'column' if row_axis else 'index'} {at[1]}"] if column_axis else []
    block = _block(levels.shape)
    shape = " × ".join(map(str, difference.got.shape))
    return Picture(
        svg=_svg(levels, block, name, shape, ", ".join(worst)) if got.size > 1 else "",
        columns=columns if column_axis else (),
        rows=rows,
        shape=shape,
        shown="[" + ", ".join([*map(str, front), ":", ":"]) + "]" if front else "",
        worst=", ".join(worst),
        largest=f"{largest:.3g}" if largest else "",
        two_valued=got.dtype.kind == expected.dtype.kind == "b",
        not_finite=bool((levels == NOT_FINITE).any()),
        block=f"{block[0]} × {block[1]}" if block != (1, 1) else "",
    )


def _errors(got: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """|got − expected| as float64; infinite where only one is a number, or they are unequal infinities."""
    import numpy as np

    wide = np.complex128 if "c" in got.dtype.kind + expected.dtype.kind else np.float64
    with np.errstate(all="ignore"):
        a, b = got.astype(wide), expected.astype(wide)
        error = np.abs(a - b)
        same = (got == expected) | (np.isnan(a) & np.isnan(b))
    both_finite = np.isfinite(a) & np.isfinite(b)
    error = np.where(both_finite, np.minimum(error, np.finfo(np.float64).max), np.inf)
    error[(error == 0) & ~same] = 1.0  # integers beyond 2**53, equal once they are floats
    error[same] = 0.0
    return error


def _rounding(got: np.ndarray, expected: np.ndarray) -> float:
    """What a few roundings can add up to between arrays of such size and type."""
    import numpy as np

    unit = max((float(np.finfo(a.dtype).eps) for a in (got, expected) if a.dtype.kind in "fc"), default=0.0)
    return 8 * unit * float(np.max(np.abs(expected), where=np.isfinite(expected), initial=0.0)) if unit else 0.0


def _levels(error: np.ndarray, largest: float) -> np.ndarray:
    """0 for equal, 1 to STEPS for the share of the largest difference (its root: small ones are seen), NOT_FINITE."""
    import numpy as np

    finite = np.isfinite(error)
    share = np.where(finite, error, 0.0) / (largest or math.inf)
    levels = np.ceil(STEPS * np.sqrt(share))
    levels[share < NOISE] = 0
    levels[~finite] = NOT_FINITE
    found: np.ndarray = levels.astype(np.int8)
    return found


def _block(shape: tuple[int, ...]) -> tuple[int, int]:
    """How many rows and columns go into one square of the picture."""
    return math.ceil(shape[0] / PICTURE_ROWS), math.ceil(shape[1] / PICTURE_COLUMNS)


def _svg(levels: np.ndarray, block: tuple[int, int], name: str, shape: str, worst: str) -> str:
    """One path a shade, each a run of squares: a tenth of the bytes of one <rect> a value."""
    import numpy as np

    for axis in (0, 1):
        if block[axis] > 1:
            levels = np.maximum.reduceat(levels, np.arange(0, levels.shape[axis], block[axis]), axis=axis)
    height, width = levels.shape
    squares: list[list[str]] = [[] for _ in range(NOT_FINITE + 1)]
    crosses: list[str] = []
    for y, row in enumerate(levels.tolist()):
        x = 0
        for level, run in groupby(row):
            length = len(list(run))
            if level:
                squares[level].append(f"M{x} {y}h{length}v1h-{length}z")
            if level == NOT_FINITE:
                crosses += [f"M{x + i} {y}l1 1m0-1l-1 1" for i in range(length)]
            x += length
    shades = "".join(f'<path class="h{level}" d="{"".join(path)}"/>' for level, path in enumerate(squares) if path)
    marks = f'<path class="cross" d="{"".join(crosses)}"/>' if crosses else ""
    rules = "".join(f"M{x} 0v{height}" for x in range(1, width)) + "".join(f"M0 {y}h{width}" for y in range(1, height))
    side = min(28, 480 // width, 336 // height)  # pixels; a wide picture shrinks with the page
    return (
        f'<svg role="img" aria-labelledby="{name}-title {name}-what" viewBox="0 0 {width} {height}"'
        f' width="{width * side}" height="{height * side}"><title id="{name}-title">Where the values differ</title>'
        f'<desc id="{name}-what">Picture of the {shape} array; the largest error is at {worst}.</desc>'
        f'<path class="h0" d="M0 0h{width}v{height}h-{width}z"/>{shades}{marks}<path class="rule" d="{rules}"/></svg>'
    )


def _window(length: int, centre: int, size: int) -> range:
    """At most `size` indices around `centre`."""
    start = max(0, min(centre - size // 2, length - size))
    return range(start, min(length, start + size))


def _table(
    got: np.ndarray, expected: np.ndarray, levels: np.ndarray, at: tuple[int, ...], row_axis: bool
) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[Cell, ...]], ...]]:
    """The values around the largest error, with "…" where the array goes on."""
    height, width = got.shape
    ys, xs = _window(height, at[0], TABLE_ROWS), _window(width, at[1], TABLE_COLUMNS)
    left, right = xs.start > 0, xs.stop < width
    gap = Cell(ELLIPSIS, ELLIPSIS, cut=True)
    columns = (*[ELLIPSIS] * left, *map(str, xs), *[ELLIPSIS] * right)
    rows: list[tuple[str, tuple[Cell, ...]]] = []
    for y in ys:
        cells = [_cell(got[y, x].item(), expected[y, x].item(), bool(levels[y, x]), (y, x) == at) for x in xs]
        rows.append((str(y) if row_axis else "", (*[gap] * left, *cells, *[gap] * right)))
    through = (ELLIPSIS, (gap,) * len(columns))
    return columns, (*[through] * (ys.start > 0), *rows, *[through] * (ys.stop < height))


def _cell(got: Any, expected: Any, wrong: bool, worst: bool) -> Cell:
    worst = worst and wrong
    for digits in (4, 7, 10, 17):  # as few as tell the two apart
        texts = _number(got, digits), _number(expected, digits)
        if not wrong or texts[0] != texts[1]:
            break
    return Cell(*texts, wrong, worst)


def _number(value: Any, digits: int) -> str:
    return str(value) if isinstance(value, int) else f"{value:.{digits}g}"  # a bool is an int and stays a word
