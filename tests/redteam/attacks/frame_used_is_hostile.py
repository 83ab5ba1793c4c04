# Writes names into the record of its worker that are markup, escape sequences, or no names at all.
# exercise: batchnorm
# worth: 0 at most
# check seconds: 10

import os
import stat

sockets = []
for fd in range(3, 64):
    try:
        if stat.S_ISSOCK(os.fstat(fd).st_mode):
            sockets.append(fd)
    except OSError:
        continue
for fd in sockets[1:]:  # the first is for answers
    for name in (b"<script>alert(1)</script>", b"\x1b[2J\x1b]0;owned\x07", b"\xe2\x80\xae", b"", b"\x00", b"9" * 300):
        os.write(fd, b"!0 torch.nn.BatchNorm" + name + b"\n?1 " + name + b"\n=" + name + b"\n!" + name + b"\n")
if sockets[1:]:
    print("REACHED")
