"""The two answers of mask_tokens one by one, and the tokens after a call."""


def _part(module, index, args):
    answer = module.mask_tokens(*args)
    if not isinstance(answer, (tuple, list)) or len(answer) != 2:
        raise TypeError("mask_tokens must return the tuple (corrupted, is_masked)")
    return answer[index]


def corrupted(module, *args):
    return _part(module, 0, args)


def is_masked(module, *args):
    return _part(module, 1, args)


def tokens_after(module, tokens, *args):
    """The tokens as they are once they were masked."""
    module.mask_tokens(tokens, *args)
    return tokens
