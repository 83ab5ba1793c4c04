"""Comparing what a submission answered with what is right.

Type, shape, dtype and finiteness come before values: an empty array, a scalar for a matrix or a NaN must never
pass because a tolerance was kind to it. What is expected decides what is accepted:

- an array: an array of that shape and dtype (any integer dtype where integers are expected, unless `exact_dtype`);
- a NumPy scalar or a 0-d array: either of them in that dtype, or a Python number of that kind;
- a tensor: a tensor of that shape and dtype;
- a float, int, bool, str or None: one of that kind (NumPy's scalars count);
- a tuple or list: a tuple or list of as many; a dict: a dict with the same keys.

Two floats are close when |got − expected| ≤ rtol·|expected| + atol·max(scale, 0.1), scale being the largest
finite |expected| of the array: sums in another order err in proportion to the largest term, not to the result.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from grader.result import Difference
from grader.sandbox.protocol.codec import Opaque, Tensor

# dtype → (rtol, atol). About a thousand units in the last place for float32, more for float64, where nothing is
# lost by it: a mistake of the exercise is a thousand times larger still.
TOLERANCES = {
    "float16": (1e-2, 1e-2),
    "bfloat16": (5e-2, 5e-2),
    "float32": (1e-4, 1e-5),
    "complex64": (1e-4, 1e-5),
    "float64": (1e-7, 1e-9),
    "complex128": (1e-7, 1e-9),
}
SMALLEST_SCALE = 0.1
NUMPY_1 = np.__version__.startswith("1.")
BLOCK = 1 << 16  # elements that are compared at a time
MAX_KEYS = 5  # of a dict that are named
MAX_SHOWN_ELEMENTS = 100_000  # of an array that is kept for the picture


class Mismatch(AssertionError):
    """What was got is not what was expected. `difference` holds the two arrays where there is a picture to show.

    The message may be made when it is asked for: known mistakes are compared a hundred times for each that is named.
    """

    def __init__(self, message: str | Callable[[], str], difference: Difference | None = None) -> None:
        super().__init__(message)
        self._message = message
        self.difference = difference

    def __str__(self) -> str:
        if not isinstance(self._message, str):
            self._message = self._message()
        return self._message


def shown(difference: Difference | None) -> Difference | None:
    """The difference if there is to be a picture of it."""
    return None if difference is None or difference.got.size > MAX_SHOWN_ELEMENTS else difference


def assert_close(
    got: Any,
    expected: Any,
    *,
    rtol: float | None = None,
    atol: float | None = None,
    exact_dtype: bool = False,
    place: str = "",
    noun: str = "value",
) -> None:
    """Raises Mismatch unless `got` equals `expected` in type, shape, dtype, finiteness and, closely, in value."""
    if isinstance(expected, (tuple, list)):
        _check_sequence(got, expected, place, noun)
        for index, (item, right) in enumerate(zip(got, expected, strict=True)):
            where = f"{place}[{index}]"
            assert_close(item, right, rtol=rtol, atol=atol, exact_dtype=exact_dtype, place=where, noun=noun)
    elif isinstance(expected, dict):
        _check_keys(got, expected, place, noun)
        for key, right in expected.items():
            where = f"{place}[{key!r}]"
            assert_close(got[key], right, rtol=rtol, atol=atol, exact_dtype=exact_dtype, place=where, noun=noun)
    elif expected is None or isinstance(expected, (str, bytes)):
        if type(got) is not type(expected) or got != expected:
            raise Mismatch(f"{at(place, noun)}got {describe(got)}, expected {describe(expected)}")
    else:
        _check_type(got, expected, place, noun)
        _assert_arrays_close(got, expected, rtol, atol, exact_dtype, place, noun)


def _check_keys(got: Any, expected: dict[Any, Any], place: str, noun: str) -> None:
    if not isinstance(got, dict):
        raise Mismatch(f"{at(place, noun)}got {describe(got)}, expected a dict with the keys {sorted(expected)}")
    missing, more = sorted(expected.keys() - got.keys()), sorted(got.keys() - expected.keys(), key=str)
    if missing or more:
        named = [", ".join(repr(key)[:60] for key in keys[:MAX_KEYS]) for keys in (missing, more)]
        parts = [f"{word} {keys}" for word, keys in zip(("without", "with"), named, strict=True) if keys]
        raise Mismatch(f"{at(place, noun)}got a dict {' and '.join(parts)}, expected the keys {sorted(expected)}")


def _check_sequence(got: Any, expected: Any, place: str, noun: str) -> None:
    if not isinstance(got, (tuple, list)):
        raise Mismatch(f"{at(place, noun)}got {describe(got)}, expected {len(expected)} values")
    if len(got) != len(expected):
        raise Mismatch(f"{at(place, noun)}got {len(got)} values, expected {len(expected)}")


def _check_type(got: Any, expected: Any, place: str, noun: str) -> None:
    if not _same_type(got, expected):
        raise Mismatch(f"{at(place, noun)}got {describe(got)}, expected {describe(expected)}")


def _same_type(got: Any, expected: Any) -> bool:
    if is_tensor(expected):
        return is_tensor(got)
    if isinstance(expected, np.ndarray) and expected.ndim:
        return isinstance(got, np.ndarray)
    if is_tensor(got) or (isinstance(got, np.ndarray) and got.ndim) or not _is_number(got):
        return False
    if isinstance(expected, (np.generic, np.ndarray)):
        return not isinstance(got, (bool, int, float)) or _kind(got) == _kind(expected)
    return _kind(got) == _kind(expected) or (_kind(got) == "i" and _kind(expected) == "f")


def _is_number(value: Any) -> bool:
    return isinstance(value, (bool, int, float, np.generic, np.ndarray))


def _kind(value: Any) -> str:
    """b, i, f or c; signed and unsigned integers are of one kind."""
    return np.asarray(value).dtype.kind.replace("u", "i")


def is_tensor(value: Any) -> bool:
    torch = sys.modules.get("torch")
    return isinstance(value, Tensor) or (torch is not None and isinstance(value, torch.Tensor))


def dtype_name(value: Any) -> str:
    return name_of(value.dtype)


@functools.cache
def name_of(dtype: Any) -> str:
    return str(dtype).removeprefix("torch.")


def as_array(value: Any) -> np.ndarray:
    """A NumPy array of a value; half-precision tensors become float64, which holds all of theirs."""
    if isinstance(value, Tensor):
        return value.array
    if is_tensor(value):
        value = value.detach()
        array: np.ndarray = (value.double() if dtype_name(value) == "bfloat16" else value).numpy()
        return array
    return np.asarray(value)


def _assert_arrays_close(
    got: Any, expected: Any, rtol: float | None, atol: float | None, exact_dtype: bool, place: str, noun: str
) -> None:
    right = as_array(expected)
    answer = as_array(got)
    if answer.shape != right.shape:
        raise Mismatch(f"{at(place, noun)}got shape {answer.shape}, expected {right.shape}")
    typed = isinstance(expected, (np.generic, np.ndarray)) or is_tensor(expected)
    name = dtype_name(expected) if typed else right.dtype.name
    if typed and not isinstance(got, (bool, int, float)) and dtype_name(got) != name:
        if by_chance(got) and by_chance(expected):
            name = "float32"
        elif exact_dtype or _kind(right) != "i" or _kind(answer) != "i":
            raise Mismatch(f"{at(place, noun)}got {dtype_name(got)}, expected {name}")
    wrong = _wrong_elements(answer, right, *_tolerances(name, rtol, atol))
    if wrong.any():
        raise Mismatch(
            lambda: at(place, noun) + _describe_error(answer, right, wrong), Difference(place, answer, right)
        )


def by_chance(value: Any) -> bool:
    """Whether it is NumPy that decided how wide a number is: in NumPy 1 a float32 scalar becomes a float64 where it
    meets a Python number, and in an array's place a float64 scalar a float32 (NEP 50)."""
    return NUMPY_1 and not is_tensor(value) and value.shape == () and value.dtype in (np.float32, np.float64)


def _tolerances(dtype: str, rtol: float | None, atol: float | None) -> tuple[float, float]:
    relative, absolute = TOLERANCES.get(dtype, (0.0, 0.0))
    return (relative if rtol is None else rtol), (absolute if atol is None else atol)


@np.errstate(all="ignore")  # numbers of any bits: signalling NaNs, infinities
def _wrong_elements(got: np.ndarray, expected: np.ndarray, rtol: float, atol: float) -> np.ndarray:
    """Where two arrays of one shape differ. In blocks: each is widened to several arrays of float64."""
    if expected.dtype.kind not in "fc":
        return np.asarray(got != expected)
    if expected.size <= BLOCK:
        return np.asarray(_wrong_floats(got, expected, rtol, atol * _scale(expected)))
    slack = atol * max(_scale(block) for (block,) in _blocks(expected))
    wrong = [_wrong_floats(one, other, rtol, slack) for one, other in _blocks(got, expected)]
    return np.concatenate(wrong).reshape(expected.shape)


def _blocks(*arrays: np.ndarray) -> Iterator[tuple[np.ndarray, ...]]:
    flat = [array.reshape(-1) for array in arrays]
    for start in range(0, flat[0].size, BLOCK):
        yield tuple(array[start : start + BLOCK] for array in flat)


def _scale(expected: np.ndarray) -> float:
    wide = np.abs(expected.astype(np.result_type(expected.dtype, np.float64)))
    return max(float(wide.max(initial=0.0, where=np.isfinite(wide))), SMALLEST_SCALE)


def _wrong_floats(got: np.ndarray, expected: np.ndarray, rtol: float, slack: float) -> np.ndarray:
    wide = np.result_type(expected.dtype, np.float64)
    got, expected = got.astype(wide), expected.astype(wide)
    close = np.abs(got - expected) <= rtol * np.abs(expected) + slack
    # A NaN or an infinity is right only where the very same is expected.
    same = (got == expected) | (np.isnan(got) & np.isnan(expected))
    right: np.ndarray = np.where(np.isfinite(expected) & np.isfinite(got), close, same)
    return ~right


@np.errstate(all="ignore")
def _describe_error(got: np.ndarray, expected: np.ndarray, wrong: np.ndarray) -> str:
    errors = [_largest_error(*blocks) for blocks in _blocks(got, expected, wrong)]
    block = max(range(len(errors)), key=lambda number: errors[number][0])
    index = np.unravel_index(block * BLOCK + errors[block][1], got.shape)
    worst, right = got[index], expected[index]
    wanted = "a finite number" if np.isfinite(right) and not np.isfinite(worst) else number(right, worst)
    text = f"{location(index)}got {number(worst, right)}, expected {wanted}"
    if got.size > 1:
        text += f" ({int(wrong.sum())} of {got.size} values differ)"
    return text


def _largest_error(got: np.ndarray, expected: np.ndarray, wrong: np.ndarray) -> tuple[float, int]:
    """(the largest error among the wrong elements, its index); -1 where none is wrong."""
    if expected.dtype.kind in "fc":
        error = np.abs(got.astype(np.complex128) - expected.astype(np.complex128))
        error = np.where(np.isfinite(error), error, np.inf)
    else:
        error = wrong.astype(float)
    error = np.where(wrong, error, -1.0)
    index = int(error.argmax())
    return float(error[index]), index


def location(index: tuple[Any, ...]) -> str:
    if not index:
        return ""
    if len(index) == 1:
        return f"element {index[0]}: "
    if len(index) == 2:
        return f"row {index[0]}, column {index[1]}: "
    return f"index {tuple(int(i) for i in index)}: "


def number(value: Any, other: Any) -> str:
    """A number in as many digits as tell it from the other one."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if np.asarray(value).dtype.kind in "iu":
        return str(int(value))
    for digits in (4, 6, 9):
        text = f"{value:.{digits}g}"
        if text != f"{other:.{digits}g}":
            return text
    return f"{value:.17g}"


def at(place: str, noun: str) -> str:
    """ "[0][1]" → "value 0, 1: "."""
    return f"{noun} {place.strip('[]').replace('][', ', ')}: " if place else ""


def describe(value: Any) -> str:
    """What a value is, in words short enough for one line."""
    if value is None:
        return "None"
    if isinstance(value, Opaque):
        return value.description
    if is_tensor(value):
        return f"a tensor of shape {tuple(value.shape)}"
    if isinstance(value, np.ndarray) and value.ndim:
        return f"an array of shape {value.shape}"
    if isinstance(value, np.ndarray):
        return f"an array without dimensions of dtype {value.dtype}"
    if isinstance(value, np.generic):
        return f"a {value.dtype} scalar"
    if isinstance(value, (tuple, list)):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, (bool, int, float)):
        return f"the {type(value).__name__} {str(value)[:40]}"
    if isinstance(value, str):
        return f"the text {value[:60]!r}"
    return f"a {type(value).__name__}"
