#include "data/missing_images.h"

#include "data/support_set.h"

namespace trefoil::data {

void fill_missing_images(Task& task, const Parameters& parameters) {
  if (parameters.text("missing_images") != "text") return;
  const torch::Tensor missing = lacks_images(task.support);
  const std::int64_t images = task.support.image_count();
  const torch::Tensor& own_text = task.given_text.defined() ? task.given_text : task.support.text;
  const std::string note = fill_missing_images(task.support, (own_text != 0).any(1));
  if (!note.empty()) task.notes.push_back(note);
  if (task.support.image_count() > images) task.estimated = missing;
}

}  // namespace trefoil::data
