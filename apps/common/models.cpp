// The layers of the networks, as PyTorch's users would list them.
#include "models.h"

namespace temper {

Sequential make_mlp(const std::vector<int>& hidden, double dropout, Rng& rng, int classes) {
  Sequential model;
  int in = 784;
  for (const int width : hidden) {
    model.add(Linear(in, width, rng));
    model.add(ReLU());
    if (dropout > 0) model.add(Dropout(dropout, rng));
    in = width;
  }
  model.add(Linear(in, classes, rng));
  return model;
}

Sequential make_lenet(Rng& rng, int classes) {
  return Sequential{Conv2d(1, 6, 5, rng, {.padding = 2}),
                    ReLU(),
                    MaxPool2d(2),
                    Conv2d(6, 16, 5, rng),
                    ReLU(),
                    MaxPool2d(2),
                    Flatten(),
                    Linear(400, 120, rng),
                    ReLU(),
                    Linear(120, 84, rng),
                    ReLU(),
                    Linear(84, classes, rng)};
}

Sequential make_cnn(Rng& rng, int classes) {
  return Sequential{
      Conv2d(1, 32, 3, rng),    ReLU(),    Conv2d(32, 64, 3, rng), ReLU(), MaxPool2d(2),
      Dropout(0.25, rng),       Flatten(), Linear(9216, 128, rng), ReLU(), Dropout(0.5, rng),
      Linear(128, classes, rng)};
}
}  // namespace temper
