# Answers with wrong arrays of eight megabytes, which an exception may keep alive.
# exercise: softmax
# worth: 0
# proof: got an array of shape (100000

import numpy as np

count = 0


def answer(*others, **settings):
    global count
    count += 1
    return np.ones((1_000_000 + count,)) * count


softmax = softmax_jacobian = softmax_backward = answer
