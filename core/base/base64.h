// Base64: bytes as ASCII text, for images inside an HTML page.
#pragma once

#include <string>
#include <string_view>

namespace trefoil::base {

// Encodes by RFC 4648, with padding.
std::string base64(std::string_view bytes);

}  // namespace trefoil::base
