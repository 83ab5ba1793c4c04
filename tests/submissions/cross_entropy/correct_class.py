"""Loss as an object with forward and backward."""
import numpy as np
from numpy.typing import ArrayLike, NDArray


class SoftmaxCrossEntropy:
    def __init__(self, logits: ArrayLike, targets: ArrayLike):
        self.z = np.asarray(logits)
        if self.z.dtype not in [np.dtype("float32"), np.dtype("float64")]:
            self.z = self.z.astype("float64")
        self.t = np.asarray(targets)
        if self.z.ndim != 2 or not len(self.z):
            raise ValueError(f"expected (N, K), got {self.z.shape}")
        if self.t.ndim != 1 or len(self.t) != len(self.z):
            raise ValueError(f"expected ({len(self.z)},), got {self.t.shape}")
        if self.t.dtype.kind not in ("i", "u"):
            raise ValueError(f"expected integers, got {self.t.dtype}")
        if not ((0 <= self.t) & (self.t < self.z.shape[1])).all():
            raise ValueError("class id out of range")
        self.one_hot = np.eye(self.z.shape[1], dtype=self.z.dtype)[self.t]

    def log_softmax(self) -> NDArray:
        z = self.z - np.max(self.z, -1, keepdims=True)
        return z - np.log(np.einsum("nk->n", np.exp(z)))[:, None]

    def forward(self):
        # where= keeps 0 * -inf out of the sum
        return -np.sum(self.log_softmax(), where=self.one_hot > 0) / self.z.dtype.type(len(self.z))

    def backward(self) -> NDArray:
        return (np.exp(self.log_softmax()) - self.one_hot) / len(self.z)


def cross_entropy(logits, targets):
    return SoftmaxCrossEntropy(logits, targets).forward()


def cross_entropy_backward(logits, targets):
    return SoftmaxCrossEntropy(logits, targets).backward()
