// Files of prompts, in JSON.
#include "data/prompt_file.h"
#include "data/prompts.h"
#include "fuzz_file.h"
#include "refusal.h"

using namespace trefoil;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<data::ClassEntry> classes = {
      {"Animal_Cat", "Cat", "Animal"}, {"Animal_Dog", "Dog", "Animal"}, {"tench", "tench", ""}};
  const fuzz::File file(data, size);
  fuzz::read_or_refuse(file.path(), [&] { data::read_prompt_file(file.path()); });
  fuzz::read_or_refuse(file.path(), [&] { data::make_prompts(classes, {{"a photo of {}."}, {file.path()}}); });
  fuzz::read_or_refuse([&] { data::make_prompts(classes, {{}, {file.path()}}); });  // names the classes without prompts
  return 0;
}
