"""Multi-head self-attention as a function of its weights

Every position of a sequence looks at every other one, h = num_heads times in parallel, each time in its
own D/h of the D features:

    q, k, v = the three blocks of D columns of x · weight_qkvᵀ + bias_qkv      (each (N, L, D), in this order)
    head_j  = softmax(q_j · k_jᵀ / √(D/h)) · v_j      with features j·D/h … (j+1)·D/h − 1 of q, k and v
    output  = concat(head_0, …, head_{h−1}) · weight_outᵀ + bias_out

`multi_head_attention(x, weight_qkv, bias_qkv, weight_out, bias_out, num_heads, mask=None)` takes x (N, L, D),
weight_qkv (3D, D) and bias_qkv (3D,) in PyTorch's in_proj order (query, key, value), weight_out (D, D) and
bias_out (D,), and returns (N, L, D).

mask is boolean, (L, L) for the whole batch or (N, L, L); mask[..., i, j] = True means that position i may
attend to position j. Weights are normalised over the positions allowed. A row with no position allowed
attends to nothing: its output is bias_out, never NaN, and all gradients stay finite.

The output has the dtype and device of x and is differentiable in x, both weights and both biases. An x that
is not 3-D, a D that num_heads does not divide, num_heads below 1, a weight, bias or mask of another shape,
and a mask that is not boolean raise ValueError. No input is modified. Not allowed: nn.MultiheadAttention,
F.scaled_dot_product_attention, F.multi_head_attention_forward.

>>> x = torch.tensor([[[1.0, 0.0], [0.0, 1.0]]])
>>> multi_head_attention(x, torch.eye(2).repeat(3, 1), torch.zeros(6), torch.eye(2), torch.zeros(2), num_heads=2)
tensor([[[0.7311, 0.5000],
         [0.5000, 0.7311]]])
"""

import torch


def multi_head_attention(
    x: torch.Tensor,
    weight_qkv: torch.Tensor,
    bias_qkv: torch.Tensor,
    weight_out: torch.Tensor,
    bias_out: torch.Tensor,
    num_heads: int,
    mask: torch.Tensor | None = None,
) -> torch.Tensor:
    """Self-attention of x (N, L, D) with num_heads heads, (N, L, D)."""
    # TODO: project, split into heads, attend, merge the heads, project
    raise NotImplementedError("multi_head_attention")
