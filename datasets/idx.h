// IDX: the file format of MNIST, an array of bytes with a short header (LeCun 1998).
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "dataset.h"

namespace temper {
struct Idx {
  Shape shape;  // [n, 28, 28] of images, [n] of labels
  std::vector<std::uint8_t> bytes;
};

// Reads an IDX file of unsigned bytes in `rank` dimensions, raw or compressed with gzip: the
// content decides, not the name. Throws std::runtime_error, in one sentence with the path, for a
// file that is anything else, ends early or goes on after its numbers (but what follows a gzip
// stream is ignored, as gzip does). A header that promises too much costs no more memory than 64 MB
// or twice what the file holds.
Idx read_idx(const std::filesystem::path& path, int rank);

// A file of images [n, h, w] and one of their labels, 0 … classes - 1, as samples [h, w]. Throws as
// read_idx does, and for files that do not fit together.
Dataset load_idx(const std::filesystem::path& images, const std::filesystem::path& labels,
                 int classes);
}  // namespace temper
