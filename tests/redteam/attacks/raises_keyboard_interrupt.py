# Raises KeyboardInterrupt, which a careless runner takes for the user's.
# exercise: softmax
# worth: 0
# proof: softmax raised KeyboardInterrupt


def attack(x):
    raise KeyboardInterrupt


raise_at_import = True
if raise_at_import:
    raise KeyboardInterrupt("at import")


def softmax(x, axis=-1):
    return attack(x)


def softmax_jacobian(x):
    return attack(x)


def softmax_backward(grad_output, output, axis=-1):
    return attack(grad_output)
