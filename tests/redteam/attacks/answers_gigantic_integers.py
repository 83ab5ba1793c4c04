# Answers with 10**4000 and its like, whose conversion to a float raises.
# exercise: softmax
# worth: 0
# proof: got an integer of 13288 bits

answers = [10**4000, -(10**4000), [10**400] * 7, 2**64, -(2**63) - 1, 2**63, 1 << 10_000_000, complex(1e308, 1e308)]


def attack(x):
    answers.append(answers.pop(0))
    return answers[-1]


def softmax(x, axis=-1):
    return attack(x)


def softmax_jacobian(x):
    return attack(x)


def softmax_backward(grad_output, output, axis=-1):
    return attack(grad_output)
