# Writes ten thousand forbidden calls into the record of its worker, and one with a name of a megabyte.
# exercise: batchnorm
# worth: 0 at most
# check seconds: 10

import os
import stat

pipes = []
for fd in range(3, 64):
    try:
        if stat.S_ISFIFO(os.fstat(fd).st_mode):
            pipes.append(fd)
    except OSError:
        continue
for fd in pipes:
    for number in range(10_000):
        os.write(fd, b"!0 torch.nn.BatchNorm%d\n" % number)
    os.write(fd, b"!0 " + b"x" * 1_000_000 + b"\n")
if pipes:
    print("REACHED")
