# Writes ten thousand forbidden calls into the record of its worker, and one with a name of a megabyte.
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
    for number in range(10_000):
        os.write(fd, b"!0 torch.nn.BatchNorm%d\n" % number)
    os.write(fd, b"!0 " + b"x" * 1_000_000 + b"\n")
if sockets[1:]:
    print("REACHED")
