#include "runtime/library_trust.h"

#include <algorithm>
#include <optional>
#include <system_error>
#include <vector>

namespace trefoil::runtime {

namespace {

using std::filesystem::path;
using std::filesystem::perms;

bool has(perms rights, perms right) { return (rights & right) != perms::none; }

perms rights_of(const path& place) {
  std::error_code unreadable;
  const perms rights = std::filesystem::status(place, unreadable).permissions();
  return unreadable ? perms::none : rights;
}

bool everybody_may_write(const path& place) { return has(rights_of(place), perms::others_write); }

bool everybody_may_replace_in(const path& folder) {
  return everybody_may_write(folder) && !has(rights_of(folder), perms::sticky_bit);
}

std::vector<path> folders_above(path folder) {
  std::vector<path> folders;
  for (; folder.has_relative_path(); folder = folder.parent_path()) folders.push_back(folder.parent_path());
  return folders;
}

// Returns a place from which anybody can change or replace the library.
std::optional<path> untrusted_place(const path& file) {
  std::error_code failure;
  const path target = std::filesystem::weakly_canonical(file, failure);
  for (const path& place : {file.parent_path(), target.parent_path(), target}) {
    if (everybody_may_write(place)) return place;
  }
  const std::vector<path> above_program = folders_above(std::filesystem::read_symlink("/proc/self/exe", failure));
  for (const path& folder : {std::filesystem::absolute(file.parent_path(), failure), target.parent_path()}) {
    for (const path& above : folders_above(folder)) {
      const bool is_above_program = std::find(above_program.begin(), above_program.end(), above) != above_program.end();
      if (!is_above_program && everybody_may_replace_in(above)) return above;
    }
  }
  return std::nullopt;
}

}  // namespace

std::string refusal_of_file(const path& file) {
  std::error_code unreadable;
  if (std::filesystem::exists(file, unreadable) && !std::filesystem::is_regular_file(file, unreadable)) {
    return "it is not a regular file; remove it";
  }
  // Whoever can change a library can run code with the rights of everybody who loads it.
  const std::optional<path> place = untrusted_place(file);
  if (!place) return "";
  return "everybody may write to " + place->string() + ", so anybody may have put code there; chmod o-w " +
         place->string();
}

}  // namespace trefoil::runtime
