"""Measures temper and, where it is installed, PyTorch, in turns, and prints a table.

Usage: bench.py FOLDER_OF_APPS [--pairs N]. Both train 784-128-10 with SGD and momentum at batch 64, with
the loader counted, on the same number of threads; PyTorch gets the OpenMP build of OpenBLAS, its best.
"""

import argparse
import glob
import json
import os
import statistics
import subprocess
import sys
import time

TORCH_STEP = """
import json, sys, time, torch
hidden, batch = int(sys.argv[1]), int(sys.argv[2])
torch.manual_seed(1)
n = batch * 64
images, labels = torch.rand(n, 784), torch.randint(10, (n,))
model = torch.nn.Sequential(torch.nn.Linear(784, hidden), torch.nn.ReLU(), torch.nn.Linear(hidden, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
def epoch():
    order = torch.randperm(n)
    for i in range(0, n, batch):
        rows = order[i:i + batch]
        loss = torch.nn.functional.cross_entropy(model(images[rows]), labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
epoch()
best = 1e9
for _ in range(15):
    start = time.perf_counter()
    epoch()
    epoch()
    best = min(best, (time.perf_counter() - start) / 128)
print(json.dumps({"milliseconds": 1e3 * best}))
"""


def run(command, **environment):
    output = subprocess.run(command, env={**os.environ, **environment}, check=True, capture_output=True, text=True)
    return json.loads(output.stdout)


def torch_python():
    """The interpreter that has PyTorch, or None, and the OpenBLAS to load for it."""
    for python in ("/usr/bin/python3", sys.executable):
        if subprocess.run([python, "-c", "import torch"], capture_output=True).returncode == 0:
            openmp = glob.glob("/usr/lib/*/openblas-openmp/libopenblas.so.0")
            return python, {"LD_PRELOAD": openmp[0]} if openmp else {}
    return None, {}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("apps")
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    bench = os.path.join(options.apps, "bench")

    with open("/proc/cpuinfo") as info:
        processor = next((line.split(": ")[1].strip() for line in info if line.startswith("model name")), "?")
    print(f"{processor}, {os.cpu_count()} cores")
    print(run([bench, "step", "16", "16"])["blas"])
    print(f"tape: {run([bench, 'tape'])['nanoseconds_per_op']:.0f} ns per op, forward and backward")

    python, preload = torch_python()
    for hidden, batch in ((128, 64),):
        ours, theirs = [], []
        for _ in range(options.pairs):
            ours.append(run([bench, "step", str(hidden), str(batch)])["milliseconds"])
            if python:
                step = [python, "-c", TORCH_STEP, str(hidden), str(batch)]
                theirs.append(run(step, **preload)["milliseconds"])
        line = f"step of 784-{hidden}-10, batch {batch}: temper {min(ours):.3f} ms"
        if python:
            ratios = [t / o for o, t in zip(ours, theirs)]
            line += (f", PyTorch {min(theirs):.3f} ms, ratio {statistics.median(ratios):.2f}"
                     f" ({min(ratios):.2f} to {max(ratios):.2f} over {options.pairs} pairs)")
        print(line)

    seconds, memory = [], 0
    for _ in range(options.pairs):
        begin = time.perf_counter()
        result = subprocess.run([bench, "start"], capture_output=True, text=True)
        seconds.append(time.perf_counter() - begin)
        if result.returncode != 0:
            print("start: MNIST is not on this machine")
            return
        memory = max(memory, json.loads(result.stdout)["peak_megabytes"])
    print(f"process start to first step on MNIST: {min(seconds):.2f} s, peak memory {memory:.0f} MB")


if __name__ == "__main__":
    main()
