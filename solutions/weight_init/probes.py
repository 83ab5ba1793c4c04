"""Where an initialiser's numbers come from: the generator given moves on when it is drawn from."""


def _source(function, fan_in, fan_out, rng):
    before = rng.bit_generator.state
    function(fan_in, fan_out, rng)
    return "drawn from elsewhere" if rng.bit_generator.state == before else "drawn from rng"


def xavier_uniform_source(module, fan_in, fan_out, rng):
    """Weights, with a look at where the numbers come from."""
    return _source(module.xavier_uniform, fan_in, fan_out, rng)


def xavier_normal_source(module, fan_in, fan_out, rng):
    """Weights, with a look at where the numbers come from."""
    return _source(module.xavier_normal, fan_in, fan_out, rng)


def he_uniform_source(module, fan_in, fan_out, rng):
    """Weights, with a look at where the numbers come from."""
    return _source(module.he_uniform, fan_in, fan_out, rng)


def he_normal_source(module, fan_in, fan_out, rng):
    """Weights, with a look at where the numbers come from."""
    return _source(module.he_normal, fan_in, fan_out, rng)
