#!/usr/bin/env python3
"""Prints measures_reference.inc: what scikit-learn, SciPy and PyTorch say of made-up predictions.

    python3 tests/losses/measures_reference.py > tests/losses/measures_reference.inc

The predictions are made from whole numbers by the generator of core/random.h, here as in
measures_reference.h, so that both have the same logits to the last bit, in float as well.
"""
import textwrap

import numpy as np
import scipy
import sklearn
import torch
from scipy.optimize import brentq, minimize, root
from scipy.special import logsumexp, softmax
from scipy.stats import entropy
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score, roc_curve

BINS = 15


def random_bits(seed, i):
    mask = 2**64 - 1
    x = (seed + (i + 1) * 0x9e3779b97f4a7c15) & mask
    x = ((x ^ (x >> 30)) * 0xbf58476d1ce4e5b9) & mask
    x = ((x ^ (x >> 27)) * 0x94d049bb133111eb) & mask
    return x ^ (x >> 31)


def predictions(seed, n, classes, scale):
    """Logits of -4 to 4 times the scale; six labels of ten are the prediction, the others any."""
    z = np.array([random_bits(seed, i) % 8388609 for i in range(n * classes)], dtype=float)
    z = (z.reshape(n, classes) - 4194304) / 1048576
    bits = [random_bits(seed, n * classes + r) for r in range(n)]
    y = [int(z[r].argmax()) if b % 10 < 6 else b // 10 % classes for r, b in enumerate(bits)]
    return z * scale, np.array(y)


def binned(truth, p):
    """Of the bins that are not empty: counts, mean probability, share of what is true."""
    share, mean = calibration_curve(truth, p, n_bins=BINS)
    counts = np.bincount(np.searchsorted(np.linspace(0, 1, BINS + 1)[1:-1], p), minlength=BINS)
    return counts[counts > 0], mean, share


def adaptive_ece(correct, confidence):
    assert len(set(confidence)) == len(confidence)
    order = np.argsort(-confidence)
    edges = [b * len(order) // BINS for b in range(1, BINS)]
    return sum(abs((confidence[i] - correct[i]).sum()) for i in np.split(order, edges)) / len(order)


def brier_parts(p, t):
    parts = np.zeros(4)
    for c in range(p.shape[1]):
        base = t[:, c].mean()
        parts[2] += base * (1 - base)
        bins = np.searchsorted(np.linspace(0, 1, BINS + 1)[1:-1], p[:, c])
        for b in set(bins):
            f, o = p[bins == b, c], t[bins == b, c]
            weight = len(f) / len(p)
            parts[0] += weight * (f.mean() - o.mean())**2
            parts[1] += weight * (o.mean() - base)**2
            parts[3] += weight * (f.var() - 2 * np.cov(f, o, bias=True)[0, 1])
    return parts


def temperature(z, y):
    def slope(beta):
        return (softmax(beta * z, axis=1) * z).sum(1).mean() - z[np.arange(len(y)), y].mean()
    scale = np.abs(z).max()
    return 1 / brentq(slope, 1e-3 / scale, 1e3 / scale, xtol=1e-15, rtol=1e-14)


def fit(z, y, with_weights):
    """The weights and biases with the least cross-entropy, and that: BFGS, then the root of the
    gradient. The last bias is held at 0, and the mean taken off at the end."""
    classes = z.shape[1]
    z, y = torch.tensor(z), torch.tensor(y)

    def split(x):
        b = torch.cat([x[:classes - 1], torch.zeros(1, dtype=torch.float64)])
        return (x[classes - 1:] if with_weights else torch.ones_like(b)), b

    def loss(x):
        w, b = split(x)
        return torch.nn.functional.cross_entropy(w * z + b, y)

    def gradient(x):
        return torch.autograd.functional.jacobian(loss, torch.tensor(x)).numpy()

    start = np.zeros(classes - 1)
    if with_weights:
        start = np.append(start, np.full(classes, 1 / temperature(z.numpy(), y.numpy())))
    near = minimize(lambda x: loss(torch.tensor(x)).item(), start, jac=gradient).x
    x = root(gradient, near, tol=1e-15).x
    assert abs(gradient(x)).max() < 1e-14
    w, b = split(torch.tensor(x))
    return list(w) + list(b - b.mean()) + [loss(torch.tensor(x))]


def class_separation(x, y):
    """As Kornblith et al. write it: over all pairs."""
    x = torch.tensor(x)
    distance = 1 - torch.nn.functional.cosine_similarity(x[:, None], x[None], dim=2).numpy()
    classes = sorted(set(y))
    pairs = [[distance[np.ix_(y == a, y == b)].mean() for a in classes] for b in classes]
    return 1 - np.diag(pairs).mean() / np.mean(pairs)


def measures(z, y):
    p = softmax(z, axis=1)
    t = np.eye(z.shape[1])[y]
    prediction, confidence = z.argmax(1), p.max(1)
    correct = (prediction == y).astype(int)
    counts, mean, share = binned(correct, confidence)
    classwise = [binned(t[:, c], p[:, c]) for c in range(z.shape[1])]
    scores = {"max_softmax": confidence, "negative_entropy": -entropy(p, axis=1),
              "max_logit": z.max(1), "energy": logsumexp(z, axis=1)}
    yield "nll", [log_loss(y, p, labels=range(z.shape[1]))]
    yield "ece", [(counts * abs(mean - share)).sum() / len(y)]
    yield "adaptive_ece", [adaptive_ece(correct, confidence)]
    yield "classwise_ece", [np.mean([(n * abs(f - o)).sum() / len(y) for n, f, o in classwise])]
    yield "maximum_calibration_error", [abs(mean - share)[counts >= 10].max()]
    yield "brier", [sum(brier_score_loss(t[:, c], p[:, c]) for c in range(z.shape[1]))]
    yield "brier_parts", brier_parts(p, t)
    for name, score in scores.items():
        yield name, score[:3]
        fpr, tpr, _ = roc_curve(correct, score, drop_intermediate=False)
        errors = 1 - correct[np.argsort(-score, kind="stable")]
        risks = np.cumsum(errors) / np.arange(1, len(y) + 1)
        yield name + " ranks", [roc_auc_score(correct, score), fpr[np.argmax(tpr >= 0.95)]]
        if len(set(score)) == len(score):
            yield name + " risks", [risks.mean(), risks[len(y) * 4 // 5 - 1]]
    yield "temperature", [temperature(z, y)]
    yield "bias", fit(z, y, False)
    yield "vector", fit(z, y, True)
    yield "class_separation", [class_separation(z, y)]


print(f"// Made by measures_reference.py with scikit-learn {sklearn.__version__}, "
      f"SciPy {scipy.__version__}, PyTorch {torch.__version__}.")
print("// {seed, n, classes, scale, {{measure, values} …}}")
for case in [(1, 500, 3, 1), (2, 1000, 10, 0.5), (3, 200, 5, 2), (4, 300, 2, 0.125)]:
    print("{" + ", ".join(f"{x:g}" for x in case) + ",\n {")
    for name, values in measures(*predictions(*case)):
        text = f'{{"{name}", {{' + ", ".join(f"{float(v):.14g}" for v in values) + "}},"
        print(textwrap.indent(textwrap.fill(text, 94, subsequent_indent=" "), "  "))
    print(" }},")
