// layout = "features": features that are already encoded, in .npy, .safetensors or .pt files.
#include "base/errors.h"
#include "base/text.h"
#include "data/checked.h"
#include "data/class_names.h"
#include "data/layouts.h"
#include "data/missing_images.h"
#include "data/row_choice.h"
#include "data/support_set.h"

namespace trefoil::data {

namespace {

const std::vector<Parameter> kFeaturesParameters = {
    parameter::path("root", ".", "folder that the other paths are relative to"),
    parameter::required(parameter::text("text", "", "file of text features [C, D], one row per class")),
    parameter::required(parameter::text("support", "", "file of support features [M, D]")),
    parameter::required(parameter::text("support_labels", "", "file of the support labels [M]")),
    parameter::text("query", "",
                    "file of query features [N, D]; \"\": the support rows that are not among the K of each class"),
    parameter::text("query_labels", "", "file of the query labels [N]; \"\": no metrics are computed"),
    parameter::text("val", "", "file of validation features"),
    parameter::text("val_labels", "", "file of the validation labels"),
    parameter::text("class_names", "", "text file with one class name per line"),
    parameter::integer("shots", 0, {0, 1e9}, "number of support rows of each class (K); 0: all"),
    parameter::integer("skip", 0, {0, 1e9},
                       "support rows of each class to leave out before the K; other values give disjoint supports"),
    kChooseRows,
    parameter::choice(
        "missing_text", "error|class_mean",
        "what to do when a text row is all zeros: report an error, or estimate the text feature from the mean "
        "image of the class"),
    kMissingImages,
};

class FeaturesLoader {
 public:
  FeaturesLoader(const Parameters& parameters, std::uint64_t seed)
      : parameters_(parameters), seed_(seed), root_(parameters.text("root")) {}

  Task load() {
    load_support();
    task_.query = is_set("query") ? queries("query", "query_labels") : left_over_queries();
    if (is_set("val") != is_set("val_labels")) {
      throw Error(ExitCode::configuration, "'data.val' and 'data.val_labels' need each other: set both, or neither");
    }
    if (is_set("val")) task_.validation = queries("val", "val_labels");
    return std::move(task_);
  }

 private:
  bool is_set(const char* key) const { return !parameters_.text(key).empty(); }
  std::filesystem::path path(const char* key) const { return root_ / parameters_.text(key); }

  std::unique_ptr<formats::Array> open(const char* key) {
    task_.files.push_back(formats::array_file(path(key)));
    return formats::open_array(path(key));
  }

  void load_support() {
    const auto text = open("text");
    const auto support = open("support");
    require_features(*support, -1, path("support"));
    require_features(*text, -1, path("text"));
    // A matrix of texts with D rows is probably [D, C], and is refused unless it is square.
    if (text->rows() == support->shape()[1]) require_features(*text, text->rows(), path("text"));
    const std::int64_t class_count = text->rows();
    const std::int64_t width = text->shape()[1];
    if (class_count < 1) throw DataError(path("text").string() + ": it has no classes");
    task_.class_names =
        is_set("class_names") ? read_class_names(path("class_names"), class_count) : numbered_class_names(class_count);
    if (is_set("class_names")) task_.files.push_back(path("class_names"));

    const auto labels = open("support_labels");
    require_features(*support, width, path("support"));
    require_labels(*labels, support->rows(), class_count, path("support_labels"));
    ShotCandidates rows;
    rows.text = checked_features(text->read_all(), ZeroRows::keep, 0, path("text"));
    rows.features = checked_features(support->read_all(), ZeroRows::refuse, 0, path("support"));
    rows.labels = checked_labels(labels->read_all(), class_count, 0, path("support_labels"));
    const std::int64_t skip = parameters_.integer("skip");
    if (skip > 0 || parameters_.text("choose") != "first") {
      chosen_ = left_over(rows.labels, class_count, skip);
      if (chosen_.numel() == 0) {
        throw DataError(path("support").string() + ": data.skip = " + std::to_string(skip) +
                        " leaves no support rows; no class has more");
      }
      ShotCandidates candidates = rows;
      keep_rows(candidates, chosen_);
      chosen_ = chosen_.index_select(0, chosen_rows(candidates, parameters_, seed_));
      keep_rows(rows, chosen_);
    }
    task_.support = make_support(rows.text, rows.features, rows.labels, parameters_.integer("shots"));
    fill_gaps();
    fill_missing_images(task_, parameters_);
  }

  void fill_gaps() {
    const std::vector<std::int64_t> without = classes_without_text(task_.support);
    if (without.empty()) return;
    if (parameters_.text("missing_text") == "error") {
      throw DataError(path("text").string() + ": row " + std::to_string(without.front()) + " is all zeros (" +
                      base::counted(without.size(), "zero row") +
                      " in all); if the class has no text, set data.missing_text = \"class_mean\"");
    }
    task_.given_text = task_.support.text;
    task_.notes.push_back(fill_missing_text(task_.support, task_.class_names));
  }

  // Returns the rows of the support file that are not in the support, in the order of the file.
  std::shared_ptr<const Queries> left_over_queries() {
    if (parameters_.integer("shots") == 0 || is_set("query_labels")) {
      throw Error(
          ExitCode::configuration,
          "without 'data.query', the queries are the support rows that are not among the 'data.shots' of each class: "
          "set data.shots, and remove data.query_labels");
    }
    const torch::Tensor labels = checked_labels(formats::open_array(path("support_labels"))->read_all(),
                                                task_.support.class_count(), 0, path("support_labels"));
    const torch::Tensor rows = chosen_.defined()
                                   ? other_rows(chosen_, labels.size(0))
                                   : left_over(labels, task_.support.class_count(), parameters_.integer("shots"));
    QueryNames names;
    names.rows.assign(rows.data_ptr<std::int64_t>(), rows.data_ptr<std::int64_t>() + rows.numel());
    return std::make_shared<Queries>(
        formats::array_of(formats::open_array(path("support"))->read_all().index_select(0, rows)), path("support"),
        formats::array_of(labels.index_select(0, rows)), path("support_labels"), task_.support.width(),
        task_.support.class_count(), std::move(names));
  }

  std::shared_ptr<const Queries> queries(const char* key, const char* labels_key) {
    std::shared_ptr<const formats::Array> features = open(key);
    std::shared_ptr<const formats::Array> labels = is_set(labels_key) ? open(labels_key) : nullptr;
    return std::make_shared<Queries>(features, path(key), labels, path(labels_key), task_.support.width(),
                                     task_.support.class_count());
  }

  const Parameters& parameters_;
  std::uint64_t seed_;
  std::filesystem::path root_;
  torch::Tensor chosen_;  // rows of the support file; undefined: the first ones of each class
  Task task_;
};

}  // namespace

const Layout kFeaturesLayout = {"features", kFeaturesParameters, [](const Parameters& parameters, std::uint64_t seed) {
                                  return FeaturesLoader(parameters, seed).load();
                                }};

}  // namespace trefoil::data
