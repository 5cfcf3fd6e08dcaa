// Gives files to a target, without libFuzzer: for tests with any compiler, and to repeat a finding in a debugger.
// Prints why the target refuses them. With --changes N it also gives N changed copies of each file; they are the same
// every time. A copy that ends the program is left in fuzz_TARGET.input, in the current folder.
//
// usage: fuzz_TARGET [--changes N] FILE-OR-FOLDER …
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "changes.h"
#include "refusal.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using fuzz::Bytes;

std::vector<std::filesystem::path> files_of(const std::filesystem::path& path) {
  if (!std::filesystem::is_directory(path)) return {path};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(path)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

// The bytes are exactly as large as the file, so that AddressSanitizer sees a read behind its end.
Bytes bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error(file.string() + ": it cannot be read");
  return Bytes{std::istreambuf_iterator<char>(stream), {}};
}

void give(const Bytes& bytes) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

std::vector<Bytes> give_files(const std::vector<std::filesystem::path>& files) {
  fuzz::prints_refusals = true;
  std::vector<Bytes> inputs;
  inputs.reserve(files.size());
  for (const std::filesystem::path& file : files) {
    std::cout << file.string() << std::endl;  // at once: the target may end the program
    inputs.push_back(bytes_of(file));
    give(inputs.back());
  }
  return inputs;
}

void give_changed(const std::vector<Bytes>& inputs, std::size_t changes, const std::filesystem::path& last_input) {
  fuzz::prints_refusals = false;
  fuzz::Changer changer(/*seed=*/1);
  for (const Bytes& input : inputs) {
    for (std::size_t i = 0; i < changes; ++i) {
      const Bytes changed = changer.changed(input, inputs);
      std::ofstream(last_input, std::ios::binary).write(changed.data(), static_cast<std::streamsize>(changed.size()));
      give(changed);
    }
  }
  std::filesystem::remove(last_input);
  std::cout << inputs.size() * changes << " changed copies\n";
}

}  // namespace

int main(int count, char** arguments) {
  std::vector<std::string> names(arguments + 1, arguments + count);
  std::size_t changes = 0;
  if (names.size() >= 2 && names[0] == "--changes") {
    changes = std::stoul(names[1]);
    names.erase(names.begin(), names.begin() + 2);
  }
  std::vector<std::filesystem::path> files;
  for (const std::string& name : names) {
    const std::vector<std::filesystem::path> more = files_of(name);
    files.insert(files.end(), more.begin(), more.end());
  }
  if (files.empty()) {
    std::cerr << "there are no inputs: name files, or folders with files\n";
    return 1;
  }
  const std::vector<Bytes> inputs = give_files(files);
  if (changes > 0) give_changed(inputs, changes, std::filesystem::path(arguments[0]).filename() += ".input");
  return 0;
}
