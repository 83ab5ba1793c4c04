"""One thread for the numerical libraries, in whatever process of ours they are loaded.

Making a pool of threads costs more than a whole exercise, and it is missing in forked processes, which would wait for
it for ever.
"""

from __future__ import annotations

import sys

NAMES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")  # the last: of macOS
ONE_THREAD = dict.fromkeys(NAMES, "1")  # of the environment, before a library is loaded

# Of a command of ours: Python looks for modules in the working folder first, which may be a student's; it does not in
# a process that we start.
ENVIRONMENT = {**ONE_THREAD, "PYTHONSAFEPATH": "1"}


def use_one_thread() -> None:
    """After a fork of a process that may have had many: of a program that uses this package as a library."""
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(1)  # also OpenMP's and MKL's; OpenBLAS looks after itself
