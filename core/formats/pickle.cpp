#include "formats/pickle.h"

#include <charconv>
#include <cstring>
#include <unordered_map>

#include "base/data_errors.h"

namespace trefoil::formats {

namespace {

constexpr std::size_t kMostValues = 1'000'000;

using Kind = PickleValue::Kind;

// Opcodes by their names in pickletools.
enum Opcode : unsigned char {
  kMark = '(',
  kStop = '.',
  kPop = '0',
  kPopMark = '1',
  kDup = '2',
  kFloat = 'F',
  kInt = 'I',
  kBinInt = 'J',
  kBinInt1 = 'K',
  kLong = 'L',
  kBinInt2 = 'M',
  kNone = 'N',
  kBinPersId = 'Q',
  kReduce = 'R',
  kBinString = 'T',
  kShortBinString = 'U',
  kBinUnicode = 'X',
  kBinBytes = 'B',
  kShortBinBytes = 'C',
  kBinFloat = 'G',
  kAppend = 'a',
  kBuild = 'b',
  kGlobal = 'c',
  kDict = 'd',
  kAppends = 'e',
  kGet = 'g',
  kBinGet = 'h',
  kLongBinGet = 'j',
  kList = 'l',
  kPut = 'p',
  kBinPut = 'q',
  kLongBinPut = 'r',
  kSetItem = 's',
  kTuple = 't',
  kSetItems = 'u',
  kEmptyTuple = ')',
  kEmptyList = ']',
  kEmptyDict = '}',
  kProto = 0x80,
  kNewObj = 0x81,
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kNewTrue = 0x88,
  kNewFalse = 0x89,
  kLong1 = 0x8a,
  kLong4 = 0x8b,
  kShortBinUnicode = 0x8c,
  kBinUnicode8 = 0x8d,
  kBinBytes8 = 0x8e,
  kEmptySet = 0x8f,
  kAddItems = 0x90,
  kFrozenSet = 0x91,
  kNewObjEx = 0x92,
  kStackGlobal = 0x93,
  kMemoize = 0x94,
  kFrame = 0x95,
};

}  // namespace

class Unpickler {
 public:
  Unpickler(Pickle& pickle, std::string_view bytes, const std::filesystem::path& path,
            const std::function<bool(const std::string&)>& may_import)
      : pickle_(pickle), rest_(bytes), path_(path), may_import_(may_import) {}

  void run() {
    while (true) {
      const unsigned char opcode = byte();
      if (opcode == kStop) break;
      if (!number(opcode) && !text(opcode) && !container(opcode) && !memo(opcode) && !object(opcode) &&
          !stack(opcode)) {
        base::refuse(path_, "its pickle uses an operation that files of torch.save do not have (code " +
                                std::to_string(int{opcode}) + ")");
      }
    }
    pickle_.root_ = pop();
  }

 private:
  [[noreturn]] void damaged() const { base::refuse(path_, "its pickle is damaged or cut short"); }

  // The next bytes.

  std::string_view take(std::uint64_t count) {
    if (count > rest_.size()) damaged();
    const std::string_view taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
  }

  unsigned char byte() { return static_cast<unsigned char>(take(1).front()); }

  // An unsigned number of `count` bytes, at most 8, the lowest first.
  std::uint64_t unsigned_number(std::size_t count) {
    const std::string_view bytes = take(count);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
    return value;
  }

  // A signed number of `count` bytes in two's complement, the lowest byte first.
  std::int64_t signed_number(std::uint64_t count) {
    if (count > 8) base::refuse(path_, "its pickle holds an integer of more than 64 bits");
    const std::uint64_t value = unsigned_number(count);
    if (count == 0 || count == 8) return static_cast<std::int64_t>(value);
    const std::uint64_t sign = std::uint64_t{1} << (8 * count - 1);
    return static_cast<std::int64_t>((value ^ sign) - sign);
  }

  std::string_view line() {
    const std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos) damaged();
    const std::string_view taken = take(end + 1);
    return taken.substr(0, end);
  }

  // The stack.

  PickleId make(PickleValue value) {
    if (pickle_.values_.size() == kMostValues) base::refuse(path_, "its pickle holds more than 1,000,000 values");
    pickle_.values_.push_back(std::move(value));
    return static_cast<PickleId>(pickle_.values_.size() - 1);
  }

  void push(PickleValue value) { stack_.push_back(make(std::move(value))); }

  void push(Kind kind, std::int64_t integer = 0) {
    PickleValue value;
    value.kind = kind;
    value.integer = integer;
    push(std::move(value));
  }

  void push(Kind kind, std::string_view text) {
    PickleValue value;
    value.kind = kind;
    value.text = text;
    push(std::move(value));
  }

  void push_items(Kind kind, std::vector<PickleId> items) {
    PickleValue value;
    value.kind = kind;
    value.items = std::move(items);
    push(std::move(value));
  }

  void push_real(double real) {
    PickleValue value;
    value.kind = Kind::real;
    value.real = real;
    push(std::move(value));
  }

  // Values below the last mark are out of reach until it is taken off.
  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }

  PickleId pop() {
    if (stack_.size() <= floor()) damaged();
    const PickleId id = stack_.back();
    stack_.pop_back();
    return id;
  }

  std::vector<PickleId> pop_count(std::size_t count) {
    if (stack_.size() < floor() + count) damaged();
    std::vector<PickleId> items(stack_.end() - static_cast<std::ptrdiff_t>(count), stack_.end());
    stack_.resize(stack_.size() - count);
    return items;
  }

  std::vector<PickleId> pop_to_mark() {
    if (marks_.empty()) damaged();
    std::vector<PickleId> items = pop_count(stack_.size() - marks_.back());
    marks_.pop_back();
    return items;
  }

  PickleValue& value(PickleId id) { return pickle_.values_[id]; }

  PickleValue& top() {
    if (stack_.size() <= floor()) damaged();
    return value(stack_.back());
  }

  void add_items(const std::vector<PickleId>& items, bool pairs) {
    PickleValue& target = top();
    const bool fits = target.kind == Kind::object || target.kind == (pairs ? Kind::dictionary : Kind::sequence);
    if (!fits || (pairs && items.size() % 2 != 0)) damaged();
    target.items.insert(target.items.end(), items.begin(), items.end());
  }

  // Each of these carries out one group of opcodes, and returns false for any other.

  bool number(unsigned char opcode) {
    switch (opcode) {
      case kNone:
        push(Kind::none);
        return true;
      case kNewTrue:
        push(Kind::boolean, 1);
        return true;
      case kNewFalse:
        push(Kind::boolean, 0);
        return true;
      case kBinInt:
        push(Kind::integer, signed_number(4));
        return true;
      case kBinInt1:
        push(Kind::integer, byte());
        return true;
      case kBinInt2:
        push(Kind::integer, static_cast<std::int64_t>(unsigned_number(2)));
        return true;
      case kLong1:
        push(Kind::integer, signed_number(byte()));
        return true;
      case kLong4:
        push(Kind::integer, signed_number(unsigned_number(4)));
        return true;
      case kInt:
        return integer_line(line());
      case kLong:
        return integer_line(line());
      case kBinFloat:
        push_real(big_endian_real());
        return true;
      case kFloat:
        return real_line(line());
      default:
        return false;
    }
  }

  // "12", "12L", and "00" and "01", which are False and True.
  bool integer_line(std::string_view digits) {
    if (digits == "00" || digits == "01") {
      push(Kind::boolean, digits == "01" ? 1 : 0);
      return true;
    }
    if (!digits.empty() && digits.back() == 'L') digits.remove_suffix(1);
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (failure != std::errc() || end != digits.data() + digits.size()) damaged();
    push(Kind::integer, value);
    return true;
  }

  bool real_line(std::string_view digits) {
    double value = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (failure != std::errc() || end != digits.data() + digits.size()) damaged();
    push_real(value);
    return true;
  }

  double big_endian_real() {
    std::uint64_t bits = 0;
    for (int i = 0; i < 8; ++i) bits = bits << 8U | byte();
    double value = 0;
    std::memcpy(&value, &bits, sizeof(value));
    return value;
  }

  bool text(unsigned char opcode) {
    switch (opcode) {
      case kShortBinUnicode:
        push(Kind::text, take(byte()));
        return true;
      case kBinUnicode:
        push(Kind::text, take(unsigned_number(4)));
        return true;
      case kBinUnicode8:
        push(Kind::text, take(unsigned_number(8)));
        return true;
      case kShortBinString:
        push(Kind::text, take(byte()));
        return true;
      case kBinString:
        push(Kind::text, take(unsigned_number(4)));
        return true;
      case kShortBinBytes:
        push(Kind::bytes, take(byte()));
        return true;
      case kBinBytes:
        push(Kind::bytes, take(unsigned_number(4)));
        return true;
      case kBinBytes8:
        push(Kind::bytes, take(unsigned_number(8)));
        return true;
      default:
        return false;
    }
  }

  bool container(unsigned char opcode) {
    switch (opcode) {
      case kEmptyTuple:
      case kEmptyList:
      case kEmptySet:
        push_items(Kind::sequence, {});
        return true;
      case kTuple:
      case kList:
      case kFrozenSet:
        push_items(Kind::sequence, pop_to_mark());
        return true;
      case kTuple1:
        push_items(Kind::sequence, pop_count(1));
        return true;
      case kTuple2:
        push_items(Kind::sequence, pop_count(2));
        return true;
      case kTuple3:
        push_items(Kind::sequence, pop_count(3));
        return true;
      case kAppend:
        add_items(pop_count(1), /*pairs=*/false);
        return true;
      case kAppends:
      case kAddItems:
        add_items(pop_to_mark(), /*pairs=*/false);
        return true;
      case kEmptyDict:
        push_items(Kind::dictionary, {});
        return true;
      case kDict: {
        std::vector<PickleId> items = pop_to_mark();
        if (items.size() % 2 != 0) damaged();
        push_items(Kind::dictionary, std::move(items));
        return true;
      }
      case kSetItem:
        add_items(pop_count(2), /*pairs=*/true);
        return true;
      case kSetItems:
        add_items(pop_to_mark(), /*pairs=*/true);
        return true;
      default:
        return false;
    }
  }

  bool memo(unsigned char opcode) {
    switch (opcode) {
      case kPut:
        memo_[line_number()] = top_id();
        return true;
      case kBinPut:
        memo_[byte()] = top_id();
        return true;
      case kLongBinPut:
        memo_[unsigned_number(4)] = top_id();
        return true;
      case kMemoize:
        memo_[memo_.size()] = top_id();
        return true;
      case kGet:
        get(line_number());
        return true;
      case kBinGet:
        get(byte());
        return true;
      case kLongBinGet:
        get(unsigned_number(4));
        return true;
      default:
        return false;
    }
  }

  bool object(unsigned char opcode) {
    switch (opcode) {
      case kGlobal: {
        const std::string module(line());
        push_global(module + "." + std::string(line()));
        return true;
      }
      case kStackGlobal: {
        const std::vector<PickleId> names = pop_count(2);
        if (value(names[0]).kind != Kind::text || value(names[1]).kind != Kind::text) damaged();
        push_global(value(names[0]).text + "." + value(names[1]).text);
        return true;
      }
      case kReduce:
      case kNewObj: {
        const std::vector<PickleId> call = pop_count(2);
        push_object(call[0], call[1]);
        return true;
      }
      case kNewObjEx: {
        const std::vector<PickleId> call = pop_count(3);
        push_object(call[0], call[1]);
        return true;
      }
      case kBuild: {
        const PickleId state = pop();
        if (top().kind != Kind::object) damaged();
        top().state = state;
        return true;
      }
      case kBinPersId:
        push_persistent(pop());
        return true;
      default:
        return false;
    }
  }

  bool stack(unsigned char opcode) {
    switch (opcode) {
      case kProto:
        byte();
        return true;
      case kFrame:
        take(8);
        return true;
      case kMark:
        marks_.push_back(stack_.size());
        return true;
      case kPop:
        pop();
        return true;
      case kPopMark:
        pop_to_mark();
        return true;
      case kDup:
        stack_.push_back(top_id());
        return true;
      default:
        return false;
    }
  }

  PickleId top_id() const {
    if (stack_.size() <= floor()) damaged();
    return stack_.back();
  }

  std::uint64_t line_number() {
    const std::string_view digits = line();
    std::uint64_t number = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (failure != std::errc() || end != digits.data() + digits.size()) damaged();
    return number;
  }

  void get(std::uint64_t number) {
    const auto found = memo_.find(number);
    if (found == memo_.end()) damaged();
    stack_.push_back(found->second);
  }

  void push_global(const std::string& name) {
    if (!may_import_(name)) {
      base::refuse(
          path_,
          "it asks Python to import '" + name +
              "', which is no part of tensors: nothing of it is run here. Save the tensors alone, or as .safetensors");
    }
    push(Kind::global, std::string_view(name));
  }

  void push_object(PickleId callee, PickleId arguments) {
    if (value(callee).kind != Kind::global) damaged();
    PickleValue made;
    made.kind = Kind::object;
    made.callee = callee;
    made.arguments = arguments;
    push(std::move(made));
  }

  void push_persistent(PickleId description) {
    PickleValue made;
    made.kind = Kind::persistent;
    made.arguments = description;
    push(std::move(made));
  }

  Pickle& pickle_;
  std::string_view rest_;
  const std::filesystem::path& path_;
  const std::function<bool(const std::string&)>& may_import_;
  std::vector<PickleId> stack_;
  std::vector<std::size_t> marks_;  // sizes of the stack
  std::unordered_map<std::uint64_t, PickleId> memo_;
};

Pickle::Pickle(std::string_view bytes, const std::filesystem::path& path,
               const std::function<bool(const std::string&)>& may_import) {
  Unpickler(*this, bytes, path, may_import).run();
}

}  // namespace trefoil::formats
