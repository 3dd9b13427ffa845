// zlib reads both kinds of file, raw and compressed; what is left to do are the checks.
#include "idx.h"

#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <string_view>

namespace temper {
namespace {
// A file that is inflated, where it must be, as it is read.
class File {
 public:
  explicit File(const std::filesystem::path& path) : path_(path.string()) {
    std::error_code problem;  // of a folder, a pipe, or nothing at all
    static_cast<void>(std::filesystem::file_size(path, problem));
    if (problem) error("cannot be opened as a file: ", problem.message());
    file_.reset(gzopen(path_.c_str(), "rb"));
    if (!file_) error("cannot be opened: ", std::strerror(errno));
    gzbuffer(file_.get(), 1 << 18);
  }

  // Fills the memory as far as the file reaches and returns the number of bytes.
  std::size_t read(std::uint8_t* memory, std::size_t size) {
    const std::size_t done = gzfread(memory, 1, size, file_.get());
    int code = Z_OK;
    std::string_view reason = gzerror(file_.get(), &code);
    if (code == Z_OK) return done;
    if (code == Z_BUF_ERROR) error("truncated: the gzip data ends early");
    if (reason.starts_with(path_ + ": ")) reason.remove_prefix(path_.size() + 2);
    error(code == Z_DATA_ERROR ? "damaged gzip data: " : "cannot be read: ", reason);
  }

  template <class... Parts>
  [[noreturn]] void error(const Parts&... parts) const {
    fail<std::runtime_error>(path_, ": ", parts...);
  }

 private:
  std::string path_;
  std::unique_ptr<gzFile_s, int (*)(gzFile)> file_{nullptr, gzclose};
};

std::uint32_t big_endian(const std::uint8_t* b) {
  return std::uint32_t{b[0]} << 24 | std::uint32_t{b[1]} << 16 | std::uint32_t{b[2]} << 8 | b[3];
}
}  // namespace

Idx read_idx(const std::filesystem::path& path, int rank) {
  require(rank >= 1 && rank <= Shape::max_rank, "read_idx: rank ", rank, ", expected 1 to 4");
  File file(path);
  std::uint8_t header[4 + 4 * Shape::max_rank] = {};
  const std::size_t header_size = 4 + 4 * static_cast<std::size_t>(rank);
  const std::size_t found = file.read(header, header_size);
  if (found == 0) file.error("is empty, expected an IDX file");
  if (found < 4 || header[0] != 0 || header[1] != 0) {
    std::string start(header, header + found);  // a saved web page shows itself
    for (char& c : start) c = c < ' ' || c > '~' ? '.' : c;
    file.error("not an IDX file, raw or gzip: it begins with \"", start, '"');
  }
  if (header[2] != 8)
    file.error("elements of type ", int{header[2]}, ", expected 8 (unsigned bytes)");
  const char* meaning[] = {"", " (labels)", "", " (images)", ""};
  if (header[3] != rank)
    file.error("magic number ", big_endian(header), ", expected ", 0x800 + rank, meaning[rank]);
  if (found < header_size)
    file.error("truncated: ", found, " bytes, the header alone has ", header_size);

  Idx idx;
  double elements = 1;
  for (int axis = rank - 1; axis >= 0; --axis) {
    const std::uint32_t length = big_endian(header + 4 + 4 * axis);
    if (length == 0 || length > 0x7fffffff)
      file.error("axis ", axis, " has length ", length, ", expected 1 to 2147483647");
    elements *= length;
    if (elements > 0x1p60) file.error("the header says more numbers than any file holds");
    idx.shape = idx.shape.batched(length);
  }
  const std::size_t size = idx.shape.size();
  // Memory is used as the file fills it, so that a false header does not cost gigabytes.
  idx.bytes.reserve(std::min(size, std::size_t{1} << 26));
  for (std::size_t done = 0; done < size;) {
    idx.bytes.resize(std::min(size, done + (1 << 20)));
    done += file.read(idx.bytes.data() + done, idx.bytes.size() - done);
    if (done < idx.bytes.size())
      file.error("truncated: the header says ", idx.shape, ", ", size, " bytes, found ", done);
  }
  std::uint8_t more = 0;
  if (file.read(&more, 1) > 0)  // reads the checksum of a gzip file, too
    file.error("too long: bytes follow the ", size, " that the header says ", idx.shape);
  return idx;
}

Dataset load_idx(const std::filesystem::path& images, const std::filesystem::path& labels,
                 int classes) {
  Idx pixels = read_idx(images, 3);
  const Idx truth = read_idx(labels, 1);
  if (truth.shape[0] != pixels.shape[0])
    fail<std::runtime_error>(labels.string(), ": ", truth.shape[0], " labels, expected ",
                             pixels.shape[0], ", one per image of ", images.filename().string());
  for (std::size_t i = 0; i < truth.bytes.size(); ++i)
    if (truth.bytes[i] >= classes)
      fail<std::runtime_error>(labels.string(), ": label[", i, "] = ", int{truth.bytes[i]},
                               ", expected 0 to ", classes - 1);
  return {.sample = pixels.shape.without(0),
          .bytes = std::move(pixels.bytes),
          .labels{truth.bytes.begin(), truth.bytes.end()},
          .classes = classes};
}
}  // namespace temper
