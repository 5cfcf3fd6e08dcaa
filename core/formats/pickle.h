// Python's pickle format, read as data: a tree of values in which imports and calls are recorded, and none is made.
// Format: Lib/pickletools.py of CPython, protocols 0 to 5.
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
    global,      // something imported; its text is "module.name"
    object,      // what calling `callee` with `arguments` would give
    persistent,  // what the file keeps elsewhere, described by `arguments`
  };

  Kind kind = Kind::none;
  std::int64_t integer = 0;  // also of a boolean
  double real = 0;
  std::string text;             // also of bytes and of a global
  std::vector<PickleId> items;  // elements, or keys and values in turn: those of an object were added to it by item
  PickleId callee = kNoPickleId;
  PickleId arguments = kNoPickleId;
  PickleId state = kNoPickleId;  // of an object: what Python would pass to __setstate__
};

class Pickle {
 public:
  // Throws DataError, naming `path`, when the bytes are no whole pickle, hold more than a million values, or import
  // something of which may_import("module.name") is false.
  Pickle(std::string_view bytes, const std::filesystem::path& path,
         const std::function<bool(const std::string&)>& may_import);

  const PickleValue& root() const { return values_.at(root_); }
  const PickleValue& at(PickleId id) const { return values_.at(id); }

 private:
  friend class Unpickler;

  // Values name each other by number: a pickle may hold cycles and chains of any length, and neither costs a recursion.
  std::vector<PickleValue> values_;
  PickleId root_ = kNoPickleId;
};

}  // namespace trefoil::formats
