// The networks that the demo programs and the benchmark train on images of 28 x 28.
#pragma once

#include <temper.h>

#include <vector>

namespace temper {
// [n, 784]: hidden layers of the given widths with ReLU and perhaps dropout.
Sequential make_mlp(const std::vector<int>& hidden, double dropout, Rng& rng, int classes = 10);

// [n, 1, 28, 28]: LeNet-5 (LeCun et al. 1998) as it is built today, with ReLU and max pooling.
Sequential make_lenet(Rng& rng, int classes = 10);

// [n, 1, 28, 28]: the network of PyTorch's MNIST example.
Sequential make_cnn(Rng& rng, int classes = 10);
}  // namespace temper
