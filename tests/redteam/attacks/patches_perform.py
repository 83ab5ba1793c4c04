# Replaces the worker's call of the student by one that answers with the arguments.
# exercise: softmax
# worth: 0

import sys

calls = sys.modules["grader.sandbox.calls"]
wire = sys.modules["grader.sandbox.wire"]


def perform(call, module, probes, filename):
    name, args, kwargs = wire.decode(call)
    return calls.Returned(list(args[1:]) if name == "inputs_after" else args[0])


calls.perform = perform
