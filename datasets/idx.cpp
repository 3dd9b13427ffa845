// zlib reads both kinds of file, raw and compressed; what is left to do are the checks.
#include "idx.h"

#include <zlib.h>

#include <bit>
#include <charconv>

namespace temper {
namespace {
namespace fs = std::filesystem;

[[noreturn]] void error(const fs::path& path, const auto&... parts) {
  fail<std::runtime_error>(path.string(), ": ", parts...);
}

std::vector<std::uint8_t> read_file(const fs::path& path) {
  if (!fs::is_regular_file(path)) error(path, "is not there, or not a file");
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (!file) error(path, "may not be read");
  std::vector<std::uint8_t> bytes, block(1 << 18);
  bytes.reserve(1 << 26);  // the system gives memory as it is filled
  for (int n = 1; n > 0; bytes.insert(bytes.end(), block.begin(), block.begin() + std::max(n, 0)))
    n = gzread(file.get(), block.data(), 1 << 18);
  int code = Z_OK;
  if (const char* reason = gzerror(file.get(), &code); code != Z_OK)  // begins with the path
    fail<std::runtime_error>(reason, ": the file is damaged or not whole");
  return bytes;
}

// A number of a type that IDX knows, stored from the most significant byte on.
double element(int type, const std::uint8_t* bytes, std::size_t width) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < width; ++i) bits = bits << 8 | bytes[i];
  if (type == 13) return std::bit_cast<float>(static_cast<std::uint32_t>(bits));
  if (type == 14) return std::bit_cast<double>(bits);
  return width == 1 ? std::int8_t(bits) : width == 2 ? std::int16_t(bits) : std::int32_t(bits);
}
}  // namespace

Idx read_idx(const fs::path& path, int rank) {
  std::vector<std::uint8_t> bytes = read_file(path);
  std::string start(bytes.begin(), bytes.begin() + std::min(std::ssize(bytes), std::ptrdiff_t{20}));
  if (start.size() < 4 || bytes[0] != 0 || bytes[1] != 0 || bytes.size() < 4u + 4u * bytes[3]) {
    for (char& c : start) c = c < ' ' || c > '~' ? '.' : c;  // a saved web page shows itself
    error(path, "begins with \"", start, "\", expected an IDX file, raw or gzip");
  }
  constexpr std::size_t widths[] = {1, 1, 0, 2, 4, 4, 8};  // in bytes, of the types from 8 on
  const int type = bytes[2], axes = bytes[3];
  const std::size_t width = type < 8 || type > 14 ? 0 : widths[type - 8];
  if (width == 0 || axes < 1 || axes > Shape::max_rank || (rank != 0 && axes != rank))
    error(path, "numbers of type ", type, " in ", axes, " axes, expected 8, 9 or 11 to 14 in ",
          rank != 0 ? to_string(rank) : "1 to 4");
  Idx idx;
  auto size = static_cast<double>(width);  // four axes may be beyond 64 bits
  for (int axis = axes - 1; axis >= 0; --axis) {
    const double length = element(12, bytes.data() + 4 + 4 * axis, 4);
    if (length < 1) error(path, "axis ", axis, " has length ", length, ", expected 1 to 2^31 - 1");
    size *= length;
    if (size > 0x1p60) error(path, "the header says more numbers than any file holds");
    idx.shape = idx.shape.batched(static_cast<int>(length));
  }
  bytes.erase(bytes.begin(), bytes.begin() + 4 + 4 * axes);
  if (static_cast<double>(bytes.size()) != size)
    error(path, bytes.size(), " bytes of numbers, the header says ", idx.shape, " of ", width);
  for (std::size_t i = 0; type != 8 && i < bytes.size(); i += width)
    idx.numbers.push_back(element(type, bytes.data() + i, width));
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
  Dataset data{
      .sample = pixels.shape.without(0), .bytes = std::move(pixels.bytes), .classes = classes};
  data.numbers.assign(pixels.numbers.begin(), pixels.numbers.end());
  for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i) {
    const double label = truth.bytes.empty() ? truth.numbers[rows ? 8 * i : i] : truth.bytes[i];
    const double y = label - first_label;
    if (!(y >= 0 && y < classes) || y != static_cast<int>(y))
      error(labels, "label[", i, "] = ", label, ", not one of ", classes, " from ", first_label);
    data.labels.push_back(static_cast<int>(y));
  }
  return data;
}

Dataset load_csv(const fs::path& path, Shape sample, int classes) {
  const std::vector<std::uint8_t> bytes = read_file(path);
  const char *at = reinterpret_cast<const char*>(bytes.data()), *end = at + bytes.size();
  while (end > at && end[-1] <= ' ') --end;
  if (std::string_view(at, end).starts_with("\xef\xbb\xbf")) at += 3;  // the mark of UTF-8
  const char* const line_end = std::find(at, end, '\n');
  const std::size_t pixels = sample.size();
  const std::size_t columns = pixels + (std::count(at, line_end, ',') >= std::int64_t(pixels));
  const bool heading = end - at > 1 && std::isalpha(*at == '"' ? at[1] : *at);
  if (heading) at = line_end == end ? end : line_end + 1;
  Dataset data{.sample = sample, .classes = classes};
  for (std::size_t i = 0; at < end || i % columns > 0; ++i) {
    const bool is_label = i % columns + pixels < columns, last = (i + 1) % columns == 0;
    const int most = is_label ? classes - 1 : 255;
    int value = -1;
    at = std::from_chars(at, end, value).ptr;
    if (last && at < end && *at == '\r') ++at;
    if (value < 0 || value > most || (at == end ? !last : *at++ != (last ? '\n' : ',')))
      error(path, "line ", i / columns + 1 + heading, ", column ", i % columns + 1,
            ": expected a number from 0 to ", most, " and ", columns, " columns");
    is_label ? data.labels.push_back(value) : data.bytes.push_back(std::uint8_t(value));
  }
  if (data.bytes.empty()) error(path, "no lines of numbers, at least 1 is needed");
  return data;
}
}  // namespace temper
