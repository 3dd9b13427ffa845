#!/usr/bin/env python3
"""Prints cross_entropy_pixels_reference.inc: PyTorch's cross-entropy of pixels, logits [2, 3, 2, 2].

    python3 tests/losses/cross_entropy_pixels_reference.py > tests/losses/cross_entropy_pixels_reference.inc

As in cross_entropy_reference.py the mean over probabilities is divided by the sum of w_c t_c, and for
reduction none the gradient is that of the sum of (i + 1) * loss[i].
"""
import itertools
import textwrap

import torch
from torch.nn.functional import cross_entropy

Z = torch.tensor([[[[1.5, -0.25], [0.75, -2]], [[3, 0.5], [0.125, 0.25]], [[-1, 4], [-3, 2.5]]],
                  [[[0, 2], [-1.25, 1]], [[0.5, -4], [1.75, 1]], [[2, -0.5], [0.25, 1]]]], dtype=torch.float64)
T = torch.tensor([[[[0.25, 1], [0, 0.5]], [[0.75, 0], [0.5, 0.25]], [[0, 0], [0.5, 0.25]]],
                  [[[1, 0.125], [0.25, 0]], [[0, 0.25], [0.25, 0]], [[0, 0.625], [0.5, 1]]]], dtype=torch.float64)
LABELS, IGNORE = torch.tensor([[[2, 0], [1, 1]], [[0, 2], [1, 0]]]), 1
W = torch.tensor([0.5, 2, 3], dtype=torch.float64)


def numbers(x):
    text = "{" + ", ".join(f"{v:.12g}" for v in x.flatten().tolist()) + "}"
    return textwrap.fill(text, 97, subsequent_indent="  ")


print(f"// Made by cross_entropy_pixels_reference.py with PyTorch {torch.__version__}.")
print("// {soft, all options, reduction, loss, gradient}")
for soft, options, reduction in itertools.product([False, True], [False, True], ["none", "sum", "mean"]):
    z = Z.clone().requires_grad_()
    weights, epsilon = (W, 0.1) if options else (None, 0.0)
    ignore = IGNORE if options and not soft else -100
    target, given = (T, "sum" if reduction == "mean" else reduction) if soft else (LABELS, reduction)
    y = cross_entropy(z, target, weights, label_smoothing=epsilon, ignore_index=ignore, reduction=given)
    if soft and reduction == "mean":
        y = y / (T * (W if options else torch.ones(3)).reshape(1, 3, 1, 1)).sum()
    (y * torch.arange(1, 9).reshape(2, 2, 2) if reduction == "none" else y).sum().backward()
    print(f"{{{str(soft).lower()}, {str(options).lower()}, Reduction::{reduction},\n {numbers(y)},\n"
          f" {numbers(z.grad)}}},")
