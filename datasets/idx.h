// IDX: the file format of MNIST, an array of bytes with a short header.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "../core/shape.h"

namespace temper {
struct Idx {
  Shape shape;  // [n, 28, 28] of images, [n] of labels
  std::vector<std::uint8_t> bytes;
};

// Reads an IDX file of unsigned bytes in `rank` dimensions (LeCun 1998), raw or gzip: the content
// decides, not the name. Throws std::runtime_error, in one sentence with the path, for anything
// that is not such a file, whole and with nothing after it (but for garbage after a gzip stream,
// which is ignored as gzip does); a false header costs no more memory
// than twice what the file holds, or 64 MB.
Idx read_idx(const std::filesystem::path& path, int rank);
}  // namespace temper
