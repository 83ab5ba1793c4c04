"""All that a call of dropout gives and leaves."""


def dropout(module, x, p, training, rng):
    """Both answers, and the numbers that come next from rng. Bears the function's own name, so that messages do too."""
    answer = module.dropout(x, p, training, rng)
    return {
        "output": attempt(module, _one_of_two, answer, 0),
        "mask": attempt(module, _one_of_two, answer, 1),
        "draws": attempt(module, rng.random, 4),
    }


def _one_of_two(answer, index):
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise TypeError("dropout must return two values: output, mask")
    return answer[index]
