#!/usr/bin/env python3
"""Prints losses_reference.inc: what PyTorch computes for the losses other than cross-entropy.

    python3 tests/losses/losses_reference.py > tests/losses/losses_reference.inc

KL divergence per row is PyTorch's pointwise value summed over the classes, its mean "batchmean".
Smoothed binary targets are (1 - e) t + e/2, made here. For reduction none the gradient is that of
the sum of (i + 1) * loss[i].
"""
import textwrap

import torch
import torch.nn.functional as F

Z = [[1.5, -0.25, 0.75], [-2, 3, 0.5]]
TARGET = [[0.2, 0.3, 0.5], [0, 1, 0]]
OTHER = [[0.5, 1, -1], [2, -0.5, 0.25]]
t, other = (torch.tensor(x, dtype=torch.float64) for x in (TARGET, OTHER))


def mse(z, reduction):
    return F.mse_loss(z, other, reduction=reduction)


def binary(smoothing, weight):
    smoothed = (1 - smoothing) * t + smoothing / 2
    return lambda z, reduction: F.binary_cross_entropy_with_logits(
        z, smoothed, pos_weight=torch.tensor(weight, dtype=torch.float64), reduction=reduction)


def kl(target, log_target):
    def loss(z, reduction):
        x = F.log_softmax(z, 1)
        if reduction == "none":
            return F.kl_div(x, target, reduction="none", log_target=log_target).sum(1)
        return F.kl_div(x, target, reduction={"mean": "batchmean"}.get(reduction, reduction),
                        log_target=log_target)
    return loss


def numbers(x):
    text = "{" + ", ".join(f"{v:.12g}" for v in x.flatten().tolist()) + "}"
    return textwrap.fill(text, 97, subsequent_indent="  ")


print(f"// Made by losses_reference.py with PyTorch {torch.__version__}.")
print("// {case, reduction, loss, gradient}")
for name, loss in {
        "mean_squared_error": mse,
        "binary": binary(0.0, 1.0),
        "binary smoothed weighted": binary(0.2, 3.0),
        "kl": kl(t, False),
        "kl to logits": kl(F.log_softmax(other, 1), True),
}.items():
    for reduction in ["none", "sum", "mean"]:
        z = torch.tensor(Z, dtype=torch.float64, requires_grad=True)
        y = loss(z, reduction)
        upstream = torch.arange(1, y.numel() + 1).reshape(y.shape)
        (y * upstream).sum().backward()
        print(f'{{"{name}", Reduction::{reduction},\n {numbers(y)},\n {numbers(z.grad)}}},')
