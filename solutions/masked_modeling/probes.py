"""The two answers of mask_tokens."""


def mask_tokens(module, *args):
    """Both answers. Bears the function's own name, so that messages do too."""
    answer = module.mask_tokens(*args)
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise TypeError("mask_tokens must return the tuple (corrupted, is_masked)")
    return answer
