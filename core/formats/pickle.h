// Reads Python's pickle format as data. The result is a tree of values. Imports and calls are recorded in it, but
// nothing is imported or called. Format: Lib/pickletools.py of CPython, protocols 0 to 5.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace trefoil::formats {

// The number of a value in its pickle.
using PickleId = std::uint32_t;
constexpr PickleId kNoPickleId = 0xFFFFFFFF;

struct PickleValue {
  enum class Kind {
    none,
    boolean,
    integer,
    real,
    text,
    bytes,
    sequence,  // a tuple, list or set
    dictionary,
    global,      // an import; its text is "module.name"
    object,      // the result of calling `callee` with `arguments`
    persistent,  // data outside the pickle, described by `arguments`
  };

  Kind kind = Kind::none;
  std::int64_t integer = 0;  // used by boolean and integer
  double real = 0;
  std::string text;  // used by text, bytes and global
  std::vector<PickleId>
      items;  // elements of a sequence; keys and values of a dictionary in turn; items added to an object
  PickleId callee = kNoPickleId;
  PickleId arguments = kNoPickleId;
  PickleId state = kNoPickleId;  // of an object: the argument of __setstate__
};

// The imports that a pickle may have. They depend on the kind of file.
struct PickleImports {
  std::function<bool(const std::string&)> allow;  // whether "module.name" is one of these imports
  std::string refusal;                            // the end of the error about any other import
};

class Pickle {
 public:
  // Throws DataError with `path` when the bytes are not a complete pickle, have more than a million values, or import
  // something that `imports` does not allow.
  Pickle(std::string_view bytes, const std::filesystem::path& path, const PickleImports& imports);

  const PickleValue& root() const { return values_.at(root_); }
  const PickleValue& at(PickleId id) const { return values_.at(id); }

 private:
  friend class Unpickler;

  // Values refer to each other by number, so that cycles and long chains in a pickle need no recursion here.
  std::vector<PickleValue> values_;
  PickleId root_ = kNoPickleId;
};

}  // namespace trefoil::formats
