// The layout tip_cache: folders that the code of Tip-Adapter or APE has written.
#include <ATen/ops/eye.h>
#include <ATen/ops/tensor.h>

#include <map>

#include "base/errors.h"
#include "data/layout.h"
#include "formats/npy_writer.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/layouts.h"
#include "support/torch_files.h"

using namespace tests;
using namespace trefoil::data;

namespace {

// Writes a matrix as torch.save does.
void write_matrix(const std::filesystem::path& path, const torch::Tensor& matrix) {
  const torch::Tensor stored = matrix.to(torch::kFloat).contiguous();
  std::vector<std::int64_t> strides(stored.strides().begin(), stored.strides().end());
  const std::string tensor = pickle::tensor(pickle::storage("FloatStorage", "0", stored.numel()), 0,
                                            {stored.sizes().begin(), stored.sizes().end()}, strides);
  std::vector<float> numbers(stored.data_ptr<float>(), stored.data_ptr<float>() + stored.numel());
  write_zip(path, {{"archive/data.pkl", pickle::whole(tensor)}, {"archive/data/0", float_bytes(numbers)}});
}

// Three classes of two images, D = 4. The features of class i are near the unit vector i.
struct Cache {
  Cache() {
    torch::Tensor images = torch::eye(4).index_select(0, labels);
    images.select(1, 3).fill_(0.5);
    write_matrix(folder / "keys_2shots.pt", images.t());
    write_matrix(folder / "values_2shots.pt", torch::eye(3).index_select(0, labels));
    write_matrix(folder / "test_f.pt", images);
    write_matrix(folder / "test_l.pt", labels);
  }

  Task load(const std::string& text_file = "") const {
    const LayoutValues values = {{"root", folder.path().string()}, {"shots", std::int64_t{2}}, {"text", text_file}};
    return find_layout("tip_cache")->load(layout_parameters("tip_cache", values), /*seed=*/1);
  }

  TemporaryFolder folder;
  torch::Tensor labels = torch::tensor({0, 0, 1, 1, 2, 2}, torch::kLong);
  torch::Tensor text = torch::eye(4).slice(0, 0, 3);  // [C, D]
};

}  // namespace

TEST_CASE("a Tip-Adapter cache is read, and its text is estimated", "[data]") {
  const Cache cache;
  const Task task = cache.load();
  REQUIRE(task.support.labels.equal(cache.labels));
  REQUIRE(task.support.width() == 4);
  REQUIRE(task.query->count() == 6);
  REQUIRE(task.given_text.defined());
  REQUIRE(task.notes.size() == 1);
}

TEST_CASE("the text of an APE folder is found, and is stored as [D, C]", "[data]") {
  const Cache cache;
  write_matrix(cache.folder / "text_weights_cupl_t.pt", cache.text.t());
  REQUIRE(cache.load().support.text.equal(cache.text));
  REQUIRE(cache.load("text_weights_cupl_t.pt").support.text.equal(cache.text));
  REQUIRE(cache.load().notes.empty());
  write_matrix(cache.folder / "text_weights_template.pt", cache.text.t());
  REQUIRE_THROWS_WITH(cache.load(), ContainsSubstring("text_weights_cupl_t.pt and text_weights_template.pt"));
}

TEST_CASE("an array of the text is [C, D], and a transposed one is refused", "[data]") {
  const Cache cache;
  trefoil::formats::write_npy(cache.folder / "text.npy", cache.text);
  REQUIRE(cache.load("text.npy").support.text.equal(cache.text));
  trefoil::formats::write_npy(cache.folder / "text_t.npy", cache.text.t().contiguous());
  REQUIRE_THROWS_WITH(cache.load("text_t.npy"), ContainsSubstring("text_t.npy: it looks transposed"));
  write_matrix(cache.folder / "text_cd.pt", cache.text);
  REQUIRE_THROWS_WITH(cache.load("text_cd.pt"), ContainsSubstring("text_cd.pt: it looks transposed"));
}
