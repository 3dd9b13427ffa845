// MNIST and its drop-in replacements, from IDX files.
#pragma once

#include <filesystem>
#include <string>

#include "dataset.h"

namespace temper {
using Mnist = TrainTestSplit;

// Reads the four files of a folder, raw or gzip, named train-images-idx3-ubyte or
// train-images.idx3-ubyte (with or without .gz). `sample` is the shape that one image of 28 x 28
// gets: [784] or [1, 28, 28]. Throws std::runtime_error with the path, what was found and what was
// expected.
Mnist load_mnist(const std::filesystem::path& folder, Shape sample = {784});

// The folder that holds files of a data set ("mnist", "fashion-mnist"); whether all are there is
// load_mnist's business. A hint (--data DIR) is the only place looked at; without one these are, in
// order: $TEMPER_DATA, ./data, the user's cache ($XDG_CACHE_HOME/temper or ~/.cache/temper),
// /usr/share/datasets (Debian's dataset-fashion-mnist). In each place <place>/<name> comes first,
// then the place itself. The file names do not tell the data sets apart, so files in the place
// itself are trusted if it is the hint or is called <name>; elsewhere they count as mnist, unless
// the folder is called fashion-mnist. Throws std::runtime_error that says where it looked and which
// command gets the data.
std::filesystem::path find_mnist(const std::string& name = "mnist",
                                 const std::filesystem::path& hint = {});
}  // namespace temper
