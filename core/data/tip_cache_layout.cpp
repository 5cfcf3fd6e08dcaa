// layout = "tip_cache": a cache folder that the code of Tip-Adapter or APE has written with torch.save:
// keys_Kshots.pt [D, C·K], values_Kshots.pt [C·K, C] one-hot, test_f.pt, test_l.pt, val_f.pt, val_l.pt.
#include <ATen/ops/zeros.h>

#include "base/errors.h"
#include "base/text.h"
#include "data/checked.h"
#include "data/class_names.h"
#include "data/layouts.h"
#include "data/support_set.h"
#include "formats/torch_file.h"

namespace trefoil::data {

namespace {

const std::vector<Parameter> kTipCacheParameters = {
    parameter::path("root", ".", "the cache folder"),
    parameter::required(parameter::integer("shots", 1, {1, 1e9}, "K in the name keys_Kshots.pt of the file to read")),
    parameter::text(
        "text", "",
        "file of text features [C, D] (.npy or .safetensors), relative to root; \"\": text features are estimated from "
        "the mean images of the classes"),
    parameter::text("class_names", "", "text file with one class name per line, relative to root"),
};

class TipCacheLoader {
 public:
  explicit TipCacheLoader(const Parameters& parameters) : parameters_(parameters), root_(parameters.text("root")) {}

  Task load() {
    load_support();
    task_.query = queries("test");
    if (std::filesystem::exists(root_ / "val_f.pt")) task_.validation = queries("val");
    return std::move(task_);
  }

 private:
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
    return root_ / (std::string(kind) + "_" + std::to_string(parameters_.integer("shots")) + "shots.pt");
  }

  // Returns the labels [C·K] of one-hot values [C·K, C].
  torch::Tensor labels_of(const torch::Tensor& values) const {
    const torch::Tensor ones = values.to(torch::kFloat);
    if (ones.size(1) < 1 || !(ones.sum(1) == 1).logical_and(ones.amax(1) == 1).all().item<bool>()) {
      throw DataError(support_path("values").string() + ": its rows are not one-hot class labels");
    }
    return ones.argmax(1);
  }

  torch::Tensor text_features(std::int64_t class_count, std::int64_t width) {
    if (parameters_.text("text").empty()) return torch::zeros({class_count, width});
    const std::filesystem::path path = root_ / parameters_.text("text");
    task_.files.push_back(formats::array_file(path));
    const auto array = formats::open_array(path);
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
    const torch::Tensor labels = labels_of(values);
    const std::int64_t class_count = values.size(1);
    if (labels.size(0) != images.size(0)) {
      throw DataError(support_path("values").string() + ": it has " + base::counted(labels.size(0), "label") + " for " +
                      base::counted(images.size(0), "row") + " of features");
    }
    task_.class_names = class_names(class_count);
    require_features(*formats::array_of(images), -1, support_path("keys"));
    task_.support =
        make_support(text_features(class_count, images.size(1)),
                     checked_features(images, ZeroRows::refuse, 0, support_path("keys")), labels, /*shots=*/0);
    if (!parameters_.text("text").empty()) return;
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
  std::filesystem::path root_;
  Task task_;
};

}  // namespace

const Layout kTipCacheLayout = {"tip_cache", kTipCacheParameters,
                                [](const Parameters& parameters) { return TipCacheLoader(parameters).load(); }};

}  // namespace trefoil::data
