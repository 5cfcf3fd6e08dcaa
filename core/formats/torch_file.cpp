#include "formats/torch_file.h"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/data_errors.h"
#include "base/text.h"
#include "formats/array_header.h"
#include "formats/choose_tensor.h"
#include "formats/pickle.h"
#include "formats/zip_file.h"

namespace trefoil::formats {

namespace {

using Kind = PickleValue::Kind;
using Shape = std::vector<std::int64_t>;

// Bytes. The pickle describes the tensors, and their data is elsewhere: a large model has a pickle of about 100 KiB.
constexpr std::uint64_t kLongestPickle = 16ULL << 20U;
constexpr int kDeepest = 64;  // levels of dictionaries and modules
// A dictionary that is stored once may be contained in many others, so the number of visited values is limited.
constexpr std::uint64_t kMostVisits = 4'000'000;
constexpr std::uint64_t kMostShared = 4;  // the tensors may take this many times the bytes of their storages

constexpr std::array<std::pair<std::string_view, torch::ScalarType>, 10> kStorages = {{
    {"torch.HalfStorage", torch::kHalf},
    {"torch.BFloat16Storage", torch::kBFloat16},
    {"torch.FloatStorage", torch::kFloat},
    {"torch.DoubleStorage", torch::kDouble},
    {"torch.ByteStorage", torch::kByte},
    {"torch.CharStorage", torch::kChar},
    {"torch.ShortStorage", torch::kShort},
    {"torch.IntStorage", torch::kInt},
    {"torch.LongStorage", torch::kLong},
    {"torch.BoolStorage", torch::kBool},
}};

std::optional<torch::ScalarType> storage_type(std::string_view name) {
  const auto* const found =
      std::find_if(kStorages.begin(), kStorages.end(), [&](const auto& entry) { return entry.first == name; });
  if (found == kStorages.end()) return std::nullopt;
  return found->second;
}

constexpr std::string_view kRebuildTensor = "torch._utils._rebuild_tensor_v2";
constexpr std::string_view kRebuildParameter = "torch._utils._rebuild_parameter";
constexpr std::string_view kRestoreType = "torch.jit._pickle.restore_type_tag";  // (container, its type in TorchScript)

// Whether a file of tensors may import this name: the functions that rebuild tensors, and containers. Classes of
// TorchScript modules have names that begin with "__torch__.".
bool may_import(const std::string& name) {
  constexpr std::array<std::string_view, 9> kAllowed = {kRebuildTensor,
                                                        kRebuildParameter,
                                                        "collections.OrderedDict",
                                                        "torch.Size",
                                                        "torch.device",
                                                        "torch.jit._pickle.build_intlist",
                                                        "torch.jit._pickle.build_doublelist",
                                                        "torch.jit._pickle.build_boollist",
                                                        kRestoreType};
  return std::find(kAllowed.begin(), kAllowed.end(), name) != kAllowed.end() || storage_type(name) ||
         base::starts_with(name, "__torch__.");
}

class TorchFile {
 public:
  explicit TorchFile(const std::filesystem::path& path)
      : path_(path), zip_(path), folder_(find_folder()), pickle_(read_pickle()) {}

  std::map<std::string, torch::Tensor> tensors() {
    collect(pickle_.root(), "", 0);
    return std::move(tensors_);
  }

 private:
  [[noreturn]] void damaged(const std::string& what) const { base::refuse_damaged(path_, what); }

  // Returns "archive/", the folder of data.pkl.
  std::string find_folder() const {
    constexpr std::string_view kPickle = "/data.pkl";
    for (const auto& [name, size] : zip_.members()) {
      const std::size_t slash = name.find('/');
      if (slash != std::string::npos && name.substr(slash) == kPickle) return name.substr(0, slash + 1);
    }
    base::refuse(path_, "it is a zip file, but not one of torch.save or torch.jit.save: there is no data.pkl in it");
  }

  std::string member(const std::string& name) const {
    std::string bytes(zip_.members().at(name), '\0');
    zip_.read(name, bytes.data());
    return bytes;
  }

  Pickle read_pickle() const {
    const std::string order = folder_ + "byteorder";
    if (const auto found = zip_.members().find(order); found != zip_.members().end() && found->second <= 16) {
      if (member(order) == "big")
        base::refuse(path_, "its numbers are big-endian; save it again on a little-endian machine");
    }
    const std::string name = folder_ + "data.pkl";
    if (zip_.members().at(name) > kLongestPickle) base::refuse(path_, "its data.pkl is longer than 16 MiB");
    return {member(name),
            path_,
            {may_import,
             "which is not needed for tensors. Nothing is imported here. Save only the tensors, or save them as "
             ".safetensors"}};
  }

  const PickleValue& value(PickleId id) const { return pickle_.at(id); }

  bool calls(const PickleValue& object, std::string_view name) const {
    return object.kind == Kind::object && value(object.callee).text == name;
  }

  // Returns argument `index` of a call. Throws DataError when there are not so many.
  const PickleValue& argument(const PickleValue& call, std::size_t index) const {
    const PickleValue& arguments = value(call.arguments);
    if (arguments.kind != Kind::sequence || index >= arguments.items.size())
      damaged("its description of a tensor is damaged");
    return value(arguments.items[index]);
  }

  std::int64_t size_of(const PickleValue& number) const {
    if (number.kind != Kind::integer || number.integer < 0) damaged("its description of a tensor is damaged");
    return number.integer;
  }

  Shape shape_of(const PickleValue& sizes) const {
    if (sizes.kind != Kind::sequence) damaged("its description of a tensor is damaged");
    Shape shape;
    for (const PickleId id : sizes.items) shape.push_back(size_of(value(id)));
    return shape;
  }

  // Collects the tensors in dictionaries, modules and lists.
  void collect(const PickleValue& found, const std::string& name, int depth) {
    if (depth > kDeepest)
      base::refuse(path_, "its dictionaries are nested more than " + std::to_string(kDeepest) + " deep");
    if (++visits_ > kMostVisits) base::refuse(path_, "its dictionaries contain each other too often");
    if (calls(found, kRebuildTensor)) {
      add(name, tensor_of(found));
    } else if (calls(found, kRebuildParameter) || calls(found, kRestoreType)) {
      collect(argument(found, 0), name, depth + 1);
    } else if (found.kind == Kind::dictionary) {
      collect_pairs(found, name, depth);
    } else if (found.kind == Kind::object) {
      collect_pairs(found, name, depth);  // an OrderedDict
      if (found.state != kNoPickleId && is_module(found)) collect(value(found.state), name, depth + 1);
    } else if (found.kind == Kind::sequence) {
      for (std::size_t i = 0; i < found.items.size(); ++i) {
        collect(value(found.items[i]), joined(name, std::to_string(i)), depth + 1);
      }
    }
  }

  bool is_module(const PickleValue& object) const { return base::starts_with(value(object.callee).text, "__torch__."); }

  void collect_pairs(const PickleValue& dictionary, const std::string& name, int depth) {
    for (std::size_t i = 0; i + 1 < dictionary.items.size(); i += 2) {
      const PickleValue& key = value(dictionary.items[i]);
      if (key.kind == Kind::text) collect(value(dictionary.items[i + 1]), joined(name, key.text), depth + 1);
    }
  }

  static std::string joined(const std::string& before, const std::string& name) {
    return before.empty() ? name : before + "." + name;
  }

  void add(const std::string& name, torch::Tensor tensor) {
    tensor_bytes_ += tensor.nbytes();
    if (tensor_bytes_ > kMostShared * storage_bytes_) base::refuse(path_, "its tensors share their data too often");
    if (!tensors_.emplace(name, std::move(tensor)).second)
      base::refuse(path_, "it holds two tensors named '" + name + "'");
  }

  // _rebuild_tensor_v2(storage, storage offset, sizes, strides, …)
  torch::Tensor tensor_of(const PickleValue& call) {
    const torch::Tensor storage = storage_of(argument(call, 0));
    const std::int64_t offset = size_of(argument(call, 1));
    const Shape sizes = shape_of(argument(call, 2));
    const Shape strides = shape_of(argument(call, 3));
    if (!lies_within(storage.numel(), offset, sizes, strides)) {
      damaged("it describes a tensor with more elements than it has");
    }
    byte_count({storage.scalar_type(), sizes, 0}, path_);  // refuses shapes without elements that are impossible
    return storage.as_strided(sizes, strides, offset).contiguous();
  }

  // Whether every element of the tensor is in a storage of `count` elements, and the tensor has at most `count`
  // elements.
  static bool lies_within(std::int64_t count, std::int64_t offset, const Shape& sizes, const Shape& strides) {
    if (sizes.size() != strides.size()) return false;
    if (std::find(sizes.begin(), sizes.end(), 0) != sizes.end()) return offset <= count;
    std::int64_t elements = 1;
    std::int64_t last = offset;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      std::int64_t reach = 0;
      if (__builtin_mul_overflow(elements, sizes[i], &elements) || elements > count) return false;
      if (__builtin_mul_overflow(sizes[i] - 1, strides[i], &reach)) return false;
      if (__builtin_add_overflow(last, reach, &last)) return false;
    }
    return last < count;
  }

  // Reads the storage ("storage", storage class, key, device, number of elements). Its bytes are the member data/KEY.
  torch::Tensor storage_of(const PickleValue& persistent) {
    if (persistent.kind != Kind::persistent) damaged("its description of a tensor is damaged");
    const PickleValue& what = argument(persistent, 0);
    if (what.kind != Kind::text || what.text != "storage") damaged("its description of a tensor is damaged");
    const PickleValue& type_name = argument(persistent, 1);
    const PickleValue& key = argument(persistent, 2);
    const auto type = type_name.kind == Kind::global ? storage_type(type_name.text) : std::nullopt;
    if (!type || key.kind != Kind::text) damaged("its description of a tensor is damaged");
    const auto read_before = storages_.find({key.text, *type});
    if (read_before != storages_.end()) return read_before->second;

    const std::string name = folder_ + "data/" + key.text;
    const auto found = zip_.members().find(name);
    if (found == zip_.members().end()) damaged("its member '" + name + "' is missing");
    const std::int64_t count = size_of(argument(persistent, 4));
    const std::uint64_t element = torch::elementSize(*type);
    if (static_cast<std::uint64_t>(count) > found->second / element ||
        found->second != static_cast<std::uint64_t>(count) * element) {
      damaged("its member '" + name + "' has " + base::counted(found->second, "byte") + ", but " +
              base::counted(count, "element") + " of " + base::counted(element, "byte") + " are needed");
    }
    // Bools are read as bytes and compared with 0, because C++ must not read a bool that is neither 0 nor 1.
    torch::Tensor storage = torch::empty({count}, *type == torch::kBool ? torch::kByte : *type);
    zip_.read(name, static_cast<char*>(storage.data_ptr()));
    if (*type == torch::kBool) storage = storage.ne(0);
    storage_bytes_ += found->second;
    return storages_.emplace(std::pair(key.text, *type), storage).first->second;
  }

  std::filesystem::path path_;
  ZipFile zip_;
  std::string folder_;
  Pickle pickle_;
  std::map<std::pair<std::string, torch::ScalarType>, torch::Tensor> storages_;  // [n]
  std::map<std::string, torch::Tensor> tensors_;
  std::uint64_t visits_ = 0;
  std::uint64_t storage_bytes_ = 0;
  std::uint64_t tensor_bytes_ = 0;
};

}  // namespace

std::map<std::string, torch::Tensor> read_torch_file(const std::filesystem::path& path) {
  return TorchFile(path).tensors();
}

torch::Tensor read_torch_tensor(const std::filesystem::path& path, const std::string& name) {
  return choose_tensor(read_torch_file(path), name, path);
}

}  // namespace trefoil::formats
