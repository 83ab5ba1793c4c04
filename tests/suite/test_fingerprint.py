"""A sketch never tells apart what is equal, and tells most of the rest."""

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.sandbox.protocol.calls import Raised, Returned
from grader.suite.compare import Mismatch, assert_close
from grader.suite.fingerprint import Sketches, may_agree, sketch

numbers = st.floats(-1e6, 1e6, width=32) | st.just(float("nan")) | st.just(float("inf"))


@given(hnp.arrays(np.float32, hnp.array_shapes(max_dims=2, max_side=4), elements=numbers), st.data())
def test_what_compares_equal_has_sketches_that_may_agree(array, data):
    noise = data.draw(hnp.arrays(np.float32, array.shape, elements=st.floats(-1, 1, width=32)))
    with np.errstate(all="ignore"):
        other = array + noise * np.float32(1e-4) * np.abs(array)
    try:
        assert_close(other, array)
    except Mismatch:
        return
    assert may_agree(sketch(Returned(other)), sketch(Returned(array)), {})


def test_other_values_shapes_and_kinds_are_told_apart():
    value = Returned((np.arange(6.0), torch.ones(2), {"a": 1, "b": "text"}))
    assert may_agree(sketch(value), sketch(value), {})
    for other in [
        Returned((np.arange(6.0) + 1, torch.ones(2), {"a": 1, "b": "text"})),
        Returned((np.arange(6.0).reshape(2, 3), torch.ones(2), {"a": 1, "b": "text"})),
        Returned((np.arange(6.0)[::-1], torch.ones(2), {"a": 1, "b": "text"})),
        Returned((np.arange(6.0), torch.ones(2) * np.nan, {"a": 1, "b": "text"})),
        Returned(np.arange(6.0)),
        Raised(("ValueError",), ""),
    ]:
        assert not may_agree(sketch(value), sketch(other), {})


def test_wide_tolerances_switch_it_off():
    assert may_agree(sketch(Returned(1.0)), sketch(Returned(2.0)), {"atol": 2.0})
    assert may_agree(sketch(Raised(("A",), "")), sketch(Raised(("B",), "")), {})


values = (
    st.sampled_from([Raised(("ValueError",), ""), Returned("text"), Returned(()), Returned(np.float32(3))])
    | numbers.map(Returned)
    | hnp.arrays(np.float32, hnp.array_shapes(max_dims=1, max_side=2), elements=numbers).map(Returned)
    | st.tuples(numbers, numbers).map(Returned)
)


@given(st.lists(values, max_size=8), values, st.sampled_from([{}, {"atol": 1e-2}]))
def test_many_at_once_are_as_one_at_a_time(others, value, tolerances):
    sketches = {3 * number: sketch(other) for number, other in enumerate(others)}
    mine = sketch(value)
    found = Sketches(sketches).may_agree(mine, tolerances)
    assert sorted(found) == [number for number, each in sketches.items() if may_agree(mine, each, tolerances)]
