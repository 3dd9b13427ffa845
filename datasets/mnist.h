// MNIST and its drop-in replacements, from IDX files.
#pragma once

#include <filesystem>
#include <string>

#include "dataset.h"

namespace temper {
using Mnist = TrainTestSplit;

// Reads the four files of a folder, raw or gzip, named train-images-idx3-ubyte or
// train-images.idx3-ubyte (with or without .gz). An image of 28 x 28 becomes a `sample`: [784] or
// [1, 28, 28]. Throws std::runtime_error with the path, what was found and what was expected.
Mnist load_mnist(const std::filesystem::path& folder, Shape sample = {784});

// The folder that holds any file of a data set ("mnist", "fashion-mnist"). It looks at the hint
// (--data DIR) alone or, without one, at $TEMPER_DATA, ./data, the user's cache
// ($XDG_CACHE_HOME/temper or ~/.cache/temper) and /usr/share/datasets (Debian's
// dataset-fashion-mnist): in each first at <place>/<name>, then at the place itself. File names do
// not tell the data sets apart: in the place itself they are trusted if it is the hint or called
// <name>; elsewhere they count as mnist, unless the folder is called fashion-mnist. Throws
// std::runtime_error that says where it looked and which command gets the data.
std::filesystem::path find_mnist(const std::string& name = "mnist",
                                 const std::filesystem::path& hint = {});
}  // namespace temper
