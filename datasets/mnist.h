// MNIST and its drop-in replacements, from IDX files however they were unpacked.
#pragma once

#include <filesystem>

#include "dataset.h"

namespace temper {
using Mnist = TrainTestSplit;

// What the files of one of them hold, and a command or a page to get them.
struct MnistKind {
  std::string_view name, title;
  int classes = 10, first_label = 0;  // loaded, labels count from 0
  bool transposed = false;            // loaded, images are upright
  std::string_view source = "https://www.nist.gov/itl/products-and-services/emnist-dataset";
};
inline constexpr MnistKind mnist_kinds[] = {
    {"mnist", "MNIST", 10, 0, false, "./run data mnist"},
    {"fashion-mnist", "Fashion-MNIST", 10, 0, false, "./run data fashion-mnist"},
    {"kmnist", "Kuzushiji-MNIST", 10, 0, false, "http://codh.rois.ac.jp/kmnist"},
    {"qmnist", "QMNIST", 10, 0, false, "https://github.com/facebookresearch/qmnist"},
    {"emnist-letters", "EMNIST letters", 26, 1, true},
    {"emnist-balanced", "EMNIST balanced", 47, 0, true},
    {"emnist-bymerge", "EMNIST by merge", 47, 0, true},
    {"emnist-byclass", "EMNIST by class", 62, 0, true},
    {"emnist-digits", "EMNIST digits", 10, 0, true},
    {"emnist-mnist", "EMNIST MNIST", 10, 0, true}};

// A folder, and which data set in it: images and labels for training, then those of the test.
struct MnistFolder : std::filesystem::path {
  MnistKind kind;
  std::array<std::filesystem::path, 4> files;
};

// Finds files as their authors named them, raw or gzip, and in folders as archives have them: in
// the hint (--data DIR) alone, or in $TEMPER_DATA, ./data, $XDG_CACHE_HOME/temper or
// ~/.cache/temper, and /usr/share/datasets. What no file or folder has a name of is mnist, or what
// a hint is asked for; a hint that holds one data set is that one.
MnistFolder find_mnist(std::string_view name = "mnist", const std::filesystem::path& hint = {});

// An image of 28 x 28 becomes a `sample`: [784] or [1, 28, 28]. A folder is find_mnist("mnist",
// folder). Both throw std::runtime_error with paths, what was found and what was expected.
Mnist load_mnist(const MnistFolder& found, Shape sample = {784});
inline Mnist load_mnist(const std::filesystem::path& folder, Shape sample = {784}) {
  return load_mnist(find_mnist("mnist", folder), sample);
}
}  // namespace temper
