// Cleaning of a text before a tokenizer splits it.
#pragma once

#include <unicode/unistr.h>

#include <string_view>

namespace clip {

// Throws std::runtime_error that quotes the text if it is not valid UTF-8 or is longer than 1 MiB.
void require_utf8(std::string_view text);

// Replaces each run of white space by one space, and removes it at both ends.
icu::UnicodeString with_single_spaces(const icu::UnicodeString& text);

// Returns the text as CLIP splits it into words. Repairs it as CLIP does with ftfy (text_repair.h). Then resolves HTML
// character references twice, because CLIP was trained on text that was escaped twice. Replaces each run of white space
// by one space, removes it at both ends, and converts to lower case. Throws std::runtime_error that quotes the text if
// it is not valid UTF-8.
icu::UnicodeString clean_text(std::string_view text);

}  // namespace clip
