"""2-D convolution: output size, forward pass and backward pass

Deep learning's convolution is a cross-correlation. With x of shape (N, C, H, W), weight (O, C, kH, kW) and x̃
the input with `padding` zeros on all four sides of every image:

    output[n, o, r, c] = bias[o] + Σ_ch Σ_i Σ_j weight[o, ch, i, j] · x̃[n, ch, r·stride + i, c·stride + j]

1. `output_size(size, kernel_size, stride=1, padding=0)` is the number of places, an int, that a kernel of
   `kernel_size` has along an axis of `size`: ⌊(size + 2·padding − kernel_size) / stride⌋ + 1. Places that would
   leave the padded axis do not count.
2. `conv2d(x, weight, bias=None, stride=1, padding=0)` returns (N, O, H', W') with H' and W' as in 1. Kernels
   need not be square (kH and kW may differ); without a bias nothing is added, otherwise bias has shape (O,).
3. `conv2d_backward(grad_output, x, weight, stride=1, padding=0)` takes grad_output = ∂L/∂output of shape (N, O,
   H', W') and returns the tuple (grad_x, grad_weight, grad_bias) = (∂L/∂x, ∂L/∂weight, ∂L/∂bias), in the shapes
   of x, weight and (O,). What the kernel never meets has gradient zero.

`stride` and `padding` are ints that hold for both axes. ValueError is raised by a size, kernel or stride below
1, a negative padding, a kernel larger than the padded input, an x or a weight that does not have four
dimensions, different numbers of channels in x and weight, a bias that is not (O,), and a grad_output of the
wrong shape.

float32 and float64 answer in their own dtype; integers and lists are promoted to float64. No input is modified.

>>> conv2d(np.arange(9).reshape(1, 1, 3, 3), [[[[1, 0], [0, -2]]]], bias=[0.5]).tolist()
[[[[-7.5, -8.5], [-10.5, -11.5]]]]
"""

import numpy as np


def output_size(size: int, kernel_size: int, stride: int = 1, padding: int = 0) -> int:
    """The length of the output along an axis of length `size`."""
    # TODO
    raise NotImplementedError("output_size")


def conv2d(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray | None = None, stride: int = 1, padding: int = 0
) -> np.ndarray:
    """The cross-correlation of x (N, C, H, W) with weight (O, C, kH, kW): (N, O, H', W')."""
    # TODO: pad, cut out the windows, and sum each one against every kernel
    raise NotImplementedError("conv2d")


def conv2d_backward(
    grad_output: np.ndarray, x: np.ndarray, weight: np.ndarray, stride: int = 1, padding: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(grad_x, grad_weight, grad_bias) from grad_output = ∂L/∂output."""
    # TODO: every output passes its gradient to all the inputs and weights that it was made of
    raise NotImplementedError("conv2d_backward")
