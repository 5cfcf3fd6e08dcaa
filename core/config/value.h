// Value: the content of an experiment file as plain data. Each value knows where it was written.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace trefoil::config {

// Where a value was written: a position in a file, a `--set` on the command line, or neither (a default).
struct Origin {
  std::filesystem::path file;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  std::string override_text;  // KEY=VALUE of a --set

  bool is_default() const { return file.empty() && override_text.empty(); }
  // Returns "track1.toml:12:5", "--set selector.q=256" or "default".
  std::string text() const;
  // Returns the folder for relative paths: the folder of the file, or the working directory for --set.
  std::filesystem::path folder() const;
};

struct Value;
struct Entry;

using Array = std::vector<Value>;

// A TOML table. The entries are in the order of the file. Finding a key takes logarithmic time, because a file from
// outside may have very many.
class Table {
 public:
  const Value* find(std::string_view key) const;
  Value* find(std::string_view key);
  const std::vector<Entry>& entries() const { return entries_; }
  void set(Entry entry);  // replaces the entry with this key, or appends
  void erase(std::string_view key);

 private:
  std::vector<Entry> entries_;
  std::map<std::string, std::size_t, std::less<>> positions_;  // of each key in entries_
};

struct Value {
  std::variant<bool, std::int64_t, double, std::string, Array, Table> data;
  Origin origin;
  bool from_environment = false;  // a text with ${env:…}; it may stand for a number, true, false or a list

  const Table* table() const { return std::get_if<Table>(&data); }
  Table* table() { return std::get_if<Table>(&data); }
  const Array* array() const { return std::get_if<Array>(&data); }
  const std::string* text() const { return std::get_if<std::string>(&data); }
  std::optional<double> number() const;  // of an integer or a real number
  // Returns "an integer", "a table", …, for error messages.
  const char* type_name() const;
};

struct Entry {
  std::string key;
  Origin key_origin;
  Value value;
};

}  // namespace trefoil::config
