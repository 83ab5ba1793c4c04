"""One thread for the numerical libraries, in whatever process of ours they are loaded.

Making a pool of threads costs more than a whole exercise, and it is missing in forked processes, which would wait for
it for ever.
"""

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}  # of the environment

# Of a command of ours: Python looks for modules in the working folder first, which may be a student's; it does not in
# a process that we start.
ENVIRONMENT = {**ONE_THREAD, "PYTHONSAFEPATH": "1"}
