// The data sets that the programs know, in one table: what --dataset accepts, what `about` lists
// and what ./run asks for all follow from it.
#pragma once

#include <temper.h>

#include <filesystem>
#include <string>
#include <vector>

namespace temper {
struct KnownDataset {
  std::string name;   // for --dataset and ./run data, and the folder of its files
  std::string title;  // for sentences and pages
  bool built_in;      // temper draws it: there are no files to find
  Mnist (*load)(const std::filesystem::path& folder, Shape sample);  // built in: folder is empty
};

// The order is that of preference: ./run demo takes the first that can be had.
const std::vector<KnownDataset>& known_datasets();

// Finds and reads one of them, and prints how many images it has and where they are from. `folder`
// is the only place to look, empty for the usual places; `sample` is the shape of one image. Throws
// std::runtime_error for a name that is not in the table, a folder for a built-in data set, and
// what find_mnist() and load_mnist() refuse.
Mnist load_dataset(const std::string& name, const std::string& folder, Shape sample = {784});
}  // namespace temper
