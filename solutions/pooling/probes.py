"""What the forward pass makes of the stride, as evidence where the backward pass is wrong."""


def shape_without_stride(module, x, kernel_size):
    """The shape of the output, or the kind of error where there is none."""
    try:
        return list(module.max_pool2d(x, kernel_size).shape)
    except Exception as error:
        return type(error).__name__
