// HTML character references, such as &amp; and &#233;.
#pragma once

#include <string>
#include <string_view>

namespace clip {

// Which references are replaced: all, or only those that end with a semicolon.
enum class References { all, closed };

// Returns the text with its character references replaced, as Python's html.unescape does. Legacy names may lack their
// semicolon, and numbers from 128 to 159 are read as Windows-1252. The names of HTML 4 and &apos; are supported; other
// names of HTML 5 stay unchanged.
std::string unescape_html(std::string_view text, References references = References::all);

}  // namespace clip
