#include "data/prompt_file.h"

#include <nlohmann/json.hpp>
#include <unordered_map>
#include <utility>

#include "base/atomic_file.h"
#include "base/data_errors.h"

namespace trefoil::data {

namespace {

using Json = nlohmann::json;
using Kind = PromptValue::Kind;

// Builds a PromptValue from the events of the JSON parser.
class PromptBuilder final : public nlohmann::json_sax<Json> {
 public:
  PromptValue take() { return std::move(root_); }
  const std::string& problem() const { return problem_; }

  bool null() override { return add({Kind::other, "null", {}, {}}); }
  bool boolean(bool value) override { return add({Kind::other, value ? "true" : "false", {}, {}}); }
  bool number_integer(number_integer_t value) override { return add_number(value); }
  bool number_unsigned(number_unsigned_t value) override { return add_number(value); }
  bool number_float(number_float_t value, const string_t& /*digits*/) override { return add_number(value); }
  bool string(string_t& value) override { return add({Kind::sentence, value, {}, {}}); }
  bool binary(binary_t& /*value*/) override { return add({Kind::other, "binary data", {}, {}}); }
  bool start_object(std::size_t /*size*/) override { return start(Kind::object); }
  bool start_array(std::size_t /*size*/) override { return start(Kind::array); }
  bool end_object() override { return end(); }
  bool end_array() override { return end(); }

  bool key(string_t& key) override {
    open_.back().key = key;
    return true;
  }

  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& error) override {
    problem_ = error.what();
    return false;
  }

 private:
  // An array or object whose end was not reached yet.
  struct Open {
    PromptValue value;
    std::string key;  // of the next child
    std::unordered_map<std::string, std::size_t> position_of_key;
  };

  template <typename Number>
  bool add_number(Number number) {
    return add({Kind::other, Json(number).dump(), {}, {}});
  }

  bool start(Kind kind) {
    Open open;
    open.value.kind = kind;
    open_.push_back(std::move(open));
    return true;
  }

  bool end() {
    PromptValue value = std::move(open_.back().value);
    open_.pop_back();
    return add(std::move(value));
  }

  bool add(PromptValue value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return true;
    }
    Open& parent = open_.back();
    std::vector<PromptValue>& children = parent.value.children;
    if (parent.value.kind == Kind::object) {
      const auto [entry, is_new] = parent.position_of_key.emplace(parent.key, children.size());
      if (!is_new) {
        children[entry->second] = std::move(value);
        return true;
      }
      parent.value.keys.push_back(parent.key);
    }
    children.push_back(std::move(value));
    return true;
  }

  PromptValue root_;
  std::vector<Open> open_;
  std::string problem_;
};

}  // namespace

std::string PromptValue::description() const {
  if (kind == Kind::array) return "an array";
  if (kind == Kind::object) return "an object";
  return kind == Kind::sentence ? "a sentence" : text;
}

PromptValue read_prompt_file(const std::filesystem::path& path) {
  const std::string text = base::read_json_text(path);
  PromptBuilder builder;
  if (!Json::sax_parse(text, &builder)) base::refuse(path, "it is not JSON: " + builder.problem());
  return builder.take();
}

}  // namespace trefoil::data
