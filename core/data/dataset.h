// Dataset: the classes and image files of a data set, before anything is encoded.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace trefoil::data {

struct ClassEntry {
  std::string full_name;  // the name in the class list: "Thu-dog_Shiba_Dog"
  std::string name;       // for people and prompts: "Shiba Dog"
  std::string subset;     // "Thu-dog"; "" when the list has no subsets
};

struct ImageEntry {
  std::filesystem::path file;
  std::string name;         // the name in lists and submissions
  std::int64_t label = -1;  // −1: unknown
};

struct Dataset {
  std::vector<ClassEntry> classes;           // C, in the order of the labels
  std::vector<ImageEntry> train;             // labelled, in the order of the list
  bool train_is_support = false;             // whether the support is all of `train`, and nothing is chosen
  std::vector<ImageEntry> validation;        // labelled; empty when there is no validation split
  std::vector<ImageEntry> test;              // all have labels, or none has
  std::filesystem::path test_folder;         // the names of test images are relative to it
  std::vector<std::filesystem::path> files;  // lists that were read; their SHA-256 are in the provenance

  std::vector<std::string> remarks;  // for the log: which files were ignored

  bool test_is_labelled() const { return !test.empty() && test.front().label >= 0; }
};

}  // namespace trefoil::data
