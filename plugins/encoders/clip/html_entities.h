// Character references of HTML, such as &amp; and &#233;.
#pragma once

#include <string>
#include <string_view>

namespace clip {

// Replaces them as Python's html.unescape does: legacy names may lack their semicolon, and numbers from 128 to 159 are
// taken for Windows-1252. It knows the names of HTML 4 and &apos;; the other names of HTML 5 stay as they are.
std::string unescape_html(std::string_view text);

}  // namespace clip
