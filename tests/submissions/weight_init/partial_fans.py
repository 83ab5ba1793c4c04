def xavier_uniform(fan_in, fan_out, rng):
    # TODO
    raise NotImplementedError("xavier_uniform")


def xavier_normal(fan_in, fan_out, rng):
    # TODO
    raise NotImplementedError("xavier_normal")


def he_uniform(fan_in, fan_out, rng):
    # TODO
    raise NotImplementedError("he_uniform")


def he_normal(fan_in, fan_out, rng):
    # TODO
    raise NotImplementedError("he_normal")


def fans(shape):
    match tuple(shape):
        case (o, i):
            return i, o
        case (o, i, h, w):
            return i * h * w, o * h * w
    raise ValueError("a linear or convolutional weight, please")
