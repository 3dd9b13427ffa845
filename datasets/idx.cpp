// zlib reads both kinds of file, raw and compressed; what is left to do are the checks.
#include "idx.h"

#include <zlib.h>

#include <bit>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

namespace temper {
namespace {
namespace fs = std::filesystem;

template <class... Parts>
[[noreturn]] void error(const fs::path& path, const Parts&... parts) {
  fail<std::runtime_error>(path.string(), ": ", parts...);
}

// What a file holds, inflated where it must be.
std::vector<std::uint8_t> read_file(const fs::path& path) {
  if (!fs::is_regular_file(path)) error(path, "is not there, or not a file");
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (!file) error(path, "cannot be opened: ", std::strerror(errno));
  std::vector<std::uint8_t> bytes, block(1 << 18);
  bytes.reserve(1 << 26);  // the system gives memory as it is filled
  for (int n = 1; n > 0; bytes.insert(bytes.end(), block.begin(), block.begin() + std::max(n, 0)))
    n = gzread(file.get(), block.data(), 1 << 18);
  int code = Z_OK;
  const char* reason = gzerror(file.get(), &code);  // begins with the path
  if (code != Z_OK) fail<std::runtime_error>(reason, ": the file is damaged or not whole");
  return bytes;
}

// A number of a type that IDX knows, stored from the most significant byte on.
double element(int type, const std::uint8_t* bytes, std::size_t width) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < width; ++i) bits = bits << 8 | bytes[i];
  if (type == 13) return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
  if (type == 14) return std::bit_cast<double>(bits);
  const std::size_t unused = 64 - 8 * width;
  return static_cast<double>(static_cast<std::int64_t>(bits << unused) >> unused);
}
}  // namespace

Idx read_idx(const fs::path& path, int rank) {
  require(rank >= 0 && rank <= Shape::max_rank, "read_idx: rank ", rank, ", expected 0 to 4");
  std::vector<std::uint8_t> bytes = read_file(path);
  std::string start(bytes.begin(), bytes.begin() + std::min(std::ssize(bytes), std::ptrdiff_t{20}));
  if (start.size() < 4 || bytes[0] != 0 || bytes[1] != 0 || bytes.size() < 4u + 4u * bytes[3]) {
    for (char& c : start) c = c < ' ' || c > '~' ? '.' : c;  // a saved web page shows itself
    error(path, "begins with \"", start, "\", expected an IDX file, raw or gzip");
  }
  constexpr std::size_t widths[] = {1, 1, 0, 2, 4, 4, 8};  // in bytes, of the types from 8 on
  const int type = bytes[2], axes = bytes[3];
  const std::size_t width = type < 8 || type > 14 ? 0 : widths[type - 8];
  if (width == 0 || axes < 1 || axes > Shape::max_rank || (rank > 0 && axes != rank))
    error(path, "numbers of type ", type, " in ", axes, " axes, expected 8, 9 or 11 to 14 in ",
          rank > 0 ? to_string(rank) : "1 to 4");
  Idx idx;
  auto size = static_cast<double>(width);  // four axes may be beyond 64 bits
  for (int axis = axes - 1; axis >= 0; --axis) {
    const double length = element(12, bytes.data() + 4 + 4 * axis, 4);
    if (length < 1) error(path, "axis ", axis, " has length ", length, ", expected 1 to 2^31 - 1");
    idx.shape = idx.shape.batched(static_cast<int>(length));
    size *= length;
  }
  const std::uint8_t *first = bytes.data() + 4 + 4 * axes, *end = bytes.data() + bytes.size();
  if (const auto found = static_cast<double>(end - first); found != size)
    error(path, found < size ? "ends early" : "goes on", " at byte ", bytes.size(),
          ": the header says ", idx.shape, " of ", width);
  for (const std::uint8_t* b = first; type != 8 && b < end; b += width)
    idx.numbers.push_back(element(type, b, width));
  bytes.erase(bytes.begin(), bytes.end() - (end - first));
  if (type == 8) idx.bytes = std::move(bytes);
  return idx;
}

Dataset load_idx(const fs::path& images, const fs::path& labels, int classes, int first_label) {
  Idx pixels = read_idx(images);
  const Idx truth = read_idx(labels);
  const int n = pixels.shape[0];
  const bool rows = truth.shape == Shape{n, 8} && truth.bytes.empty();
  if (!rows && truth.shape != Shape{n})
    error(labels, "labels ", truth.shape, ", expected ", Shape{n}, ", one for each of ", images);
  Dataset data{.sample = pixels.shape.without(0),
               .bytes = std::move(pixels.bytes),
               .numbers{pixels.numbers.begin(), pixels.numbers.end()},
               .classes = classes};
  for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
    const double label = truth.bytes.empty() ? truth.numbers[rows ? 8 * i : i] : truth.bytes[i];
    const double y = label - first_label;
    if (!(y >= 0 && y < classes) || y != static_cast<int>(y))
      error(labels, "label[", i, "] = ", label, ", expected ", first_label, " to ",
            first_label + classes - 1);
    data.labels.push_back(static_cast<int>(y));
  }
  return data;
}

Dataset load_csv(const fs::path& path, Shape sample, int classes) {
  const std::vector<std::uint8_t> bytes = read_file(path);
  const char *at = reinterpret_cast<const char*>(bytes.data()), *const end = at + bytes.size();
  const char* const line_end = std::find(at, end, '\n');
  const std::size_t pixels = sample.size();
  const std::size_t columns = pixels + (std::count(at, line_end, ',') >= std::int64_t(pixels));
  const bool heading = at < end && (std::isalpha(bytes[0]) || *at == '"');
  if (heading) at = line_end == end ? end : line_end + 1;
  Dataset data{.sample = sample, .classes = classes};
  for (std::size_t i = 0; at < end || i % columns > 0; ++i) {
    const std::size_t column = i % columns + 1;
    const bool is_label = column + pixels == columns, last = column == columns;
    const int most = is_label ? classes - 1 : 255;
    int value = -1;
    at = std::from_chars(at, end, value).ptr;
    if (last && at < end && *at == '\r') ++at;
    if (value < 0 || value > most || (at == end ? !last : *at++ != (last ? '\n' : ',')))
      error(path, "line ", i / columns + 1 + heading, ", column ", column,
            ": expected a number from 0 to ", most, " and ", columns, " columns");
    is_label ? data.labels.push_back(value) : data.bytes.push_back(std::uint8_t(value));
  }
  if (data.bytes.empty()) error(path, "no lines of numbers, at least 1 is needed");
  return data;
}
}  // namespace temper
