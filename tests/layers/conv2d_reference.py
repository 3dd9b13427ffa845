"""Prints what PyTorch's conv2d and its gradients are, in double precision.

Run with any PyTorch from 1.13 on:  python3 conv2d_reference.py > conv2d_reference.inc

Inputs are numbers that a test can make again: element i of tensor k is sin(i + k), and the gradient that
comes from above is cos(i).
"""

import torch
from torch.nn import functional as F

cases = [  # x, weight, bias?, stride, padding, dilation, groups
    ((2, 3, 5, 6), (4, 3, 3, 3), True, 1, 0, 1, 1),
    ((2, 3, 5, 6), (4, 3, 3, 3), False, 1, 1, 1, 1),
    ((1, 2, 7, 7), (3, 2, 3, 3), True, 2, 0, 1, 1),
    ((1, 2, 6, 9), (3, 2, 2, 5), True, 2, 2, 1, 1),
    ((2, 2, 8, 7), (2, 2, 3, 3), True, 1, 2, 2, 1),
    ((1, 2, 9, 8), (2, 2, 3, 2), True, 3, 3, 2, 1),
    ((2, 4, 5, 5), (6, 2, 3, 3), True, 1, 1, 1, 2),
    ((2, 4, 4, 4), (4, 1, 3, 3), False, 1, 1, 1, 4),
    ((3, 5, 3, 4), (2, 5, 1, 1), True, 1, 0, 1, 1),
    ((1, 1, 2, 2), (1, 1, 3, 3), True, 1, 1, 1, 1),
    ((1, 1, 3, 3), (1, 1, 1, 1), True, 2, 3, 1, 1),
]


def wave(shape, k):
    n = torch.Size(shape).numel()
    return torch.sin(torch.arange(n, dtype=torch.float64) + k).reshape(shape).requires_grad_()


print("// Made by conv2d_reference.py with PyTorch %s." % torch.__version__.split("a")[0])
for x_shape, w_shape, biased, stride, padding, dilation, groups in cases:
    x, w = wave(x_shape, 0), wave(w_shape, 1)
    b = wave(w_shape[:1], 2) if biased else None
    y = F.conv2d(x, w, b, stride, padding, dilation, groups)
    y.backward(torch.cos(torch.arange(y.numel(), dtype=torch.float64)).reshape(y.shape))
    tensors = [y, x.grad, w.grad] + ([b.grad] if biased else [])
    numbers = ", ".join(repr(v) for t in tensors for v in t.detach().flatten().tolist())
    shapes = ", ".join("{%s}" % ", ".join(map(str, s)) for s in (x_shape, w_shape, y.shape))
    print("{%s, %s, {%d, %d, %d, %d},\n {%s}}," %
          (shapes, "true" if biased else "false", stride, padding, dilation, groups, numbers))
