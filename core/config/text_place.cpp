#include "config/text_place.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/atomic_file.h"
#include "base/errors.h"

namespace trefoil::config {

namespace {

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

bool is_blank(char byte) { return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r'; }

// Walks through the characters of a TOML string as they are written, and counts the lines and bytes of its value.
class StringWalk {
 public:
  StringWalk(std::string_view file, const Origin& start) : file_(file), place_{start.file, 1, 1, ""} {
    while (at_ < file_.size() && (place_.line < start.line || place_.column < start.column)) skip();
  }

  Origin find(std::int64_t line, std::int64_t column) {
    target_line_ = line;
    target_column_ = column;
    open();
    skip_line_joint();
    while (at_ < file_.size() && !reached()) {
      step();
      skip_line_joint();
    }
    return place_;
  }

 private:
  bool reached() const {
    if (line_ != target_line_) return line_ > target_line_;
    return column_ >= target_column_ || (multi_line_ && file_[at_] == '\n');
  }

  // Skips one byte that is no part of the value.
  void skip() {
    if (file_[at_] == '\n') {
      ++place_.line;
      place_.column = 1;
    } else if (at_ + 1 >= file_.size() || !continues_character(file_[at_ + 1])) {
      ++place_.column;
    }
    ++at_;
  }

  void skip(std::size_t count) {
    for (; count > 0 && at_ < file_.size(); --count) skip();
  }

  // Skips the quotes, and the line end that follows three of them.
  void open() {
    const char quote = at_ < file_.size() ? file_[at_] : '"';
    has_escapes_ = quote == '"';
    multi_line_ = file_.substr(at_, 3) == std::string(3, quote);
    skip(multi_line_ ? 3 : 1);
    if (!multi_line_) return;
    if (file_.substr(at_, 2) == "\r\n") skip();
    if (file_.substr(at_, 1) == "\n") skip();
  }

  void count(bool line_end, std::int64_t bytes) {
    line_ += line_end ? 1 : 0;
    column_ = line_end ? 1 : column_ + bytes;
  }

  // A backslash at the end of a line removes all blanks up to the next character.
  void skip_line_joint() {
    const bool is_joint = has_escapes_ && at_ + 1 < file_.size() && file_[at_] == '\\' && is_blank(file_[at_ + 1]);
    if (!is_joint) return;
    skip();
    while (at_ < file_.size() && is_blank(file_[at_])) skip();
  }

  void step() {
    if (!has_escapes_ || file_[at_] != '\\') {
      count(file_[at_] == '\n', 1);
      skip();
      return;
    }
    const char kind = at_ + 1 < file_.size() ? file_[at_ + 1] : '\\';
    if (kind == 'u' || kind == 'U') {
      const std::size_t digits = kind == 'u' ? 4 : 8;
      count(false, bytes_of(file_.substr(at_ + 2, digits)));
      skip(2 + digits);
    } else {
      count(kind == 'n', 1);
      skip(2);
    }
  }

  // The number of bytes of a character in UTF-8.
  static std::int64_t bytes_of(std::string_view digits) {
    const unsigned long code = std::strtoul(std::string(digits).c_str(), nullptr, 16);
    if (code < 0x80) return 1;
    if (code < 0x800) return 2;
    return code < 0x10000 ? 3 : 4;
  }

  std::string_view file_;
  std::size_t at_ = 0;
  Origin place_;
  std::int64_t target_line_ = 0;
  std::int64_t target_column_ = 0;
  std::int64_t line_ = 1;  // in the value
  std::int64_t column_ = 1;
  bool has_escapes_ = true;
  bool multi_line_ = false;
};

}  // namespace

Origin place_in_text(const Origin& text, std::int64_t line, std::int64_t column) {
  if (line <= 0 || text.file.empty() || !text.override_text.empty()) return text;
  // A value in a TOML file follows its key, so it never begins at the first character.
  const bool whole_file = text.line == 1 && text.column == 1;
  if (whole_file) {
    return {text.file, static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(std::max<std::int64_t>(column, 1)),
            ""};
  }
  try {
    const std::string content = base::read_text(text.file);
    return StringWalk(content, text).find(line, column);
  } catch (const Error&) {
    return text;
  }
}

}  // namespace trefoil::config
