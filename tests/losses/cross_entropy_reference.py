#!/usr/bin/env python3
"""Prints cross_entropy_reference.inc: what PyTorch computes for every combination of options.

    python3 tests/losses/cross_entropy_reference.py > tests/losses/cross_entropy_reference.inc

PyTorch has no smoothing prior: there the smoothed rows are given to it as probabilities, and the
ignored row is left out. With class weights it divides the mean over probability rows by n, where
temper divides by D, the sum of w_c t_c (the case of pytorch#107680): there PyTorch's sum is divided
by D here. For reduction none the gradient is that of the sum of (i + 1) * loss[i].
"""
import itertools
import textwrap

import torch
from torch.nn.functional import cross_entropy, one_hot

Z = [[1.5, -0.25, 0.75], [-2, 3, 0.5], [0.125, 0.25, -1], [4, -3, 2.5]]
T = [[0.2, 0.3, 0.5], [0, 1, 0], [0.6, 0.4, 0], [0.25, 0.25, 0.5]]
LABELS, IGNORE = torch.tensor([2, 0, 1, 0]), 1
W = torch.tensor([0.5, 2, 3], dtype=torch.float64)
U = torch.tensor([0.6, 0.1, 0.3], dtype=torch.float64)


def loss(z, soft, epsilon, weights, ignore, prior, reduction):
    w = W if weights else None
    labels = LABELS
    t = torch.tensor(T, dtype=torch.float64) if soft else one_hot(labels, 3).double()
    if not soft and not prior:
        index = IGNORE if ignore else -100
        return cross_entropy(z, labels, w, label_smoothing=epsilon, ignore_index=index,
                             reduction=reduction)
    kept = labels != IGNORE if ignore else torch.ones(4, dtype=torch.bool)
    row_weight = (t @ (W if weights else torch.ones(3, dtype=torch.float64))) * kept
    if prior:
        t, epsilon = (1 - epsilon) * t + epsilon * U, 0
    rows = cross_entropy(z, t, w, label_smoothing=epsilon, reduction="none") * kept
    if reduction == "none":
        return rows
    return rows.sum() / row_weight.sum() if reduction == "mean" else rows.sum()


def numbers(x):
    text = "{" + ", ".join(f"{v:.12g}" for v in x.flatten().tolist()) + "}"
    return textwrap.fill(text, 97, subsequent_indent="  ")


print(f"// Made by cross_entropy_reference.py with PyTorch {torch.__version__}.")
print("// {soft, smoothing, weights, ignore, prior, reduction, loss, gradient}")
on = [False, True]
for soft, epsilon, weights, ignore, prior, reduction in itertools.product(
        on, [0.0, 0.1, 1.0], on, on, on, ["none", "sum", "mean"]):
    if soft and ignore:
        continue
    z = torch.tensor(Z, dtype=torch.float64, requires_grad=True)
    y = loss(z, soft, epsilon, weights, ignore, prior, reduction)
    (y * torch.arange(1, 5) if reduction == "none" else y).sum().backward()
    flags = ", ".join(str(f).lower() for f in (weights, ignore, prior))
    print(f"{{{str(soft).lower()}, {epsilon:g}, {flags}, Reduction::{reduction},\n {numbers(y)},\n"
          f" {numbers(z.grad)}}},")
