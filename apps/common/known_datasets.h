// The data sets that the programs know, in one table: what --dataset accepts, what `about` lists
// and what ./run asks for all follow from it.
#pragma once

#include <temper.h>

#include <string>
#include <vector>

namespace temper {
// mnist_kinds and, as the last, the digits that temper draws: they have no files. The order is
// that of preference: ./run demo takes the first that can be had.
const std::vector<MnistKind>& known_datasets();
bool is_built_in(const MnistKind& kind);

// The title of a data set, for sentences and pages; for any other name the name.
std::string dataset_title(const std::string& name);

// Finds and reads one of them, and prints how many images it has, where they are from and what
// loading changed about them. `folder` is the only place to look, empty for the usual places;
// `sample` is the shape of one image. Throws std::runtime_error for a folder of a built-in data
// set, one that holds another data set, and what find_mnist() and load_mnist() refuse.
Mnist load_dataset(const std::string& name, const std::string& folder, Shape sample = {784});
}  // namespace temper
