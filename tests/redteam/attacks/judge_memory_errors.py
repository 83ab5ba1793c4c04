# Raises errors with long messages and many classes.
# exercise: softmax
# worth: 0
# proof: broke the rules of the wire

count = 0


def answer(*others, **settings):
    global count
    count += 1
    raise type("E" * 90_000, (ValueError,), {})("m" * 9_000_000 + str(count))


softmax = softmax_jacobian = softmax_backward = answer
