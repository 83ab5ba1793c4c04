"""Whether two answers are the same one: the submission's and the one that a known mistake gives."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.sandbox.protocol.calls import Outcome, Raised, Returned
from grader.sandbox.protocol.codec import WireError
from grader.suite.compare import Mismatch, as_array, assert_close, is_tensor
from grader.suite.fingerprint import may_agree
from grader.suite.fixtures import Call, is_missing
from grader.suite.oracles import Trusted


def agreement_with(side: Trusted, call: Call) -> str:
    """ "values" or "pattern" when a part of a call that will do is answered as a side does, "none" when none is."""
    found = "none"
    for path, (got, sketch) in zip(call.paths, call.judged, strict=True):
        if not is_missing(got) and may_agree(sketch, side.sketch(call.body, path), call.tolerances):
            agreement = agree(got, side.part(call.body, path), call.tolerances)
            found = agreement if found != "values" and agreement != "none" else found
    return found


def agree(got: Outcome, other: Outcome, tolerances: dict[str, Any]) -> str:
    """ "values" or "pattern" when two outcomes are one, "none" when not."""
    if isinstance(got, Raised) and isinstance(other, Raised):
        # NumPy's AxisError and a plain ValueError are the same refusal.
        refused = "ValueError" in got.kinds and "ValueError" in other.kinds
        return "pattern" if refused or got.kinds[0] == other.kinds[0] else "none"
    if not isinstance(got, Returned) or not isinstance(other, Returned):
        return "none"
    try:
        if same_values(got.value, other.value, tolerances):
            return "values"
    except (Mismatch, WireError):
        return "none"
    return "pattern"


def differ(got: Outcome, other: Outcome, tolerances: dict[str, Any]) -> bool:
    """Whether an answer is a value that shows something else than another outcome does. An error shows nothing of how a
    function computes, nor does another dtype."""
    if not isinstance(got, Returned) or agree(got, other, tolerances) != "none":
        return False
    if not isinstance(other, Returned):
        return True
    return not is_of_other_kind(got.value, other.value) and not agree_but_for_dtype(got.value, other.value)


def is_of_other_kind(got: Any, other: Any) -> bool:
    """Whether integers are somewhere where floats are in the other value, or the other way round."""
    if isinstance(other, (tuple, list)) and isinstance(got, (tuple, list)):
        return any(map(is_of_other_kind, got, other))
    if isinstance(other, dict) and isinstance(got, dict):
        return any(is_of_other_kind(got[key], other[key]) for key in got.keys() & other.keys())
    if not is_numeric(got) or not is_numeric(other):
        return False
    return (as_array(got).dtype.kind == "f") != (as_array(other).dtype.kind == "f")


def same_values(got: Any, other: Any, tolerances: dict[str, Any]) -> bool:
    """True when all is finite and agrees, False when it agrees and some is not finite. Raises Mismatch."""
    if isinstance(other, (tuple, list)) and isinstance(got, (tuple, list)) and len(got) == len(other):
        agreed = [same_values(mine, theirs, tolerances) for mine, theirs in zip(got, other, strict=True)]
        return all(agreed)
    if isinstance(other, dict) and isinstance(got, dict) and got.keys() == other.keys():
        agreed = [same_values(got[key], other[key], tolerances) for key in other]
        return all(agreed)
    if not is_numeric(other) or not is_numeric(got):
        assert_close(got, other, **tolerances)
        return True
    theirs, mine = as_array(other), as_array(got)
    if theirs.shape != mine.shape or theirs.dtype.kind not in "fc" or np.isfinite(theirs).all():
        assert_close(got, other, **tolerances)
        return True
    finite = np.isfinite(theirs)
    if mine.dtype != theirs.dtype or (np.isfinite(mine) != finite).any():
        raise Mismatch("finite elsewhere")
    assert_close(mine[finite], theirs[finite], **tolerances)
    return False


def agree_but_for_dtype(got: Any, other: Any) -> bool:
    """Whether two values agree in the precision of float32, whatever their dtypes."""
    if isinstance(other, (tuple, list)):
        alike = isinstance(got, (tuple, list)) and len(got) == len(other)
        return alike and all(map(agree_but_for_dtype, got, other))
    if isinstance(other, dict):
        return (
            isinstance(got, dict)
            and got.keys() == other.keys()
            and all(agree_but_for_dtype(got[key], other[key]) for key in other)
        )
    if not is_numeric(got) or not is_numeric(other):
        return type(got) is type(other) and bool(got == other)
    mine, theirs = as_array(got), as_array(other)
    return mine.shape == theirs.shape and bool(np.allclose(mine, theirs, 1e-4, 1e-5, equal_nan=True))


def is_numeric(value: Any) -> bool:
    return is_tensor(value) or isinstance(value, (float, np.ndarray, np.generic))
