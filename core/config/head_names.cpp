#include "config/head_names.h"

#include <algorithm>

#include "base/errors.h"
#include "base/suggestion.h"
#include "config/resolve.h"

namespace trefoil::config {

namespace {

class HeadNamesReader {
 public:
  HeadNamesReader(const runtime::PluginChoice* of_file, const runtime::Registry& registry, Diagnostics& diagnostics)
      : of_file_(of_file), registry_(registry), diagnostics_(diagnostics) {}

  std::vector<HeadCandidate> read(const Value& list) {
    if (list.array() == nullptr || list.array()->size() < 2) {
      diagnostics_.error(list.origin, "'head.plugin' in [search] must be a list of two or more heads",
                         "for example [\"residual\", \"whitened\"]; a single head belongs in [head]");
      return {};
    }
    for (const Value& name : *list.array()) add(name);
    if (of_file_ != nullptr && !has(of_file_->plugin->descriptor->name)) {
      diagnostics_.error(list.origin,
                         std::string("'head.plugin' in [search] does not list the head of [head], '") +
                             of_file_->plugin->descriptor->name + "'",
                         "add it to the list, or name a head of the list in [head]");
    }
    return std::move(candidates_);
  }

 private:
  bool has(const std::string& name) const {
    return std::any_of(candidates_.begin(), candidates_.end(), [&](const HeadCandidate& candidate) {
      return candidate.choice.plugin->descriptor->name == name;
    });
  }

  void add(const Value& name) {
    const runtime::LoadedPlugin* plugin =
        name.text() != nullptr ? registry_.find(PluginKind::head, *name.text()) : nullptr;
    if (plugin == nullptr) {
      const std::string word = name.text() != nullptr ? *name.text() : "";
      diagnostics_.error(
          name.origin,
          word.empty() ? "'head.plugin' is a list of names of heads" : "there is no head plugin '" + word + "'",
          base::suggestion(word, registry_.names(PluginKind::head), "known heads"));
      return;
    }
    if (has(*name.text())) {
      diagnostics_.error(name.origin, "'head.plugin' in [search] lists '" + *name.text() + "' twice", "remove one");
      return;
    }
    const bool is_of_file = of_file_ != nullptr && of_file_->plugin == plugin;
    runtime::PluginChoice choice = is_of_file ? *of_file_ : configure(*plugin, {}, name.origin.text());
    std::vector<SearchAxis> axes = declared_axes({"head", choice.declared.all()}, diagnostics_);
    candidates_.push_back({std::move(choice), std::move(axes)});
  }

  const runtime::PluginChoice* of_file_;
  const runtime::Registry& registry_;
  Diagnostics& diagnostics_;
  std::vector<HeadCandidate> candidates_;
};

}  // namespace

std::vector<HeadCandidate> read_head_names(const Value& list, const runtime::PluginChoice* of_file,
                                           const runtime::Registry& registry, Diagnostics& diagnostics) {
  return HeadNamesReader(of_file, registry, diagnostics).read(list);
}

}  // namespace trefoil::config
