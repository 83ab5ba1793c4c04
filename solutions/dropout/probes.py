"""Probes of dropout: its two answers one by one, and what it leaves behind."""


def _both_answers(module, *args):
    answer = module.dropout(*args)
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise TypeError("dropout must return two values: output, mask")
    return answer


def dropout_output(module, x, p, training, rng):
    return _both_answers(module, x, p, training, rng)[0]


def dropout_mask(module, x, p, training, rng):
    return _both_answers(module, x, p, training, rng)[1]


def input_after_dropout(module, x, p, training, rng):
    """x as it is after the call."""
    module.dropout(x, p, training, rng)
    return x


def draws_after_dropout(module, x, p, training, rng):
    """The numbers that come next from rng."""
    module.dropout(x, p, training, rng)
    return rng.random(4)
