// The split of a data set in the JSON files of CoOp (Zhou et al., IJCV 2022), such as split_zhou_Caltech101.json.
#pragma once

#include <filesystem>
#include <vector>

#include "data/dataset.h"

namespace trefoil::data {

// The images of each part, in the order of the file. Their names are relative to the folder of images.
struct CoopSplit {
  std::vector<ClassEntry> classes;
  std::vector<ImageEntry> train;
  std::vector<ImageEntry> val;
  std::vector<ImageEntry> test;
};

// Reads an object with the lists "train", "val" and "test" of [path, label, class name]. "val" may be missing, and the
// object may have more keys. `folder` is the folder of images. Throws DataError with the number of an entry, from 1,
// that has another form, that leaves the folder, or that gives a label another name; and when the labels are not 0 to
// C − 1 without gaps.
CoopSplit read_coop_split(const std::filesystem::path& path, const std::filesystem::path& folder);

}  // namespace trefoil::data
