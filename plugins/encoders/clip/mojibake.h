// Mojibake: UTF-8 that was read as Latin-1 or Windows-1252, so that "é" became "Ã©".
#pragma once

#include <unicode/unistr.h>

namespace clip {

// Returns the text with its mojibake undone, also if it was read wrongly several times. A text that is not certainly
// mojibake stays unchanged.
//
// A sequence is two to four characters whose bytes in Windows-1252 or Latin-1 are the UTF-8 of an assigned character.
// Correct texts hold sequences by chance: "MARQUÉ…" has the bytes of "Ʌ". A sequence is certain if a writer would not
// put its characters side by side:
//   - "Â" or "Ã" and a character that does not follow a word, as in "Ã£". A sign that may follow a word ("©", "”") also
//     needs neighbours that rule this out: "cafÃ©" has "Ã" behind a small letter.
//   - Another capital letter between small letters, or behind or before one, and a sign that closes no word ("zaÅ¼").
//   - "â", or the beginnings of Japanese ("ã€") and full-width ("ï¼") characters, and a sign that may not follow a
//     word.
//   - "ðŸ" and two more characters: most emoji.
//   - Two or more sequences in a row that are letters of any script: "Ð¿Ñ€Ð¸".
// If one sequence is certain and every character outside ASCII is in a sequence, all sequences are undone; else only
// the certain ones.
icu::UnicodeString undo_mojibake(const icu::UnicodeString& text);

}  // namespace clip
