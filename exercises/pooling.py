"""Max pooling and average pooling

Pooling slides a square window of side k = `kernel_size` over each channel of each image by itself, in steps of
`stride`, and keeps one number a window. x has shape (N, C, H, W); the output has shape (N, C, H', W') with

    H' = ⌊(H − k) / stride⌋ + 1        W' = ⌊(W − k) / stride⌋ + 1
    window(r, c) = x[n, ch, r·stride : r·stride + k, c·stride : c·stride + k]

There is no padding: rows and columns left over at the bottom and on the right, too few for another window, are
dropped. `stride=None` means stride = kernel_size. Windows may overlap (stride < k) or leave gaps (stride > k).

1. `max_pool2d(x, kernel_size, stride=None)`: the largest value of each window.
2. `avg_pool2d(x, kernel_size, stride=None)`: the mean of each window.
3. `max_pool2d_backward(grad_output, x, kernel_size, stride=None)` takes grad_output = ∂L/∂output of shape (N,
   C, H', W') and returns ∂L/∂x of the shape of x. Each window passes its gradient to its maximum alone; if the
   maximum occurs more than once in a window, to the first in reading order (row by row, from left to right). A
   value that is the maximum of several windows receives the sum of their gradients; all other values receive
   zero.

`kernel_size` and `stride` are ints. ValueError is raised by a kernel larger than the input along either axis, a
kernel or a stride below 1, an x that does not have four dimensions, and a grad_output that does not have the
shape of the output.

float32 and float64 answer in their own dtype; integers and lists are promoted to float64. No input is modified.

>>> max_pool2d([[[[1, 5, 2, 0], [3, 4, -1, -2]]]], kernel_size=2).tolist()
[[[[5.0, 2.0]]]]
"""

import numpy as np


def max_pool2d(x: np.ndarray, kernel_size: int, stride: int | None = None) -> np.ndarray:
    """The maximum of each window of x (N, C, H, W): (N, C, H', W')."""
    # TODO
    raise NotImplementedError("max_pool2d")


def avg_pool2d(x: np.ndarray, kernel_size: int, stride: int | None = None) -> np.ndarray:
    """The mean of each window of x (N, C, H, W): (N, C, H', W')."""
    # TODO
    raise NotImplementedError("avg_pool2d")


def max_pool2d_backward(
    grad_output: np.ndarray, x: np.ndarray, kernel_size: int, stride: int | None = None
) -> np.ndarray:
    """∂L/∂x of max_pool2d from grad_output = ∂L/∂output."""
    # TODO: find where each window has its maximum, and pass the window's gradient there
    raise NotImplementedError("max_pool2d_backward")
