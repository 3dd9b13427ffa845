// The files that MNIST comes in: IDX (LeCun 1998) and CSV, raw or gzip.
#pragma once

#include <filesystem>

#include "dataset.h"

namespace temper {
struct Idx {
  Shape shape;                      // [n, 28, 28] of images, [n] of labels
  std::vector<std::uint8_t> bytes;  // of a file of unsigned bytes
  std::vector<double> numbers;      // of one of signed bytes, short, int, float or double
};

// Reads an IDX file, whatever its name, of `rank` dimensions (0: 1 to 4). Throws std::runtime_error
// with the path for a file that is anything else, ends early or goes on after its numbers (what
// follows a gzip stream is ignored, as gzip does). Memory grows with the file, not by its header.
Idx read_idx(const std::filesystem::path& path, int rank = 0);

// Images [n, ...sample] and labels [n], or QMNIST's rows [n, 8] that begin with the label. Labels
// from first_label on become 0 … classes - 1. Throws as read_idx does, and for what does not fit.
Dataset load_idx(const std::filesystem::path& images, const std::filesystem::path& labels,
                 int classes, int first_label = 0);

// Lines of a label and the bytes of a sample or, to be predicted, of the bytes alone; the first may
// be a heading. Throws std::runtime_error with path and line for anything else.
Dataset load_csv(const std::filesystem::path& path, Shape sample = {784}, int classes = 10);
}  // namespace temper
