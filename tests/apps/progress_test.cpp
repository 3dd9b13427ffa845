// The means of a training: of the loss, and of what the network got right.
#include "apps/common/progress.h"

#include <doctest/doctest.h>

#include <vector>

using namespace temper;

TEST_CASE("progress counts every image once, however large its batch is") {
  std::vector<Real> numbers = {0, 1, 2, 5, 4, 3, 0, 9, 0};
  std::vector<int> labels = {2, 1, 1};
  std::vector<Real> targets = {Real(0.1), Real(0.9), 0};
  Real first = 2, second = 5;
  const Tensor three{.shape = {3, 3}, .data = numbers.data()};
  const Tensor one{.shape = {1, 3}, .data = numbers.data()};
  Progress progress("test", 4);

  Batch batch{.inputs = three, .labels = labels, .targets = {}};
  progress.add_step(batch, three, {.shape = {}, .data = &first});
  CHECK(progress.loss() == 2);
  CHECK(progress.accuracy() == 2.0 / 3);

  // the second target is the largest, the third logit
  batch = {.inputs = one, .labels = {}, .targets = {.shape = {1, 3}, .data = targets.data()}};
  progress.add_step(batch, one, {.shape = {}, .data = &second});
  CHECK(progress.loss() == (3 * 2 + 5) / 4.0);
  CHECK(progress.accuracy() == 0.5);
}
