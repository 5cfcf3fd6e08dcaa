// Dataset: classes and images as they lie on disk, before anything is encoded.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace trefoil::data {

struct ClassEntry {
  std::string full_name;  // as the class list has it: "Thu-dog_Shiba_Dog"
  std::string name;       // for people and prompts: "Shiba Dog"
  std::string subset;     // "Thu-dog"; "" when the list has no subsets
};

struct ImageEntry {
  std::filesystem::path file;
  std::string name;         // as lists and submissions call it
  std::int64_t label = -1;  // −1: not known
};

struct Dataset {
  std::vector<ClassEntry> classes;           // C, by number
  std::vector<ImageEntry> train;             // labelled, in the order of the list
  std::vector<ImageEntry> test;              // all labelled, or none
  std::filesystem::path test_folder;         // in which their names lie
  std::vector<std::filesystem::path> files;  // lists that were read, for the provenance

  bool test_is_labelled() const { return !test.empty() && test.front().label >= 0; }
};

}  // namespace trefoil::data
