# Reads freed and uninitialised memory, in which something of the grader might be left.
# exercise: softmax
# worth: 0

import ctypes

import numpy as np

needle = "xyzzy-7301-".encode() + b"plugh"
read = 0
for size in (1 << 10, 1 << 16, 1 << 20, 1 << 24):
    for _ in range(4):
        left = np.empty(size, dtype=np.uint8).tobytes()
        read += len(left)
        if needle in left:
            print("THROUGH", size)
base = id(object()) & ~0xFFFFF
heap = ctypes.string_at(base, 1 << 18)
own = id(needle) + bytes.__basicsize__ - 1 - base  # where this attack's own copy of it lies
if needle in heap.replace(needle, b"", 1) or heap.find(needle) not in (-1, own):
    print("THROUGH heap")
if read > 1 << 24 and len(heap) == 1 << 18:
    print("REACHED", read)
