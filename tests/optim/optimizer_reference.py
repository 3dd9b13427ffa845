"""Prints what PyTorch's optimizers, schedulers and clipping compute, in double precision.

Run with any PyTorch from 1.13 on:  python3 optimizer_reference.py > optimizer_reference.inc
"""

import math

import torch
from torch.optim import lr_scheduler

STEPS = 6


def gradient(step, k, w):
    """The gradient of the k-th number in a step; the last number has none."""
    return 0.0 if k == 4 else math.sin(1 + 3 * step + k) + 0.5 * w


def emit(name, numbers):
    text = ", ".join(repr(float(x)) for x in numbers)
    print('{"%s", {%s}},' % (name, text))


def optimize(name, make, learning_rates={}):
    """Five numbers after each of six steps; learning_rates: {step: new learning rate}."""
    w = torch.nn.Parameter(torch.tensor([0.5, -1.0, 2.0, 0.0, -0.3], dtype=torch.float64))
    optimizer = make([w])
    trace = []
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = learning_rates.get(step, group["lr"])
        w.grad = torch.tensor([gradient(step, k, x) for k, x in enumerate(w.tolist())],
                              dtype=torch.float64)
        optimizer.step()
        trace += w.tolist()
    emit(name, trace)


def schedule(name, make, steps, learning_rate=1.0):
    """The learning rate in each of a number of steps."""
    w = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([w], lr=learning_rate)
    scheduler = make(optimizer)
    trace = []
    for _ in range(steps):
        trace.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    emit(name, trace)


def plateau(name, losses, learning_rate=1.0, **options):
    """The learning rate after each epoch with a given loss."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=learning_rate)
    scheduler = lr_scheduler.ReduceLROnPlateau(optimizer, **options)
    trace = []
    for loss in losses:
        scheduler.step(loss)
        trace.append(optimizer.param_groups[0]["lr"])
    emit(name, trace)


def clip(name, max_norm):
    """The norm, then both gradients as clipped."""
    a, b = (torch.nn.Parameter(torch.zeros(n, dtype=torch.float64)) for n in (3, 2))
    a.grad = torch.tensor([1.0, -2.0, 3.0], dtype=torch.float64)
    b.grad = torch.tensor([0.25, -4.0], dtype=torch.float64)
    norm = torch.nn.utils.clip_grad_norm_([a, b], max_norm)
    emit(name, [norm] + a.grad.tolist() + b.grad.tolist())


print("// Made by optimizer_reference.py with PyTorch %s." % torch.__version__.split("a")[0])

SGD, Adam, AdamW, RMSprop = (torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW,
                             torch.optim.RMSprop)
optimize("sgd", lambda p: SGD(p, lr=0.1))
optimize("sgd weight_decay", lambda p: SGD(p, lr=0.1, weight_decay=0.05))
optimize("sgd momentum", lambda p: SGD(p, lr=0.1, momentum=0.9))
optimize("sgd dampening", lambda p: SGD(p, lr=0.1, momentum=0.9, dampening=0.3))
optimize("sgd nesterov", lambda p: SGD(p, lr=0.1, momentum=0.9, nesterov=True))
optimize("sgd nesterov weight_decay",
         lambda p: SGD(p, lr=0.1, momentum=0.8, nesterov=True, weight_decay=0.05))
optimize("sgd learning rate changes", lambda p: SGD(p, lr=0.1, momentum=0.9), {2: 0.02, 4: 0.3})
optimize("adam", Adam)
optimize("adam options", lambda p: Adam(p, lr=0.1, betas=(0.8, 0.95), eps=1e-3))
optimize("adam weight_decay", lambda p: Adam(p, lr=0.1, weight_decay=0.05))
optimize("adam learning rate changes", lambda p: Adam(p, lr=0.1), {2: 0.02, 4: 0.3})
optimize("adamw", AdamW)
optimize("adamw options", lambda p: AdamW(p, lr=0.1, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.2))
optimize("adamw learning rate changes", lambda p: AdamW(p, lr=0.1, weight_decay=0.2),
         {2: 0.02, 4: 0.3})
optimize("rmsprop", RMSprop)
optimize("rmsprop options", lambda p: RMSprop(p, lr=0.05, alpha=0.9, eps=1e-3))
optimize("rmsprop weight_decay", lambda p: RMSprop(p, lr=0.05, weight_decay=0.05))
optimize("rmsprop momentum", lambda p: RMSprop(p, lr=0.05, momentum=0.7))
optimize("rmsprop centered", lambda p: RMSprop(p, lr=0.05, centered=True))
optimize("rmsprop everything",
         lambda p: RMSprop(p, lr=0.05, alpha=0.9, momentum=0.7, weight_decay=0.05, centered=True))

schedule("step_decay", lambda o: lr_scheduler.StepLR(o, 3), 10)
schedule("step_decay 0.5", lambda o: lr_scheduler.StepLR(o, 2, gamma=0.5), 10)
schedule("exponential_decay", lambda o: lr_scheduler.ExponentialLR(o, 0.9), 10)
schedule("cosine_decay", lambda o: lr_scheduler.CosineAnnealingLR(o, 8), 9)
schedule("cosine_decay low", lambda o: lr_scheduler.CosineAnnealingLR(o, 8, eta_min=0.1), 14)
schedule("linear_warmup", lambda o: lr_scheduler.LinearLR(o), 8)
schedule("linear_warmup start",
         lambda o: lr_scheduler.LinearLR(o, start_factor=0.1, total_iters=4), 8)
schedule("one_cycle", lambda o: lr_scheduler.OneCycleLR(o, 1.0, total_steps=20), 20)
schedule("one_cycle options", lambda o: lr_scheduler.OneCycleLR(
    o, 1.0, total_steps=11, pct_start=0.5, div_factor=10, final_div_factor=100), 11)
schedule("one_cycle short", lambda o: lr_scheduler.OneCycleLR(o, 1.0, total_steps=3), 3)
schedule("warm-up times decay", lambda o: lr_scheduler.ChainedScheduler(
    [lr_scheduler.LinearLR(o, start_factor=0.25, total_iters=4),
     lr_scheduler.StepLR(o, 3, gamma=0.5)]), 10, learning_rate=0.2)

losses = [1, 0.9, 0.9, 0.89995, 0.9, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.7, 0.75, 0.7, 0.72,
          0.71, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7, 0.7]
plateau("plateau", losses)
plateau("plateau patience", losses, patience=2, factor=0.5)
plateau("plateau cooldown", losses, patience=1, factor=0.5, cooldown=3)
plateau("plateau threshold", losses, patience=1, factor=0.5, threshold=0.2)
plateau("plateau min_learning_rate", losses, patience=0, factor=0.3, min_lr=0.01)
plateau("plateau tiny", losses, patience=0, learning_rate=1e-7)
plateau("plateau not a number", [1, math.nan, math.nan, 0.5, math.nan], patience=1)

clip("clip", 2.5)
clip("clip not needed", 100)
