#include "support/coop_files.h"

#include <map>
#include <nlohmann/json.hpp>

namespace tests {

namespace {

std::string lowest_byte_first(std::uint64_t value, std::size_t bytes) {
  std::string text;
  for (; bytes > 0; --bytes, value >>= 8U) text += static_cast<char>(value & 0xFFU);
  return text;
}

// Writes the opcodes that Python's pickle.Pickler writes for these values, with its memo.
class Pickler {
 public:
  Pickler(int protocol, std::string module) : protocol_(protocol), module_(std::move(module)) {}

  std::string whole(const std::vector<Datum>& train, const std::vector<Datum>& val) {
    std::string body = "}" + remember("whole") + "(";
    body += text("train");
    body += list("train", train);
    body += text("val");
    body += list("val", val);
    body += "u.";
    const std::string frame = protocol_ >= 4 ? "\x95" + lowest_byte_first(body.size(), 8) : "";
    return "\x80" + lowest_byte_first(static_cast<std::uint64_t>(protocol_), 1) + frame + body;
  }

 private:
  // Gives the value on top a number in the memo.
  std::string remember(const std::string& value) {
    const std::size_t number = memo_.size();
    memo_[value] = number;
    if (protocol_ >= 4) return "\x94";
    return number < 256 ? "q" + lowest_byte_first(number, 1) : "r" + lowest_byte_first(number, 4);
  }

  std::string remembered(const std::string& value) const {
    const std::size_t number = memo_.at(value);
    return number < 256 ? "h" + lowest_byte_first(number, 1) : "j" + lowest_byte_first(number, 4);
  }

  std::string text(const std::string& value) {
    if (memo_.count("text " + value) == 1) return remembered("text " + value);
    const bool is_short = protocol_ >= 4 && value.size() < 256;
    const std::string bytes =
        (is_short ? "\x8c" + lowest_byte_first(value.size(), 1) : "X" + lowest_byte_first(value.size(), 4)) + value;
    return bytes + remember("text " + value);
  }

  std::string integer(std::int64_t value) const {
    if (value >= 0 && value < 256) return "K" + lowest_byte_first(static_cast<std::uint64_t>(value), 1);
    return "J" + lowest_byte_first(static_cast<std::uint64_t>(value), 4);
  }

  std::string datum_class() {
    if (memo_.count("class") == 1) return remembered("class");
    if (protocol_ < 4) return "c" + module_ + "\nDatum\n" + remember("class");
    std::string bytes = text(module_);
    bytes += text("Datum");
    bytes += "\x93";
    return bytes + remember("class");
  }

  // An object with a dictionary of attributes: NEWOBJ, and BUILD with the dictionary.
  std::string object(const std::string& name, const Datum& datum) {
    std::string bytes = datum_class() + ")\x81";
    bytes += remember("object " + name) + "}";
    bytes += remember("attributes " + name) + "(";
    bytes += text("_impath");
    bytes += text(datum.path);
    bytes += text("_label");
    bytes += integer(datum.label);
    bytes += text("_domain");
    bytes += text("");
    bytes += text("_classname");
    bytes += text(datum.class_name);
    return bytes + "ub";
  }

  std::string list(const std::string& name, const std::vector<Datum>& images) {
    std::string bytes = "]" + remember("list " + name);
    if (images.empty()) return bytes;
    bytes += "(";
    for (const Datum& datum : images) bytes += object(name + " " + std::to_string(memo_.size()), datum);
    return bytes + "e";
  }

  int protocol_;
  std::string module_;
  std::map<std::string, std::size_t> memo_;
};

nlohmann::ordered_json part(const std::vector<Datum>& images) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Datum& datum : images) {
    list.push_back(nlohmann::ordered_json::array({datum.path, datum.label, datum.class_name}));
  }
  return list;
}

}  // namespace

std::string coop_pickle(int protocol, const std::vector<Datum>& train, const std::vector<Datum>& val,
                        const std::string& module) {
  return Pickler(protocol, module).whole(train, val);
}

std::string coop_split(const std::vector<Datum>& train, const std::vector<Datum>& val, const std::vector<Datum>& test) {
  return nlohmann::ordered_json{{"train", part(train)}, {"val", part(val)}, {"test", part(test)}}.dump();
}

}  // namespace tests
