// What temper shares with the rest of the program: threads, OpenBLAS's setting, memory.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "core/parallel.h"
#include "layers/conv2d.h"
#include "layers/linear.h"
#include "losses/cross_entropy.h"
#include "tests/check.h"

using namespace temper;

extern "C" {
[[gnu::weak]] int openblas_get_num_threads(void);
[[gnu::weak]] void openblas_set_num_threads(int);
}

namespace {
// The gradients of a product that is worth several threads.
std::vector<Real> gradient() {
  Rng rng(1);
  const Linear layer(300, 200, rng);
  Linear& forward = const_cast<Linear&>(layer);
  std::vector<Real> x(128 * 300, Real(0.1));
  std::vector<int> labels(128, 3);
  Tape tape;
  const Tensor logits = forward.forward(tape.input({.shape = {128, 300}, .data = x.data()}));
  tape.backward(softmax_cross_entropy(logits, labels));
  const Tensor weight = layer.parameters()[0].tensor;
  return {weight.gradients().begin(), weight.gradients().end()};
}
}  // namespace

TEST_CASE("OpenBLAS is left as it was found, and gives the same bits however it is set") {
  if (openblas_set_num_threads == nullptr) return;
  const std::vector<Real> expected = gradient();
  const int before = openblas_get_num_threads();
  for (const int threads : {1, 2, 3}) {
    openblas_set_num_threads(threads);
    const int set = openblas_get_num_threads();
    CHECK(gradient() == expected);
    CHECK(openblas_get_num_threads() == set);
    Rng rng(1);
    Conv2d layer(8, 8, 3, rng);
    std::vector<Real> x(16 * 8 * 8 * 8, 1);
    Tape tape;
    tape.backward(sum(layer.forward(tape.input({.shape = {16, 8, 8, 8}, .data = x.data()}))));
    CHECK(openblas_get_num_threads() == set);
  }
  openblas_set_num_threads(before);
}

TEST_CASE("several threads of a program compute at once, each the same bits") {
  const std::vector<Real> expected = gradient();
  const int before = openblas_set_num_threads != nullptr ? openblas_get_num_threads() : 0;
  std::atomic<int> equal = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) equal += gradient() == expected;
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(equal == 80);
  if (openblas_set_num_threads != nullptr) CHECK(openblas_get_num_threads() == before);
}

TEST_CASE("a child of fork() computes the same on one thread") {
  const std::vector<Real> expected = gradient();
  const pid_t child = fork();
  if (child == 0) {
    alarm(20);  // ends a child that hangs
    _exit(thread_count() == 1 && gradient() == expected ? 0 : 1);
  }
  int status = -1;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("an exception on any thread reaches the caller") {
  const std::vector<Real> before = gradient();
  for (const std::size_t bad : {0, 500, 999}) {
    const auto row = [=](std::size_t r) { require(r != bad, "row ", r); };
    CHECK_THROWS_WITH_AS(for_each_row(1000, 1000, row), to_string("row ", bad).c_str(), ShapeError);
  }
  CHECK(gradient() == before);  // the threads go on
}

TEST_CASE("a child that is forked while another thread multiplies gets OpenBLAS as it was") {
  if (openblas_set_num_threads == nullptr) return;
  const int before = openblas_get_num_threads();
  openblas_set_num_threads(2);
  const int set = openblas_get_num_threads();
  std::atomic<bool> ends = false;
  std::thread other([&] {
    while (!ends) gradient();
  });
  int wrong = 0;
  for (int i = 0; i < 10; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
    const pid_t child = fork();
    if (child == 0) {
      alarm(20);
      _exit(openblas_get_num_threads() == set ? 0 : 1);
    }
    int status = -1;
    waitpid(child, &status, 0);
    wrong += status != 0;
  }
  ends = true;
  other.join();
  openblas_set_num_threads(before);
  CHECK(wrong == 0);
}

#ifndef __SANITIZE_ADDRESS__  // it ends a program that asks for too much
TEST_CASE("memory that runs out is said with the op and the bytes") {
  const Parameter a({1 << 23, 1}), b({1, 1 << 23});
  Tape tape;
  const std::string bytes = std::to_string(sizeof(Real) << 46);
  CHECK_THROWS_WITH_AS(matmul(tape.input(a), b),
                       ("matmul: no memory for " + bytes + " bytes").c_str(), OutOfMemory);
  CHECK_THROWS_AS(matmul(tape.input(a), b), std::bad_alloc);
  CHECK_THROWS_WITH_AS(Parameter({1 << 23, 1 << 23}),
                       ("parameter: no memory for " + bytes + " bytes").c_str(), OutOfMemory);
  CHECK(sum(tape.input(a)).item() == 0);  // the tape goes on
}
#endif
