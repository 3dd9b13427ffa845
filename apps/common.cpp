#include "common.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>

namespace temper {

namespace {
// One sentence if OpenBLAS, being older than the processor, chose slower kernels than it can run.
std::string advice(const std::string& blas) {
#if defined(__x86_64__) && defined(__GNUC__)
  for (const char* old : {"Prescott", "Core2", "Nehalem", "Sandybridge", "Barcelona", "Generic"}) {
    if (blas.find(std::string(old) + " kernels") != std::string::npos &&
        __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
      return std::string("this OpenBLAS does not know the processor and uses slow kernels; set ") +
             "OPENBLAS_CORETYPE=" + (__builtin_cpu_supports("avx512vl") ? "SkylakeX" : "Haswell");
    }
  }
#endif
  return {};
}
}  // namespace

void print_machine() {
  const std::string blas = blas_description();
  std::printf("%s\n", blas.c_str());
  if (!advice(blas).empty()) std::printf("advice: %s\n", advice(blas).c_str());
}

Mnist load_dataset(const std::string& name, const std::string& folder, Shape sample) {
  if (name == "digits" && !folder.empty())
    throw std::runtime_error("digits are built in: they are not read from " + folder);
  const Stopwatch watch;
  std::string where = "drawn by temper itself";
  Mnist data = [&] {
    if (name == "digits") return built_in_digits(20000, 4000, 1, sample);
    const std::filesystem::path found = find_mnist(name, folder);
    where = "from " + found.string();
    return load_mnist(found, sample);
  }();
  std::printf("%s: %d training and %d test images, %s (%.2f s)\n", name.c_str(), data.train.size(),
              data.test.size(), where.c_str(), watch.seconds());
  return data;
}

std::string clock_time(double seconds) {
  const long whole = std::lround(seconds);
  char text[32];
  std::snprintf(text, sizeof text, "%ld:%02ld", whole / 60, whole % 60);
  return text;
}

double share_correct(const Tensor& logits, const Batch& batch) {
  const auto largest = [](const Tensor& rows, int i) {
    const auto classes = static_cast<std::ptrdiff_t>(rows.shape.columns());
    const Real* row = rows.data + i * classes;
    return static_cast<int>(std::max_element(row, row + classes) - row);
  };
  int correct = 0;
  for (int i = 0; i < batch.size(); ++i) {
    const int truth = batch.labels.empty() ? largest(batch.targets, i)
                                           : batch.labels[static_cast<std::size_t>(i)];
    correct += largest(logits, i) == truth;
  }
  return static_cast<double>(correct) / batch.size();
}

std::string to_text(const Profile& profile) {
  std::vector<std::pair<std::string, Profile::Row>> rows(profile.rows.begin(), profile.rows.end());
  std::ranges::sort(rows, std::greater{}, [](const auto& row) { return row.second.seconds; });
  double total = 0;
  for (const auto& [name, row] : rows) total += row.seconds;
  std::string text;
  char line[128];
  std::snprintf(line, sizeof line, "%-36s%10s%12s%10s%8s\n", "", "calls", "us a call", "GFLOP/s",
                "share");
  text += line;
  for (const auto& [name, row] : rows) {
    char speed[16] = "";
    if (row.multiply_adds > 0)
      std::snprintf(speed, sizeof speed, "%.1f",
                    2e-9 * static_cast<double>(row.multiply_adds) / row.seconds);
    std::snprintf(line, sizeof line, "%-36s%10lld%12.1f%10s%6.1f %%\n", name.c_str(),
                  static_cast<long long>(row.calls),
                  1e6 * row.seconds / static_cast<double>(row.calls), speed,
                  100 * row.seconds / total);
    text += line;
  }
  return text;
}

Progress::Progress(std::string name, std::int64_t total_images)
    : name_(std::move(name)), total_(total_images) {
  const char* type = std::getenv("TERM");
  terminal_ = isatty(STDERR_FILENO) == 1 && type != nullptr && std::string(type) != "dumb";
}

void Progress::advance(int images, double loss, double accuracy) {
  done_ += images;
  loss_.add(loss, images);
  accuracy_.add(accuracy, images);
  const double now = watch_.seconds();
  if (!terminal_ || now - last_shown_ < 0.1) return;
  last_shown_ = now;
  const double speed = static_cast<double>(done_) / now;
  constexpr int width = 10;
  const int filled = static_cast<int>(width * done_ / total_);
  std::string bar;
  for (int i = 0; i < width; ++i) bar += i < filled ? "━" : " ";
  // without line wrap, which a narrow terminal would answer with a new line each time
  std::fprintf(
      stderr, "\r\033[?7l%s │%s│ loss %.4f  accuracy %.2f %%  %.0f images/s  %s left\033[K\033[?7h",
      name_.c_str(), bar.c_str(), loss_.mean(), 100 * accuracy_.mean(), speed,
      clock_time(static_cast<double>(total_ - std::min(total_, done_)) / speed).c_str());
}

void Progress::clear() {
  if (terminal_) std::fputs("\r\033[K", stderr);
}
}  // namespace temper
