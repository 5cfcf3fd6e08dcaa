// layout = "tip_cache": a cache folder that the code of Tip-Adapter or APE has written with torch.save:
// keys_Kshots.pt [D, C·K], values_Kshots.pt [C·K, C] one-hot, test_f.pt, test_l.pt, val_f.pt, val_l.pt, and
// text_weights….pt [D, C], which only APE writes.
#include <ATen/ops/zeros.h>

#include <algorithm>

#include "base/errors.h"
#include "base/text.h"
#include "data/checked.h"
#include "data/class_names.h"
#include "data/layouts.h"
#include "data/row_choice.h"
#include "data/support_set.h"
#include "formats/torch_file.h"

namespace trefoil::data {

namespace {

const std::vector<Parameter> kTipCacheParameters = {
    parameter::path("root", ".", "the cache folder"),
    parameter::required(parameter::integer("shots", 1, {1, 1e9}, "number of support images of each class (K)")),
    parameter::integer("cache_shots", 0, {0, 1e9},
                       "number in the name keys_….pt of the file to read, of which `shots` are used; 0: `shots`"),
    kChooseRows,
    parameter::text(
        "text", "",
        "file of text features, relative to root: .pt [D, C] as the code writes it, or .npy or .safetensors [C, D]; "
        "\"\": the only file text_weights*.pt in the folder, or else an estimate from the mean images of the classes"),
    parameter::text("class_names", "", "text file with one class name per line, relative to root"),
};

class TipCacheLoader {
 public:
  TipCacheLoader(const Parameters& parameters, std::uint64_t seed)
      : parameters_(parameters), seed_(seed), root_(parameters.text("root")) {}

  Task load() {
    check_shots();
    load_support();
    task_.query = queries("test");
    if (std::filesystem::exists(root_ / "val_f.pt")) task_.validation = queries("val");
    return std::move(task_);
  }

 private:
  bool uses_all_rows() const { return parameters_.integer("cache_shots") == 0; }

  void check_shots() const {
    if (uses_all_rows() && parameters_.text("choose") != "first") {
      throw Error(
          ExitCode::configuration,
          "'data.choose' has no use, because all rows of keys_Kshots.pt are used: set data.cache_shots to the K "
          "of a larger file, or remove data.choose");
    }
    if (!uses_all_rows() && parameters_.integer("cache_shots") < parameters_.integer("shots")) {
      throw Error(ExitCode::configuration, "'data.cache_shots' must not be less than 'data.shots'");
    }
  }

  torch::Tensor read(const std::filesystem::path& path, std::int64_t dimensions) {
    task_.files.push_back(path);
    torch::Tensor tensor = formats::read_torch_tensor(path);
    if (tensor.dim() != dimensions) {
      throw DataError(path.string() + ": expected a tensor of " + base::counted(dimensions, "dimension") + "; it has " +
                      std::to_string(tensor.dim()));
    }
    return tensor.contiguous();
  }

  std::filesystem::path support_path(const char* kind) const {
    const std::int64_t shots = parameters_.integer(uses_all_rows() ? "shots" : "cache_shots");
    return root_ / (std::string(kind) + "_" + std::to_string(shots) + "shots.pt");
  }

  // Returns the file of text features, or "" when the folder has none. APE writes text_weights_cupl_t.pt and others.
  std::filesystem::path text_file() const {
    if (!parameters_.text("text").empty()) return root_ / parameters_.text("text");
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(root_)) {
      const std::string name = entry.path().filename().string();
      if (base::starts_with(name, "text_weights") && entry.path().extension() == ".pt") found.push_back(name);
    }
    if (found.empty()) return {};
    if (found.size() == 1) return root_ / found.front();
    std::sort(found.begin(), found.end());
    throw DataError(root_.string() + ": it has several files of text features: choose one with data.text: " +
                    base::listed(found, found.size()));
  }

  // The code of APE stores text features as [D, C].
  static std::shared_ptr<const formats::Array> open_text(const std::filesystem::path& path) {
    std::shared_ptr<const formats::Array> array = formats::open_array(path);
    if (formats::array_file(path).extension() != ".pt" || array->shape().size() != 2) return array;
    return formats::array_of(array->read_all().t().contiguous());
  }

  torch::Tensor text_features(std::int64_t class_count, std::int64_t width) {
    const std::filesystem::path path = text_file();
    if (path.empty()) return torch::zeros({class_count, width});
    task_.files.push_back(formats::array_file(path));
    const auto array = open_text(path);
    require_features(*array, width, path);
    if (array->rows() != class_count) {
      throw DataError(path.string() + ": it has " + base::counted(array->rows(), "row") + " for " +
                      base::counted(class_count, "class"));
    }
    return checked_features(array->read_all(), ZeroRows::refuse, 0, path);
  }

  std::vector<std::string> class_names(std::int64_t class_count) {
    if (parameters_.text("class_names").empty()) return numbered_class_names(class_count);
    task_.files.push_back(root_ / parameters_.text("class_names"));
    return read_class_names(task_.files.back(), class_count);
  }

  void load_support() {
    const torch::Tensor images = read(support_path("keys"), 2).t().contiguous();
    const torch::Tensor values = read(support_path("values"), 2);
    const std::int64_t class_count = values.size(1);
    if (class_count < 1) throw DataError(support_path("values").string() + ": it has no classes");
    require_labels(*formats::array_of(values), images.size(0), class_count, support_path("values"));
    ShotCandidates rows;
    rows.labels = checked_labels(values, class_count, 0, support_path("values"));
    task_.class_names = class_names(class_count);
    require_features(*formats::array_of(images), -1, support_path("keys"));
    rows.text = text_features(class_count, images.size(1));
    rows.features = checked_features(images, ZeroRows::refuse, 0, support_path("keys"));
    if (!uses_all_rows()) keep_rows(rows, chosen_rows(rows, parameters_, seed_));
    task_.support = make_support(rows.text, rows.features, rows.labels, /*shots=*/0);
    if (classes_without_text(task_.support).empty()) return;
    task_.given_text = task_.support.text;
    task_.notes.push_back(fill_missing_text(task_.support, task_.class_names));
  }

  std::shared_ptr<const Queries> queries(const std::string& split) {
    const std::filesystem::path features = root_ / (split + "_f.pt");
    const std::filesystem::path labels = root_ / (split + "_l.pt");
    return std::make_shared<Queries>(formats::array_of(read(features, 2)), features, formats::array_of(read(labels, 1)),
                                     labels, task_.support.width(), task_.support.class_count());
  }

  const Parameters& parameters_;
  std::uint64_t seed_;
  std::filesystem::path root_;
  Task task_;
};

}  // namespace

const Layout kTipCacheLayout = {"tip_cache", kTipCacheParameters, [](const Parameters& parameters, std::uint64_t seed) {
                                  return TipCacheLoader(parameters, seed).load();
                                }};

}  // namespace trefoil::data
