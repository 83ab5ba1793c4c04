# Raises GeneratorExit and StopIteration, which loops and generators swallow.
# exercise: softmax
# worth: 0
# proof: softmax raised GeneratorExit

calls = 0


def attack(x):
    global calls
    calls += 1
    raise GeneratorExit if calls % 2 else StopIteration(x)


def softmax(x, axis=-1):
    return attack(x)


def softmax_jacobian(x):
    return attack(x)


def softmax_backward(grad_output, output, axis=-1):
    return attack(grad_output)
