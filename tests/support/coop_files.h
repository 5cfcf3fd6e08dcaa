// Files as the code of CoOp writes them: the JSON of a split, and pickles of few-shot images.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace tests {

// An image in a pickle of CoOp.
struct Datum {
  std::string path;
  std::int64_t label = 0;
  std::string class_name;
};

// The module of the class Datum in Dassl, which CoOp uses.
inline constexpr const char* kDasslModule = "dassl.data.datasets.base_dataset";

// A pickle of {"train": train, "val": val} with the opcodes of Python's pickle module, for the protocols 2 to 5.
std::string coop_pickle(int protocol, const std::vector<Datum>& train, const std::vector<Datum>& val,
                        const std::string& module = kDasslModule);

// {"train": …, "val": …, "test": …}, with lists of [path, label, class name].
std::string coop_split(const std::vector<Datum>& train, const std::vector<Datum>& val, const std::vector<Datum>& test);

}  // namespace tests
