// Gives files to a target, without libFuzzer: for tests with any compiler, and to repeat a finding in a debugger.
// Prints why the target refuses them. usage: fuzz_TARGET FILE-OR-FOLDER …
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "refusal.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::vector<std::filesystem::path> files_of(const std::filesystem::path& path) {
  if (!std::filesystem::is_directory(path)) return {path};
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(path)) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

int main(int count, char** arguments) {
  fuzz::prints_refusals = true;
  std::size_t inputs = 0;
  for (int i = 1; i < count; ++i) {
    for (const std::filesystem::path& file : files_of(arguments[i])) {
      std::ifstream stream(file, std::ios::binary);
      if (!stream) {
        std::cerr << file.string() << ": it cannot be read\n";
        return 1;
      }
      std::cout << file.string() << std::endl;  // at once: the target may end the program
      // Exactly as large as the input, so that AddressSanitizer sees a read behind its end.
      const std::vector<char> bytes{std::istreambuf_iterator<char>(stream), {}};
      LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
      ++inputs;
    }
  }
  if (inputs == 0) std::cerr << "there are no inputs: name files, or folders with files\n";
  return inputs == 0 ? 1 : 0;
}
