"""Probes of early_stopping: what a stopper says and shows, epoch by epoch."""


def at_first(module, **settings):
    """What a stopper shows before it has seen anything."""
    stopper = module.EarlyStopping(**settings)
    return {"best": stopper.best, "best_epoch": stopper.best_epoch, "stopped": stopper.stopped}


def watch(module, values, **settings):
    """What a stopper returns and shows after each of the values, one text an epoch."""
    stopper = module.EarlyStopping(**settings)
    return {f"epoch {epoch}": step(stopper, value) for epoch, value in enumerate(values)}


def watch_two(module, first, second, **settings):
    """What two stoppers return and show whose epochs alternate."""
    one, other = module.EarlyStopping(**settings), module.EarlyStopping(**settings)
    return {
        f"epoch {epoch}": [step(one, mine), step(other, theirs)]
        for epoch, (mine, theirs) in enumerate(zip(first, second, strict=True))
    }


def step(stopper, value):
    """One epoch."""
    returned = stopper.step(value)
    best = None if stopper.best is None else float(stopper.best)
    return f"returned {returned}, best {best} (epoch {stopper.best_epoch}), stopped {stopper.stopped}"
