# Answers with wrong arrays of eight megabytes, which an exception may keep alive.
# exercise: softmax
# worth: 0
# open: an exception that is kept keeps the answers alive that it speaks of
# proof: got shape (100000

import numpy as np

count = 0


def answer(*others, **settings):
    global count
    count += 1
    return np.ones((1_000_000 + count,)) * count


softmax = softmax_jacobian = softmax_backward = answer
