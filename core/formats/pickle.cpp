#include "formats/pickle.h"

#include <charconv>
#include <utility>

#include "base/data_errors.h"
#include "base/text.h"
#include "formats/pickle_opcodes.h"
#include "formats/pickle_reader.h"
#include "formats/pickle_stack.h"

namespace trefoil::formats {

namespace {

constexpr unsigned char kNewestProtocol = 5;

}  // namespace

// Carries out the opcodes of a pickle one after the other.
class Unpickler {
 public:
  Unpickler(Pickle& pickle, std::string_view bytes, const std::filesystem::path& path, const PickleImports& imports)
      : pickle_(pickle), path_(path), imports_(imports), reader_(bytes, path), stack_(pickle.values_, path) {}

  void run() {
    while (true) {
      const unsigned char opcode = reader_.byte();
      if (opcode == kStop) break;
      if (!number(opcode) && !text(opcode) && !container(opcode) && !memo(opcode) && !object(opcode) &&
          !stack(opcode)) {
        base::refuse(path_, "its pickle uses an operation that Trefoil does not read (code " +
                                std::to_string(int{opcode}) + ")");
      }
    }
    pickle_.root_ = stack_.pop();
  }

 private:
  using Kind = PickleValue::Kind;

  // Each of the functions number, text, container, memo, object and stack carries out one group of opcodes. It returns
  // false for an opcode of another group.

  bool number(unsigned char opcode) {
    switch (opcode) {
      case kNone:
        stack_.push(Kind::none);
        return true;
      case kNewTrue:
        stack_.push(Kind::boolean, 1);
        return true;
      case kNewFalse:
        stack_.push(Kind::boolean, 0);
        return true;
      case kBinInt:
        stack_.push(Kind::integer, reader_.signed_number(4));
        return true;
      case kBinInt1:
        stack_.push(Kind::integer, reader_.byte());
        return true;
      case kBinInt2:
        stack_.push(Kind::integer, static_cast<std::int64_t>(reader_.unsigned_number(2)));
        return true;
      case kLong1:
        stack_.push(Kind::integer, reader_.signed_number(reader_.byte()));
        return true;
      case kLong4:
        stack_.push(Kind::integer, reader_.signed_number(reader_.unsigned_number(4)));
        return true;
      case kInt:
      case kLong:
        return integer_line(reader_.line());
      case kBinFloat:
        stack_.push_real(reader_.big_endian_real());
        return true;
      case kFloat:
        stack_.push_real(reader_.real_line());
        return true;
      default:
        return false;
    }
  }

  // Pushes the number of a line: "12" or "12L". "00" and "01" are False and True.
  bool integer_line(std::string_view digits) {
    if (digits == "00" || digits == "01") {
      stack_.push(Kind::boolean, digits == "01" ? 1 : 0);
      return true;
    }
    if (!digits.empty() && digits.back() == 'L') digits.remove_suffix(1);
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (failure != std::errc() || end != digits.data() + digits.size()) reader_.damaged();
    stack_.push(Kind::integer, value);
    return true;
  }

  bool text(unsigned char opcode) {
    switch (opcode) {
      case kShortBinUnicode:
        push_text(reader_.bytes(reader_.byte()));
        return true;
      case kBinUnicode:
        push_text(reader_.bytes(reader_.unsigned_number(4)));
        return true;
      case kBinUnicode8:
        push_text(reader_.bytes(reader_.unsigned_number(8)));
        return true;
      case kShortBinString:
        push_text(reader_.bytes(reader_.byte()));
        return true;
      case kBinString:
        push_text(reader_.bytes(reader_.unsigned_number(4)));
        return true;
      case kShortBinBytes:
        stack_.push(Kind::bytes, reader_.bytes(reader_.byte()));
        return true;
      case kBinBytes:
        stack_.push(Kind::bytes, reader_.bytes(reader_.unsigned_number(4)));
        return true;
      case kBinBytes8:
        stack_.push(Kind::bytes, reader_.bytes(reader_.unsigned_number(8)));
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
        stack_.push_items(Kind::sequence, {});
        return true;
      case kTuple:
      case kList:
      case kFrozenSet:
        stack_.push_items(Kind::sequence, stack_.pop_to_mark());
        return true;
      case kTuple1:
        stack_.push_items(Kind::sequence, stack_.pop(1));
        return true;
      case kTuple2:
        stack_.push_items(Kind::sequence, stack_.pop(2));
        return true;
      case kTuple3:
        stack_.push_items(Kind::sequence, stack_.pop(3));
        return true;
      case kAppend:
        stack_.add_to_top(stack_.pop(1), /*pairs=*/false);
        return true;
      case kAppends:
      case kAddItems:
        stack_.add_to_top(stack_.pop_to_mark(), /*pairs=*/false);
        return true;
      case kEmptyDict:
        stack_.push_items(Kind::dictionary, {});
        return true;
      case kDict: {
        std::vector<PickleId> items = stack_.pop_to_mark();
        if (items.size() % 2 != 0) reader_.damaged();
        stack_.push_items(Kind::dictionary, std::move(items));
        return true;
      }
      case kSetItem:
        stack_.add_to_top(stack_.pop(2), /*pairs=*/true);
        return true;
      case kSetItems:
        stack_.add_to_top(stack_.pop_to_mark(), /*pairs=*/true);
        return true;
      default:
        return false;
    }
  }

  bool memo(unsigned char opcode) {
    switch (opcode) {
      case kPut:
        stack_.remember_top(reader_.unsigned_line());
        return true;
      case kBinPut:
        stack_.remember_top(reader_.byte());
        return true;
      case kLongBinPut:
        stack_.remember_top(reader_.unsigned_number(4));
        return true;
      case kMemoize:
        stack_.remember_top();
        return true;
      case kGet:
        stack_.push_remembered(reader_.unsigned_line());
        return true;
      case kBinGet:
        stack_.push_remembered(reader_.byte());
        return true;
      case kLongBinGet:
        stack_.push_remembered(reader_.unsigned_number(4));
        return true;
      default:
        return false;
    }
  }

  bool object(unsigned char opcode) {
    switch (opcode) {
      case kGlobal: {
        const std::string module(reader_.line());
        push_global(module + "." + std::string(reader_.line()));
        return true;
      }
      case kStackGlobal: {
        const std::vector<PickleId> names = stack_.pop(2);
        if (stack_.value(names[0]).kind != Kind::text || stack_.value(names[1]).kind != Kind::text) reader_.damaged();
        push_global(stack_.value(names[0]).text + "." + stack_.value(names[1]).text);
        return true;
      }
      case kReduce:
      case kNewObj: {
        const std::vector<PickleId> call = stack_.pop(2);
        push_object(call[0], call[1]);
        return true;
      }
      case kNewObjEx: {
        const std::vector<PickleId> call = stack_.pop(3);
        push_object(call[0], call[1]);
        return true;
      }
      case kBuild: {
        const PickleId state = stack_.pop();
        if (stack_.top().kind != Kind::object) reader_.damaged();
        stack_.top().state = state;
        return true;
      }
      case kBinPersId:
        push_persistent(stack_.pop());
        return true;
      default:
        return false;
    }
  }

  bool stack(unsigned char opcode) {
    switch (opcode) {
      case kProto:
        if (reader_.byte() > kNewestProtocol)
          base::refuse(path_, "its pickle is of a newer protocol than 5, or damaged");
        return true;
      case kFrame:
        reader_.bytes(8);
        return true;
      case kMark:
        stack_.push_mark();
        return true;
      case kPop:
        stack_.pop();
        return true;
      case kPopMark:
        stack_.pop_to_mark();
        return true;
      case kDup:
        stack_.push_top_again();
        return true;
      default:
        return false;
    }
  }

  void push_text(std::string_view text) {
    if (!base::is_utf8(text)) reader_.damaged();
    stack_.push(Kind::text, text);
  }

  void push_global(const std::string& name) {
    if (!imports_.allow(name)) base::refuse(path_, "it asks Python to import '" + name + "', " + imports_.refusal);
    stack_.push(Kind::global, std::string_view(name));
  }

  void push_object(PickleId callee, PickleId arguments) {
    if (stack_.value(callee).kind != Kind::global) reader_.damaged();
    PickleValue made;
    made.kind = Kind::object;
    made.callee = callee;
    made.arguments = arguments;
    stack_.push(std::move(made));
  }

  void push_persistent(PickleId description) {
    PickleValue made;
    made.kind = Kind::persistent;
    made.arguments = description;
    stack_.push(std::move(made));
  }

  Pickle& pickle_;
  const std::filesystem::path& path_;
  const PickleImports& imports_;
  PickleReader reader_;
  PickleStack stack_;
};

Pickle::Pickle(std::string_view bytes, const std::filesystem::path& path, const PickleImports& imports) {
  Unpickler(*this, bytes, path, imports).run();
}

}  // namespace trefoil::formats
