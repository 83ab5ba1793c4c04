"""Learning-rate schedules

A schedule is a plain function: the number of the epoch (or of the optimizer's step) in, the learning rate out. Nothing
is remembered between calls, so each formula must give the rate of any epoch at once. Epochs and steps count from 0.

1. `exponential_decay(epoch, initial_lr, rate=0.1, start=10)` keeps initial_lr while epoch < start; from epoch `start`
   on every epoch multiplies the rate by exp(−rate) once more, so that

       lr = initial_lr · exp(−rate · (epoch − start + 1))        for epoch ≥ start

2. `step_decay(epoch, initial_lr, factor=0.5, every=10)` multiplies by `factor` after every `every` epochs:

       lr = initial_lr · factor^⌊epoch / every⌋

3. `cosine_with_warmup(step, base_lr, warmup_steps, total_steps, min_lr=0.0)` rises linearly, then falls along half a
   cosine, then stays:

       base_lr · step / warmup_steps                                                     for step < warmup_steps
       min_lr + ½ (base_lr − min_lr) (1 + cos(π · (step − warmup) / (total − warmup)))   for step < total_steps
       min_lr                                                                            for step ≥ total_steps

   So the rate is base_lr at step = warmup_steps (if that is below total_steps), and warmup_steps = 0 means no warmup.

Rates are floats; epochs, steps, `start`, `every` and the two lengths are ints. A negative epoch or step, `every` below
1, a negative warmup_steps and warmup_steps > total_steps raise ValueError. No NumPy is needed.

>>> [round(cosine_with_warmup(step, 1.0, 2, 6), 3) for step in range(8)]
[0.0, 0.5, 1.0, 0.854, 0.5, 0.146, 0.0, 0.0]
"""


def exponential_decay(epoch: int, initial_lr: float, rate: float = 0.1, start: int = 10) -> float:
    """The learning rate of `epoch`: constant before `start`, then falling by exp(−rate) an epoch."""
    # TODO
    raise NotImplementedError("exponential_decay")


def step_decay(epoch: int, initial_lr: float, factor: float = 0.5, every: int = 10) -> float:
    """The learning rate of `epoch`: multiplied by `factor` after every `every` epochs."""
    # TODO
    raise NotImplementedError("step_decay")


def cosine_with_warmup(step: int, base_lr: float, warmup_steps: int, total_steps: int, min_lr: float = 0.0) -> float:
    """The learning rate of `step`: a linear warmup to base_lr, then half a cosine down to min_lr."""
    # TODO
    raise NotImplementedError("cosine_with_warmup")
