// Which libraries may be loaded: only those that not everybody can change.
#pragma once

#include <filesystem>
#include <string>

namespace trefoil::runtime {

// Returns why a library must not be opened, or "": it is not a regular file, or everybody may write to it, to its
// folder, or to a folder above. A folder above with the sticky bit, such as /tmp, is good, because there only the owner
// can replace a file. Folders that are above the running program too do not count: whoever can write there can replace
// the program. For a link, the folders of both the link and its target count. The message names the folder and the
// cure.
std::string refusal_of_file(const std::filesystem::path& file);

}  // namespace trefoil::runtime
