// What CLIP does to a text before it splits it into words.
#pragma once

#include <unicode/unistr.h>

#include <string_view>

namespace clip {

// Resolves character references of HTML (twice, as CLIP was trained on text that was escaped twice), writes every run
// of white space as one space, none at the ends, and lower-cases. Throws std::runtime_error with the text in it when
// the bytes are not well-formed UTF-8.
//
// CLIP calls ftfy.fix_text first. Text is taken to be well-formed UTF-8 here, so of ftfy only what such text needs is
// done: curly quotes become straight, and letters are composed with their accents (NFC). Its repairs of text decoded
// with the wrong encoding, of ligatures, of full-width letters and of control characters are not done.
icu::UnicodeString clean_text(std::string_view text);

}  // namespace clip
