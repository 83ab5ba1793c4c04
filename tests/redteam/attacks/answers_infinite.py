# Answers with infinities and the largest floats, for which differences and tolerances overflow.
# exercise: softmax
# worth: 0
# proof: got -inf, expected a finite number

import numpy as np

values = [np.inf, -np.inf, np.finfo(np.float64).max, -np.finfo(np.float64).max, 5e-324, -0.0]


def attack(x):
    values.append(values.pop(0))
    x = np.asarray(x)
    with np.errstate(all="ignore"):
        answer = np.resize(np.array(values), x.shape).astype(x.dtype if x.dtype.kind == "f" else float)
    return answer if x.ndim != 1 else np.resize(answer, (x.size, x.size))


def softmax(x, axis=-1):
    return attack(x)


def softmax_jacobian(x):
    return attack(x)


def softmax_backward(grad_output, output, axis=-1):
    return attack(grad_output)
