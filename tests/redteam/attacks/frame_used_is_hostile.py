# Reports forbidden calls whose names hold escape sequences, markup and bidirectional marks.
# exercise: batchnorm
# worth: 0 at most

import sys

frame = sys._getframe()
while frame and "shortcuts" not in frame.f_locals:
    frame = frame.f_back
used = frame.f_locals["shortcuts"].used
used.add("torch.nn.BatchNorm\x1b[2J\x1b]0;owned\x07\u202egnp.exe")
used.add("torch.nn.BatchNorm<script>alert(1)</script>")
used.add("torch.nn.BatchNorm\r\nThe grader is fine")
