def exponential_decay(epoch: int, initial_lr: float, rate: float = 0.1, start: int = 10) -> float:
    """The learning rate of `epoch`: constant before `start`, then falling by exp(−rate) an epoch."""
    # TODO
    raise NotImplementedError("exponential_decay")


def step_decay(epoch: int, initial_lr: float, factor: float = 0.5, every: int = 10) -> float:
    """The learning rate of `epoch`: multiplied by `factor` after every `every` epochs."""
    if epoch < 0 or every < 1:
        raise ValueError("epoch and every must make sense")
    return initial_lr * factor ** (epoch // every)


def cosine_with_warmup(step: int, base_lr: float, warmup_steps: int, total_steps: int, min_lr: float = 0.0) -> float:
    """The learning rate of `step`: a linear warmup to base_lr, then half a cosine down to min_lr."""
    # TODO
    raise NotImplementedError("cosine_with_warmup")
