import numpy as np

__all__ = ["softmax", "softmax_backward", "softmax_jacobian"]


class _Softmax:
    """log-softmax by logsumexp, then exp."""

    def __init__(self, axis):
        self.axis = axis

    def __call__(self, x):
        x = np.asarray(x)
        if not np.issubdtype(x.dtype, np.floating):
            x = np.asarray(x, dtype=float)
        m = np.amax(x, self.axis, keepdims=True)
        lse = m + np.log(np.sum(np.exp(x - m), self.axis, keepdims=True))
        return np.exp(x - lse)


def softmax(x, axis: int = -1):
    return _Softmax(axis)(x)


def softmax_jacobian(x):
    if np.ndim(x) != 1:
        raise ValueError(f"expected 1-D, got {np.ndim(x)}-D")
    s = softmax(x)[:, None]
    return s * (np.eye(s.size, dtype=s.dtype) - s.T)


def softmax_backward(grad_output, output, axis=-1):
    grad_output = np.asarray(grad_output)
    output = np.asarray(output)
    if grad_output.shape != output.shape:
        raise ValueError
    gs = grad_output * output
    return gs - output * gs.sum(axis=axis, keepdims=True)


if __name__ == "__main__":
    print(softmax([1.0, 2.0, 3.0]))
