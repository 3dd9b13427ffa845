// The tape: how gradients flow, how long tensors live, what it says when it is used wrongly.
#include "tests/check.h"

using namespace temper;

TEST_CASE("a shape counts, prints and names a wrong axis") {
  const Shape shape{2, 3, 4};
  std::ostringstream text;
  text << shape << ' ' << Shape{};
  CHECK(text.str() == "[2, 3, 4] []");
  CHECK(shape.size() == 24);
  CHECK(Shape{}.size() == 1);
  CHECK(shape.rows() == 6);
  CHECK(shape.columns() == 4);
  CHECK(shape[-1] == 4);
  CHECK(shape.with(1, 7) == Shape{2, 7, 4});
  CHECK(shape.with(-1, 7) == Shape{2, 3, 7});
  CHECK(shape.without(0) == Shape{3, 4});
  CHECK(shape.without(-1) == Shape{2, 3});
  CHECK(shape.batched(5) == Shape{5, 2, 3, 4});
  CHECK_THROWS_WITH_AS(shape[3], "shape: [2, 3, 4] has no axis 3", ShapeError);
  CHECK_THROWS_WITH_AS(shape.without(3), "shape: [2, 3, 4] has no axis 3", ShapeError);
  CHECK_THROWS_WITH_AS((Shape{1, 2, 3, 4, 5}), "shape: at most 4 axes are supported", ShapeError);
  CHECK_THROWS_WITH_AS(Shape{-1}, "shape: an axis cannot have length -1 (0..2147483647)",
                       ShapeError);
}

TEST_CASE("a tensor used twice gets the sum of its gradients") {
  const Parameter x = parameter({1}, {3});
  Tape tape;
  const Tensor a = tape.input(x), square = a * a;
  tape.backward(sum(square + square + a));
  CHECK(x.tensor().grad[0] == 13);  // 2 · 2x + 1
}

TEST_CASE("several backward passes add to the gradient of a parameter") {
  const Parameter x = parameter({2}, {1, 2});
  Tape tape;
  for (int pass = 0; pass < 3; ++pass) {
    tape.clear();
    tape.backward(sum(tape.input(x) * 2));
  }
  check_close(x.tensor().gradients(), {6, 6});
}

TEST_CASE("backward may be repeated on one graph: gradients on the tape do not pile up") {
  const Parameter x = parameter({1}, {2});
  Tape tape;
  const Tensor y = square(square(tape.input(x)));
  const Tensor loss = sum(y);
  tape.backward(loss);
  tape.backward(loss);
  CHECK(x.tensor().grad[0] == 64);  // twice 4x³
}

TEST_CASE("what the loss does not depend on gets no gradient, however steep it is there") {
  const Parameter x = parameter({2}, {0, 1});
  Tape tape;
  const Tensor on_tape = tape.input(x), before = log(on_tape), loss = sum(on_tape * 3),
               after = sqrt(on_tape);
  tape.backward(loss);
  CHECK(before.values()[0] == -infinity);
  CHECK(after.values()[0] == 0);
  check_close(x.tensor().gradients(), {3, 3});
}

TEST_CASE("a loss that is a parameter adds to its gradient") {
  const Parameter x = parameter({1}, {2});
  x.tensor().grad[0] = 5;
  Tape tape;
  tape.backward(tape.input(x));
  CHECK(x.tensor().grad[0] == 6);
}

TEST_CASE("a tensor of a cleared tape is not let onto another one") {
  const Parameter x = parameter({2}, {1, 2});
  Tape teacher, student;
  const Tensor old = teacher.input(x) * 2;
  teacher.clear();
  CHECK_THROWS_WITH_AS(student.input(old), "tensor [2] is from a step the tape has cleared",
                       ShapeError);
}

TEST_CASE("two losses of one graph") {
  const Parameter x = parameter({1}, {2});
  Tape tape;
  const Tensor y = square(tape.input(x));
  tape.backward(sum(y));
  tape.backward(sum(y * 10));
  CHECK(x.tensor().grad[0] == 44);
}

TEST_CASE("what needs no gradient gets none") {
  const Parameter weight = parameter({1}, {2});
  Tensor data = weight;
  data.grad = nullptr;
  Tape tape;
  const Tensor x = tape.input(data);
  CHECK((x * x).grad == nullptr);
  CHECK(tape.steps().empty());
  CHECK((x * weight).grad != nullptr);
  CHECK(tape.steps().size() == 1);
  CHECK(std::string(tape.steps()[0].op) == "multiply");
}

TEST_CASE("inferring records nothing") {
  const Parameter x = parameter({1}, {2});
  Tape tape(Tape::Mode::infer);
  const Tensor y = tape.input(x) * 3;
  CHECK(y.item() == 6);
  CHECK(y.grad == nullptr);
  CHECK(tape.steps().empty());
  CHECK_THROWS_WITH_AS(tape.backward(sum(y)),
                       "backward: the tape only infers; make it with Tape::Mode::train",
                       ShapeError);
}

TEST_CASE("a tensor does not outlive its step, and every use says so") {
  const Parameter x = parameter({2, 1}, {1, 2});
  Tape tape;
  const Tensor old = tape.input(x) * 2;
  const Tensor loss = sum(old);
  tape.clear();
  const char* message = "tensor [2, 1] is from a step the tape has cleared";
  CHECK_THROWS_WITH_AS(exp(old), message, ShapeError);
  CHECK_THROWS_WITH_AS(tape.input(x) + old, message, ShapeError);
  CHECK_THROWS_WITH_AS(tape.input(old), message, ShapeError);
  CHECK_THROWS_WITH_AS(reshape(old, {2}), message, ShapeError);
  CHECK_THROWS_WITH_AS(rows(old, 0, 1), message, ShapeError);
  CHECK_THROWS_WITH_AS(concat({old, old}, 0), message, ShapeError);
  CHECK_THROWS_WITH_AS(loss.item(), "tensor [] is from a step the tape has cleared", ShapeError);
  CHECK_THROWS_WITH_AS(tape.backward(loss), "tensor [] is from a step the tape has cleared",
                       ShapeError);
}

TEST_CASE("misuse of the tape is named") {
  const Parameter x = parameter({2}, {1, 2});
  Tape one, two;
  CHECK_THROWS_WITH_AS(exp(x), "exp: no input is on a tape; put one there with tape.input(x)",
                       ShapeError);
  CHECK_THROWS_WITH_AS(one.input(x) + two.input(x), "add: the inputs are on two different tapes",
                       ShapeError);
  CHECK_THROWS_WITH_AS(one.backward(one.input(x)), "backward: the loss must be a scalar, it is [2]",
                       ShapeError);
  CHECK_THROWS_WITH_AS(one.backward(sum(two.input(x))), "backward: the loss [] is not on this tape",
                       ShapeError);
  CHECK_THROWS_WITH_AS(one.input(x).item(),
                       "item: a tensor of one element is needed, this one is [2]", ShapeError);
  CHECK_THROWS_AS(Tensor{}.item(), ShapeError);
  CHECK_THROWS_WITH_AS(exp(one.input(Tensor{})), "exp: an input [] has no numbers", ShapeError);
  Tensor data = x;
  data.grad = nullptr;
  CHECK_THROWS_WITH_AS(one.backward(sum(one.input(data))),
                       "backward: the loss depends on no parameter", ShapeError);
}

TEST_CASE("a loss that is not finite names the first op that went bad") {
  const Parameter x = parameter({2}, {-1, 1}), infinite = parameter({1}, {infinity});
  Tape tape;
  tape.clear();
  CHECK_THROWS_WITH_AS(
      tape.backward(sum(log(tape.input(x) * 2) * 3)),
      "backward: the loss is nan in step 1 of the tape; log [2] is the first that is not finite",
      NumericError);
  CHECK(x.tensor().grad[0] == 0);  // nothing was spoiled
  CHECK_THROWS_AS(tape.backward(reshape(tape.input(infinite), {})), NumericError);
}

TEST_CASE("a kept span outlives what it was made from") {
  const Parameter x = parameter({1}, {1});
  Tape tape;
  std::span<const int> kept;
  {
    const std::vector<int> temporary = {1, 2, 3};
    kept = tape.keep(std::span(temporary));
  }
  CHECK(std::vector<int>(kept.begin(), kept.end()) == std::vector<int>{1, 2, 3});
}

TEST_CASE("an arena becomes one block and stays as it is") {
  Arena arena;
  for (int round = 0; round < 3; ++round) {
    for (int i = 1; i < 100; ++i) {
      void* memory = arena.allocate(static_cast<std::size_t>(i) * 1000);
      CHECK(reinterpret_cast<std::uintptr_t>(memory) % 64 == 0);
    }
    arena.clear();
  }
  const std::size_t capacity = arena.capacity();
  CHECK(capacity >= 4'950'000);
  CHECK(capacity < 20'000'000);
  arena.allocate(capacity);
  arena.clear();
  CHECK(arena.capacity() == capacity);
}

TEST_CASE("arena memory can be zeroed") {
  Arena arena;
  auto* numbers = static_cast<unsigned char*>(arena.allocate(100));
  std::fill_n(numbers, 100, 1);
  arena.zero();
  CHECK(std::all_of(numbers, numbers + 100, [](unsigned char c) { return c == 0; }));
}

TEST_CASE("an observer hears of every op and of what else takes time") {
  const Parameter a({20, 30}), b({30, 40});
  Tape tape;
  std::vector<std::string> heard;
  tape.observe([&](const std::string& part) { heard.push_back(part); });
  for (int step = 0; step < 2; ++step) {
    tape.clear();
    heard.clear();
    tape.backward(sum(exp(matmul(tape.input(a), b))));
    CHECK(heard == std::vector<std::string>{"matmul", "exp", "sum", "between forward and backward",
                                            "zero the gradients on the tape", "sum backward",
                                            "exp backward", "matmul backward"});
  }
  tape.observe(nullptr);
  heard.clear();
  tape.clear();
  tape.backward(sum(exp(matmul(tape.input(a), b))));
  CHECK(heard.empty());
}

TEST_CASE("a tape knows the parameters of its step") {
  const Parameter w({3}), statistics = Parameter::not_learned({3});
  Tape tape(Tape::Mode::infer);
  const Tensor x = tape.input(statistics);
  CHECK(tape.parameters().empty());
  const Tensor y = (x + statistics) * w;
  REQUIRE(tape.parameters().size() == 1);
  CHECK(tape.parameters()[0].data == w.tensor().data);
  CHECK_NOTHROW(check_listed("test", tape, {{"w", w}}));
  CHECK_THROWS_WITH_AS(check_listed("test", tape, {{"other", statistics}}),
                       "test: forward() uses a parameter [3] that parts() does not list: it is not "
                       "trained and will not be saved",
                       ShapeError);
  tape.clear();
  CHECK(tape.parameters().empty());
  CHECK(y.size() == 3);
}
