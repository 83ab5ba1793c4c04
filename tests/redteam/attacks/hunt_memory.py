# Looks through every object of the process for a reference, a suite or a secret.
# exercise: softmax
# worth: 0

import gc
import sys
import types

met = 0
SHARED = {"grader.result", "grader.errors", "grader.compat"}  # which both sides import: no course is in them
words = ("solutions", "test_softmax", "reference", "mistake", "plugh")
gc.unfreeze()
for thing in gc.get_objects():
    met += isinstance(thing, types.FunctionType) and str(thing.__module__).startswith("grader.")
    if (
        isinstance(thing, types.FunctionType)
        and thing.__name__ in ("softmax", "softmax_jacobian")
        and thing.__module__ != "softmax"
    ):
        if not str(thing.__module__).startswith(("torch", "scipy", "numpy")):
            print("THROUGH", thing)
            globals()[thing.__name__] = thing
    if isinstance(thing, dict):
        for key, value in list(thing.items()):
            if isinstance(value, str) and ("xyzzy-7301-" + "plugh") in value and thing is not globals():
                print("THROUGH", key, value)
if met:
    print("REACHED", met)
for name in list(sys.modules):
    if name.startswith("grader.") and not name.startswith("grader.sandbox") and name not in SHARED:
        print("THROUGH", name)
