"""Measures PyTorch eager as bench.cpp measures temper, row for row: see there. Prints lines of JSON.

Usage: bench_torch.py network NAME BATCH… | loss N CLASSES | optimizers | start NAME STEPS
"""

import json
import os
import resource
import sys
import time

import torch
from torch import nn


SECONDS = float(os.environ.get("BENCH_SECONDS", 1))


def best_of(f):
    best, begin, runs = 1e9, time.perf_counter(), 0
    while runs < 3 or time.perf_counter() - begin < SECONDS:
        start = time.perf_counter()
        f()
        best, runs = min(best, 1e3 * (time.perf_counter() - start)), runs + 1
    return best


def print_row(row, milliseconds):
    print(json.dumps({"row": row, "milliseconds": milliseconds}), flush=True)


def make_network(name):
    if name == "lenet":
        return nn.Sequential(nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5),
                             nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 120), nn.ReLU(),
                             nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)), (1, 28, 28)
    if name == "cnn":
        return nn.Sequential(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
                             nn.Dropout(0.25), nn.Flatten(), nn.Linear(9216, 128), nn.ReLU(), nn.Dropout(0.5),
                             nn.Linear(128, 10)), (1, 28, 28)
    widths = {"mlp-128": (784, 128), "mlp-1024": (784, 1024, 1024)}[name]
    layers = []
    for i, o in zip(widths, widths[1:]):
        layers += [nn.Linear(i, o), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(widths[-1], 10)), (784,)


def train(model, optimizer, images, labels, batch):
    order = torch.randperm(len(images))
    for i in range(0, len(images), batch):
        rows = order[i:i + batch]
        loss = nn.functional.cross_entropy(model(images[rows]), labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def bench_network(name, batch):
    steps = 8
    model, sample = make_network(name)
    images, labels = torch.rand(batch * steps, *sample), torch.randint(10, (batch * steps,))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    row = f"{name}, batch {batch}"
    print_row("train " + row, best_of(lambda: train(model, optimizer, images, labels, batch)) / steps)
    model.eval()
    with torch.no_grad():
        print_row("infer " + row, best_of(lambda: model(images[:batch])))


def bench_loss(n, classes):
    logits = torch.randn(n, classes, requires_grad=True)
    labels = torch.randint(classes, (n,))
    probabilities = torch.softmax(logits.detach(), 1)

    def step(targets, smoothing):
        logits.grad = None
        nn.functional.cross_entropy(logits, targets, label_smoothing=smoothing).backward()

    row = f"loss {n} x {classes}, "
    print_row(row + "labels", best_of(lambda: step(labels, 0.0)))
    print_row(row + "smoothed labels", best_of(lambda: step(labels, 0.1)))
    print_row(row + "probabilities", best_of(lambda: step(probabilities, 0.0)))


def bench_optimizers():
    p = torch.randn(10_000_000, requires_grad=True)
    p.grad = torch.full_like(p, 1e-3)
    for name, optimizer in (("SGD with momentum", torch.optim.SGD([p], lr=1e-3, momentum=0.9)),
                            ("Adam", torch.optim.Adam([p]))):
        print_row(name + ", 10 million parameters", best_of(optimizer.step))


def bench_start(name, steps):  # random images: reading the files is not counted
    model, sample = make_network(name)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    train(model, optimizer, torch.rand(64 * steps, *sample), torch.randint(10, (64 * steps,)), 64)
    print(json.dumps({"megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


what, *arguments = sys.argv[1:]
torch.manual_seed(1)
if what == "about":
    print(json.dumps({"version": torch.__version__.split("a")[0], "threads": torch.get_num_threads()}))
elif what == "network":
    for size in arguments[1:]:
        bench_network(arguments[0], int(size))
elif what == "loss":
    bench_loss(*map(int, arguments))
elif what == "optimizers":
    bench_optimizers()
elif what == "start":
    bench_start(arguments[0], int(arguments[1]))
