// PickleStack: the stack and the memo of the machine that a pickle is written for. Opcodes push, pop and change values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "formats/pickle.h"

namespace trefoil::formats {

// Every function throws DataError with the path when the stack does not have what the function needs.
class PickleStack {
 public:
  // New values are appended to `values`. `values` and `path` must outlive the stack.
  PickleStack(std::vector<PickleValue>& values, const std::filesystem::path& path) : values_(values), path_(path) {}

  void push(PickleValue value);
  void push(PickleValue::Kind kind, std::int64_t integer = 0);
  void push(PickleValue::Kind kind, std::string_view text);
  void push_items(PickleValue::Kind kind, std::vector<PickleId> items);
  void push_real(double real);
  void push_top_again();

  PickleId pop();
  std::vector<PickleId> pop(std::size_t count);

  // Values below the last mark cannot be popped until pop_to_mark removes the mark.
  void push_mark() { marks_.push_back(stack_.size()); }
  std::vector<PickleId> pop_to_mark();

  PickleValue& top();
  const PickleValue& value(PickleId id) const { return values_[id]; }

  // Appends to the container on top. `pairs`: the items are keys and values of a dictionary.
  void add_to_top(const std::vector<PickleId>& items, bool pairs);

  // The memo: values with numbers, which can be pushed again.
  void remember_top(std::uint64_t number);
  void remember_top() { remember_top(memo_.size()); }
  void push_remembered(std::uint64_t number);

 private:
  [[noreturn]] void damaged() const;
  PickleId top_id() const;
  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }

  std::vector<PickleValue>& values_;
  const std::filesystem::path& path_;
  std::vector<PickleId> stack_;
  std::vector<std::size_t> marks_;  // sizes of the stack when the marks were pushed
  std::unordered_map<std::uint64_t, PickleId> memo_;
};

}  // namespace trefoil::formats
