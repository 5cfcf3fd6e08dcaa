// Cleaning of a text before CLIP splits it into words.
#pragma once

#include <unicode/unistr.h>

#include <string_view>

namespace clip {

// Returns the cleaned text. Resolves HTML character references twice, because CLIP was trained on text that was escaped
// twice. Replaces each run of white space by one space, removes it at both ends, and converts to lower case. Throws
// std::runtime_error that quotes the text if it is not valid UTF-8.
//
// CLIP calls ftfy.fix_text first. Of its repairs, only those that valid UTF-8 needs are done here: curly quotes become
// straight, and letters are composed with their accents (NFC). Repairs of wrongly decoded text, ligatures, full-width
// letters and control characters are not done.
icu::UnicodeString clean_text(std::string_view text);

}  // namespace clip
