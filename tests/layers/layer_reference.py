"""Prints what PyTorch's layers compute, in double precision, and what its initialisers draw.

Run with any PyTorch from 1.13 on:  python3 layer_reference.py > layer_reference.inc
"""

import torch
from torch.nn import functional as F

torch.manual_seed(1)


def emit(name, *tensors):
    numbers = [x for t in tensors for x in t.detach().double().flatten().tolist()]
    print('{"%s", {%s}},' % (name, ", ".join(repr(x) for x in numbers)))


def leaf(*numbers):
    return torch.tensor(numbers, dtype=torch.float64, requires_grad=True)


def wave(shape, k):
    """What wave() in check_layer.h makes."""
    n = torch.Size(shape).numel()
    return torch.sin(torch.arange(n, dtype=torch.float64) + k).reshape(shape).requires_grad_()


print("// Made by layer_reference.py with PyTorch %s." % torch.__version__.split("a")[0])

x = leaf([1.0, 2.0, 4.0, -3.0], [0.5, 0.5, 0.5, 0.75], [1000.0, 1001.0, 1002.0, 999.0])
w = leaf(1.0, -2.0, 0.5, 3.0)
b = leaf(0.0, 1.0, -1.0, 0.25)
dy = torch.tensor([[1.0, 0.5, -1.0, 2.0], [0.0, 1.0, 0.25, -0.5], [-1.0, 3.0, 1.0, 0.5]],
                  dtype=torch.float64)
y = F.layer_norm(x, (4,), w, b, eps=1e-5)
y.backward(dy)
emit("layer_norm", y)
emit("layer_norm gradients", x.grad, w.grad, b.grad)
emit("layer_norm epsilon", F.layer_norm(x, (4,), w, b, eps=0.1))

# Three steps: the last values and gradients, the running statistics, what is then inferred.
for shape in (5, 3), (2, 3, 4), (2, 3, 2, 3):
    norm = torch.nn.BatchNorm2d if len(shape) == 4 else torch.nn.BatchNorm1d
    for options in {}, {"eps": 0.01, "momentum": 0.3}:
        layer = norm(3, **options).double()
        with torch.no_grad():
            layer.weight.copy_(wave((3,), 4))
            layer.bias.copy_(wave((3,), 5))
        for step in range(3):
            x = wave(shape, step)
            y = layer(x)
        y.backward(wave(shape, 7))
        emit("batch_norm %s%s" % (list(shape), " options" if options else ""), y, x.grad,
             layer.weight.grad, layer.bias.grad, layer.running_mean, layer.running_var,
             layer.eval()(x))

for kernel, stride, padding in (2, 2, 0), (3, 1, 1), (3, 2, 1), (2, 3, 0), (5, 2, 2):
    for name, pool in ("max", F.max_pool2d), ("avg", F.avg_pool2d):
        x = wave((2, 3, 7, 8), 0)
        y = pool(x, kernel, stride, padding)
        y.backward(wave(y.shape, 1))
        emit("%s_pool2d %d %d %d" % (name, kernel, stride, padding), y, x.grad)
for kernel, stride, padding in (2, 2, 0), (3, 2, 1), (2, 3, 1), (4, 3, 2), (9, 5, 3):
    for ceil, include in (False, False), (True, False), (True, True):
        for name, pool in (("max", lambda x, *o: F.max_pool2d(x, *o, ceil_mode=ceil)),
                           ("avg", lambda x, *o: F.avg_pool2d(x, *o, ceil, include))):
            x = wave((1, 2, 5, 6), 0)
            y = pool(x, kernel, stride, padding)
            y.backward(wave(y.shape, 1))
            emit("%s_pool2d %d %d %d %d %d" % (name, kernel, stride, padding, ceil, include),
                 y, x.grad)
x = wave((2, 3, 7, 8), 0)
y = F.adaptive_avg_pool2d(x, 1).flatten(1)
y.backward(wave(y.shape, 1))
emit("global_avg_pool2d", y, x.grad)

numbers = leaf(-40.0, -5.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0, 40.0)
emit("gelu", F.gelu(numbers))
emit("leaky_relu", F.leaky_relu(numbers, 0.2))
emit("tanh", torch.tanh(numbers))
emit("sigmoid", torch.sigmoid(numbers))

rows = leaf([1.0, 2.0, 3.0], [1000.0, 999.0, -1000.0], [-0.5, -0.5, -0.5])
emit("softmax", F.softmax(rows, -1))
emit("log_softmax", F.log_softmax(rows, -1))


def draw(name, fill):
    """The standard deviation and the largest number of many draws for a weight [40, 60, 5, 7]."""
    weight = torch.empty(40, 60, 5, 7, dtype=torch.float64)
    fill(weight)
    emit(name, weight.std(), weight.abs().max())


init = torch.nn.init
draw("kaiming_uniform", lambda t: init.kaiming_uniform_(t, nonlinearity="relu"))
draw("kaiming_normal", lambda t: init.kaiming_normal_(t, nonlinearity="relu"))
draw("kaiming_normal tanh", lambda t: init.kaiming_normal_(t, nonlinearity="tanh"))
draw("xavier_uniform", init.xavier_uniform_)
draw("xavier_uniform relu",
     lambda t: init.xavier_uniform_(t, gain=init.calculate_gain("relu")))
draw("xavier_normal", init.xavier_normal_)
draw("fan_in_uniform", lambda t: t.copy_(torch.nn.Conv2d(60, 40, (5, 7)).double().weight.detach()))

linear = torch.nn.Linear(50, 4000)
emit("linear weight", linear.weight.std(), linear.weight.abs().max())
emit("linear bias", linear.bias.std(), linear.bias.abs().max())
