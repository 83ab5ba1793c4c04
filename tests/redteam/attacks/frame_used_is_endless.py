# Reports ten thousand forbidden calls, and one with a name of a megabyte.
# exercise: batchnorm
# worth: 0 at most

import sys

frame = sys._getframe()
while frame and "shortcuts" not in frame.f_locals:
    frame = frame.f_back
used = frame.f_locals["shortcuts"].used
used.update(f"torch.nn.BatchNorm{number}" for number in range(10_000))
used.add("torch.nn.BatchNorm" + "x" * 1_000_000)
