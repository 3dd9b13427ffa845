// A training step allocates nothing once the first steps have run: counted by replacing operator
// new.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <new>

#include "apps/common/digits.h"
#include "apps/common/forward_correction.h"
#include "apps/common/mixup.h"

namespace {
std::atomic<long> allocations = 0;

void* counted(std::size_t size, std::size_t alignment) {
  ++allocations;
  const std::size_t rounded = (size + alignment - 1) / alignment * alignment;
  if (void* p = std::aligned_alloc(alignment, rounded > 0 ? rounded : alignment)) return p;
  throw std::bad_alloc();
}
}  // namespace

void* operator new(std::size_t size) { return counted(size, 16); }
void* operator new[](std::size_t size) { return counted(size, 16); }
void* operator new(std::size_t size, std::align_val_t a) {
  return counted(size, static_cast<std::size_t>(a));
}
void* operator new[](std::size_t size, std::align_val_t a) {
  return counted(size, static_cast<std::size_t>(a));
}
void* operator new(std::size_t size, std::align_val_t a, const std::nothrow_t&) noexcept {
  return counted(size, static_cast<std::size_t>(a));
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

using namespace temper;

namespace {
// Runs a few epochs and returns the allocations of the last two, begin() of the loader included.
template <class MakeLoss>
long steady_allocations(const Dataset& data, Optimizer& optimizer, MakeLoss loss_of,
                        const Augmentation& augmentation = {}) {
  Rng rng(3);
  DataLoader loader(data, {.batch_size = 64, .shuffle = true, .augmentation = augmentation}, rng);
  Tape tape;
  long before = 0;
  for (int epoch = 0; epoch < 4; ++epoch) {
    if (epoch == 2) before = allocations;
    for (const Batch& batch : loader) {
      tape.clear();
      const Tensor loss = loss_of(tape, batch);
      optimizer.zero_grad();
      tape.backward(loss);
      clip_grad_norm(optimizer, 1);
      optimizer.step();
    }
  }
  return allocations - before;
}
}  // namespace

int main() {
  const Mnist data = built_in_digits(500, 100);  // the last batch is smaller than the others
  Rng rng(1);
  Sequential model{Linear(784, 64, rng), LayerNorm(64),      BatchNorm1d(64), GELU(),
                   Dropout(0.1, rng),    Linear(64, 10, rng)};
  const std::vector<Real> weights(10, Real(0.5)), prior(10, Real(0.1));
  SGD sgd(model.parameters(), {.learning_rate = 0.01, .momentum = 0.9});
  Adam adam(model.parameters(), {.learning_rate = 0.001});

  const CrossEntropyOptions options = {.label_smoothing = 0.1,
                                       .smoothing_prior = prior,
                                       .class_weights = weights,
                                       .ignore_index = 3};
  const long labels = steady_allocations(
      data.train, sgd,
      [&](Tape& tape, const Batch& batch) {
        return softmax_cross_entropy(model.forward(tape.input(batch.inputs)), batch.labels,
                                     options);
      },
      {.shift = 2, .rotation = 10, .scale = 0.1, .elastic = 1, .erase = 0.5, .flip = 0.5});

  Dataset soft = data.train;
  soft.labels.clear();
  soft.targets.assign(static_cast<std::size_t>(soft.size()) * 10, Real(0.1));
  const long rows = steady_allocations(soft, adam, [&](Tape& tape, const Batch& batch) {
    const Tensor logits = model.forward(tape.input(batch.inputs));
    return softmax_cross_entropy(logits, batch.targets) +
           mean(concat({softmax(logits), logits}, 1));
  });

  const std::vector<Real> noise = pair_noise(10, 0.3);
  const CrossEntropyOptions noisy = {.target_matrix = noise};
  const long blends = steady_allocations(data.train, sgd, [&](Tape& tape, const Batch& batch) {
    const Mixed lines = mixup(tape.input(batch.inputs), batch.labels, 0.5, rng);
    const Mixed boxes = cutmix(lines.inputs, batch.labels, 0.5, rng);
    const Tensor logits = model.forward(boxes.inputs);
    return mixed_cross_entropy(logits, boxes, noisy) +
           forward_corrected_cross_entropy(logits, batch.labels, noise) +
           confidence_penalty(logits);
  });

  const Mnist images = built_in_digits(200, 1, 1, {1, 28, 28});
  Sequential convolutional{Conv2d(1, 8, 5, rng),
                           ReLU(),
                           MaxPool2d(2),
                           Conv2d(8, 8, 3, rng),
                           BatchNorm2d(8),
                           Conv2d(8, 8, 3, rng, {.stride = 2}),
                           Flatten(),
                           Linear(128, 10, rng)};
  SGD trainer(convolutional.parameters(), {.learning_rate = 0.01});
  const long convolutions =
      steady_allocations(images.train, trainer, [&](Tape& tape, const Batch& batch) {
        return softmax_cross_entropy(convolutional.forward(tape.input(batch.inputs)), batch.labels);
      });

  std::printf(
      "allocations in two steady epochs: %ld with labels, %ld with rows, %ld with blends, %ld with "
      "convolutions (%ld before)\n",
      labels, rows, blends, convolutions,
      allocations.load() - labels - rows - blends - convolutions);
  return labels == 0 && rows == 0 && blends == 0 && convolutions == 0 && allocations > 0 ? 0 : 1;
}
