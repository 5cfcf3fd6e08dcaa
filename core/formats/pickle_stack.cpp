#include "formats/pickle_stack.h"

#include <utility>

#include "base/data_errors.h"

namespace trefoil::formats {

namespace {

constexpr std::size_t kMostValues = 1'000'000;

}  // namespace

void PickleStack::damaged() const { base::refuse_damaged(path_, "its pickle is damaged or cut short"); }

void PickleStack::push(PickleValue value) {
  if (values_.size() == kMostValues) base::refuse(path_, "its pickle has more than 1,000,000 values");
  values_.push_back(std::move(value));
  stack_.push_back(static_cast<PickleId>(values_.size() - 1));
}

void PickleStack::push(PickleValue::Kind kind, std::int64_t integer) {
  PickleValue value;
  value.kind = kind;
  value.integer = integer;
  push(std::move(value));
}

void PickleStack::push(PickleValue::Kind kind, std::string_view text) {
  PickleValue value;
  value.kind = kind;
  value.text = text;
  push(std::move(value));
}

void PickleStack::push_items(PickleValue::Kind kind, std::vector<PickleId> items) {
  PickleValue value;
  value.kind = kind;
  value.items = std::move(items);
  push(std::move(value));
}

void PickleStack::push_real(double real) {
  PickleValue value;
  value.kind = PickleValue::Kind::real;
  value.real = real;
  push(std::move(value));
}

void PickleStack::push_top_again() { stack_.push_back(top_id()); }

PickleId PickleStack::pop() {
  const PickleId id = top_id();
  stack_.pop_back();
  return id;
}

std::vector<PickleId> PickleStack::pop(std::size_t count) {
  if (stack_.size() < floor() + count) damaged();
  std::vector<PickleId> items(stack_.end() - static_cast<std::ptrdiff_t>(count), stack_.end());
  stack_.resize(stack_.size() - count);
  return items;
}

std::vector<PickleId> PickleStack::pop_to_mark() {
  if (marks_.empty()) damaged();
  std::vector<PickleId> items = pop(stack_.size() - marks_.back());
  marks_.pop_back();
  return items;
}

PickleId PickleStack::top_id() const {
  if (stack_.size() <= floor()) damaged();
  return stack_.back();
}

PickleValue& PickleStack::top() { return values_[top_id()]; }

void PickleStack::add_to_top(const std::vector<PickleId>& items, bool pairs) {
  using Kind = PickleValue::Kind;
  PickleValue& target = top();
  const bool fits = target.kind == Kind::object || target.kind == (pairs ? Kind::dictionary : Kind::sequence);
  if (!fits || (pairs && items.size() % 2 != 0)) damaged();
  target.items.insert(target.items.end(), items.begin(), items.end());
}

void PickleStack::remember_top(std::uint64_t number) { memo_[number] = top_id(); }

void PickleStack::push_remembered(std::uint64_t number) {
  const auto found = memo_.find(number);
  if (found == memo_.end()) damaged();
  stack_.push_back(found->second);
}

}  // namespace trefoil::formats
