// MNIST and its drop-in replacements, from IDX files however they were unpacked.
#pragma once

#include <array>
#include <filesystem>
#include <string>

#include "dataset.h"

namespace temper {
using Mnist = TrainTestSplit;

// What the files of one of them hold, and a command or a page to get them.
struct MnistKind {
  std::string name, title, source;
  int classes = 10, first_label = 0;  // loaded, labels count from 0
  bool transposed = false;            // loaded, images are upright
};
const std::vector<MnistKind>& mnist_kinds();  // the one table of them

// A folder, and which data set in it: images and labels for training, then those of the test.
struct MnistFolder : std::filesystem::path {
  MnistKind kind;
  std::array<std::filesystem::path, 4> files;
};

// Finds files as their authors named them, in any case, with . or -, raw or gzip, each perhaps in a
// folder of its own name (Kaggle), all in one called raw (torchvision), gzip (NIST) or as the data
// set. Looks at the hint (--data DIR) alone or, without one, at $TEMPER_DATA, ./data, the user's
// cache ($XDG_CACHE_HOME/temper or ~/.cache/temper) and /usr/share/datasets. Files that have no
// such name, nor their folder, are mnist or what a hint is asked for; a hint that holds one data
// set is that one. Throws std::runtime_error with what it saw, and how to get the data.
MnistFolder find_mnist(const std::string& name = "mnist", const std::filesystem::path& hint = {});

// An image of 28 x 28 becomes a `sample`: [784] or [1, 28, 28]. A folder is find_mnist("mnist",
// folder). Throws std::runtime_error with the path, what was found and what was expected.
Mnist load_mnist(const MnistFolder& found, Shape sample = {784});
Mnist load_mnist(const std::filesystem::path& folder, Shape sample = {784});
}  // namespace temper
