// Repairs of damaged text, as CLIP's tokenizer gets them from ftfy.
#pragma once

#include <unicode/unistr.h>

#include <string>
#include <string_view>

namespace clip {

// Returns UTF-8 in which each pair of surrogates that was encoded as two characters (CESU-8) is one character. Other
// bytes stay unchanged.
std::string with_joined_surrogates(std::string_view text);

// Repairs a text as ftfy.fix_text does (github.com/rspeer/python-ftfy, version 6), until nothing changes:
//   - HTML character references that end with a semicolon are resolved, unless the text holds a "<";
//   - mojibake of Latin-1 and Windows-1252 is undone, if it is certain (mojibake.h);
//   - control characters U+0080 to U+009F are read as Windows-1252;
//   - ligatures and digraphs of Latin letters, and full-width and half-width forms, become plain characters;
//   - curly quotes become straight;
//   - colours of terminals, control characters and byte order marks are removed;
//   - letters are composed with their accents (NFC).
// Line ends need no repair, because the tokenizer reads each as a space. Not done: mojibake of other encodings
// (Windows-1250, Windows-1251, Mac Roman, code page 437), mojibake in which a character is lost or a no-break space has
// become a space, and names of HTML in capital letters. ftfy decides by another rule what is mojibake.
icu::UnicodeString repaired(const icu::UnicodeString& text);

}  // namespace clip
