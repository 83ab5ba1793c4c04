"""One thread for the numerical libraries, in whatever process of ours they are loaded.

Making a pool of threads costs more than a whole exercise, and it is missing in forked processes, which would wait for
it for ever.
"""

ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}  # of the environment
