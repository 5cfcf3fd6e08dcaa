// Value: the content of an experiment file as plain data, each piece with the place it comes from.
#pragma once

#include <cstdint>
#include <filesystem>
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
  std::string override_text;  // the K=V of a --set

  bool is_default() const { return file.empty() && override_text.empty(); }
  // "track1.toml:12:5", "--set selector.q=256" or "default".
  std::string text() const;
  // The folder that a relative path written here is relative to: the file's, or the working directory for --set.
  std::filesystem::path folder() const;
};

struct Value;
struct Entry;

using Array = std::vector<Value>;

// A TOML table in the order it was written.
class Table {
 public:
  const Value* find(std::string_view key) const;
  Value* find(std::string_view key);
  const std::vector<Entry>& entries() const { return entries_; }
  void set(Entry entry);  // replaces an entry of the same key in its place, else appends
  void erase(std::string_view key);

 private:
  std::vector<Entry> entries_;
};

struct Value {
  std::variant<bool, std::int64_t, double, std::string, Array, Table> data;
  Origin origin;

  const Table* table() const { return std::get_if<Table>(&data); }
  Table* table() { return std::get_if<Table>(&data); }
  const Array* array() const { return std::get_if<Array>(&data); }
  const std::string* text() const { return std::get_if<std::string>(&data); }
  std::optional<double> number() const;  // an integer's too
  // "an integer", "a table", … for error messages.
  const char* type_name() const;
};

struct Entry {
  std::string key;
  Origin key_origin;
  Value value;
};

}  // namespace trefoil::config
