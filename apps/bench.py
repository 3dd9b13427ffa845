"""Measures temper and, where it is installed, PyTorch, in turns, and prints a table.

Both compute the same on the same number of threads, the loader counted; PyTorch gets the OpenMP build of
OpenBLAS, its best. Each pair is two new processes; a ratio is that of a pair, its spread that of all pairs.
"limit" is the time of what cannot be avoided: of a step the bare products of matrices, of a loss copying
the logits once, of an optimizer copying as many bytes as it reads and writes.
"""

import argparse
import glob
import json
import os
import statistics
import subprocess
import sys
import time

NETWORKS = ("mlp-128", "mlp-1024", "lenet", "cnn")
LOSSES = (("128", "10"), ("65536", "10"), ("4096", "1000"), ("2048", "50257"))


def run(command, **environment):
    output = subprocess.run(command, env={**os.environ, **environment}, check=True, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in output.stdout.splitlines()]


def torch_command():
    """What runs a script with PyTorch, or None, and the OpenBLAS to load for it."""
    for python in ("/usr/bin/python3", sys.executable):
        if subprocess.run([python, "-c", "import torch"], capture_output=True).returncode == 0:
            openmp = glob.glob("/usr/lib/*/openblas-openmp/libopenblas.so.0")
            script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bench_torch.py")
            return [python, script], {"LD_PRELOAD": openmp[0]} if openmp else {}
    return None, {}


def processor():
    try:
        with open("/proc/cpuinfo") as info:
            return next(line.split(": ")[1].strip() for line in info if line.startswith("model name"))
    except (OSError, StopIteration):
        return "unknown processor"


class Rows:
    """The times of every row in the order in which rows first came."""

    def __init__(self):
        self.ours, self.theirs, self.limits = {}, {}, {}

    def add(self, ours, theirs):
        for row in ours:
            self.ours.setdefault(row["row"], []).append(row["milliseconds"])
            self.limits.setdefault(row["row"], []).append(row["limit"])
        for row in theirs:
            self.theirs.setdefault(row["row"], []).append(row["milliseconds"])

    def summary(self):
        for name, ours in self.ours.items():
            row = {"row": name, "temper_ms": min(ours)}
            if name in self.theirs:
                ratios = [t / o for o, t in zip(ours, self.theirs[name])]
                row.update(torch_ms=min(self.theirs[name]), ratio=statistics.median(ratios),
                           ratio_low=min(ratios), ratio_high=max(ratios))
            if self.limits[name][0] > 0:
                row.update(limit_ms=min(self.limits[name]),
                           to_limit=statistics.median(o / l for o, l in zip(ours, self.limits[name])))
            yield row


HEADER = f"{'':38}{'temper':>10}{'PyTorch':>10}  {'ratio (spread)':20}{'limit':>10}{'to limit':>10}"


def as_text(row):
    line = f"{row['row']:38}{row['temper_ms']:10.3f}"
    if "ratio" in row:
        spread = f"{row['ratio']:6.2f} ({row['ratio_low']:.2f} to {row['ratio_high']:.2f})"
        line += f"{row['torch_ms']:10.3f}  {spread:20}"
    else:
        line += " " * 32
    if "limit_ms" in row:
        line += f"{row['limit_ms']:10.3f}{row['to_limit']:10.2f}"
    return line


def timed(command, **environment):
    """Seconds from the start of a process to its end, and the most memory it had."""
    begin = time.perf_counter()
    megabytes = run(command, **environment)[-1]["megabytes"]
    return time.perf_counter() - begin, megabytes


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("apps", help=argparse.SUPPRESS)
    parser.add_argument("--pairs", type=int, default=5, help="pairs of processes for each row (5)")
    parser.add_argument("--quick", action="store_true", help="two short pairs, batch 64 and the small losses: a minute")
    parser.add_argument("--only", default="", help="rows of which this is the beginning of the job: network cnn")
    parser.add_argument("--json", metavar="FILE", help="write the table there as well")
    options = parser.parse_args()
    bench = [os.path.join(options.apps, "bench")]
    torch, preload = torch_command()
    pairs = 2 if options.quick else options.pairs

    if options.quick:
        os.environ.setdefault("BENCH_SECONDS", "0.25")

    about = run(bench + ["about"])[0]
    os.environ["OMP_NUM_THREADS"] = str(about["threads"])
    facts = {"processor": processor(), "cores": os.cpu_count(), "blas": about["blas"], "pairs": pairs}
    if torch:
        facts["torch"] = run(torch + ["about"], **preload)[0]["version"]
    print(f"{facts['processor']}, {facts['cores']} cores; temper on {facts['blas']}; "
          f"PyTorch {facts.get('torch', 'is not installed')}; {pairs} pairs\n\n{HEADER}   milliseconds", flush=True)

    batches = ["64"] if options.quick else ["32", "64", "256"]
    jobs = [["network", name] + batches for name in NETWORKS]
    jobs += [["loss", *size] for size in (LOSSES[:2] if options.quick else LOSSES)] + [["optimizers"], ["tape"]]
    table = []
    for job in jobs:
        if not " ".join(job).startswith(options.only):
            continue
        rows = Rows()
        for _ in range(pairs):
            rows.add(run(bench + job), run(torch + job, **preload) if torch and job != ["tape"] else [])
        for row in rows.summary():
            table.append(row)
            print(as_text(row), flush=True)

    if subprocess.run(bench + ["start", "mlp-128", "1"], capture_output=True).returncode != 0:
        print("start: MNIST is not on this machine")
    elif "start".startswith(options.only):
        for name, steps, what in (("mlp-128", "1", "first step"), ("cnn", "10", "ten steps")):
            job = ["start", name, steps]
            for who, command, environment in (("temper", bench, {}), ("PyTorch", torch, preload)):
                if command:
                    results = [timed(command + job, **environment) for _ in range(pairs)]
                    row = {"row": f"process start to {what} of {name}, {who}", "seconds": min(r[0] for r in results),
                           "megabytes": max(r[1] for r in results)}
                    table.append(row)
                    print(f"{row['row']:48}{row['seconds']:6.2f} s, at most {row['megabytes']:.0f} MB", flush=True)
    if options.json:
        with open(options.json, "w") as file:
            json.dump({**facts, "rows": table}, file, indent=1)


if __name__ == "__main__":
    main()
