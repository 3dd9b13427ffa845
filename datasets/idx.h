// IDX: the file format of MNIST, an array of bytes with a short header (LeCun 1998).
#pragma once

#include <filesystem>

#include "dataset.h"

namespace temper {
struct Idx {
  Shape shape;  // [n, 28, 28] of images, [n] of labels
  std::vector<std::uint8_t> bytes;
};

// Reads an IDX file of unsigned bytes in `rank` dimensions, raw or gzip, whatever its name. Throws
// std::runtime_error with the path for a file that is anything else, ends early or goes on after
// its numbers (what follows a gzip stream is ignored, as gzip does). A header that promises too
// much costs no more memory than 64 MB or twice what the file holds.
Idx read_idx(const std::filesystem::path& path, int rank);

// Images [n, h, w] and their labels, 0 … classes - 1, as samples [h, w]. Throws as read_idx does,
// and for files that do not fit together.
Dataset load_idx(const std::filesystem::path& images, const std::filesystem::path& labels,
                 int classes);
}  // namespace temper
