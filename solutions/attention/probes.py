"""Probes of attention."""

import numpy as np


def without_nan(module, name, *args):
    """What a function answers, with −1 in the place of NaN."""
    return [np.nan_to_num(array, nan=-1.0) for array in getattr(module, name)(*args)]
