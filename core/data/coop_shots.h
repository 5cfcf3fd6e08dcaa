// The few-shot images that the code of CoOp has drawn and saved, such as split_fewshot/shot_16-seed_1.pkl.
#pragma once

#include <filesystem>
#include <vector>

#include "data/coop_split.h"

namespace trefoil::data {

struct CoopShots {
  std::vector<ImageEntry> train;
  std::vector<ImageEntry> val;
};

// Reads a pickle of {"train": [Datum, …], "val": [Datum, …]} as data: nothing is imported or run. "val" may be missing.
// An image is found in the same part of the split by the end of its path, because the file may come from another
// machine: "/data/caltech-101/101_ObjectCategories/cat/7.jpg" is the image "cat/7.jpg". When the split has several such
// images, for example "7.jpg" too, only the one below `images` counts, the folder of images relative to the root.
// Throws DataError with the number of an entry, from 1, that has another form, is no image of the split or several of
// them, is there twice, or has another label or class name than in the split.
CoopShots read_coop_shots(const std::filesystem::path& path, const CoopSplit& split,
                          const std::filesystem::path& images);

}  // namespace trefoil::data
