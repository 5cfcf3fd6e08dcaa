#include "run/transduction.h"

#include <fmt/format.h>

#include "base/text.h"

namespace trefoil::run {

namespace {

std::string note_of(const Transduction& transduction) {
  return fmt::format("predictions depend on all {} together", base::counted(transduction.queries, "test image"));
}

double mean_per_class(const Transduction& transduction) {
  return static_cast<double>(transduction.queries) / static_cast<double>(transduction.classes);
}

}  // namespace

Transduction transduction_of(const pipeline::AdapterStage& adapter, const data::Queries& queries,
                             std::int64_t classes) {
  return {adapter.name(), adapter.assumption(),
          queries.count() - static_cast<std::int64_t>(queries.unreadable().size()), classes,
          adapter.queries_per_class()};
}

void log_transduction(const Transduction& transduction, runtime::Observer& observer) {
  const std::string assumes =
      transduction.assumption.empty() ? "" : ", which assumes that " + transduction.assumption + " among them";
  observer.log(LogLevel::warning,
               fmt::format("transductive: {} (adapter {}{})", note_of(transduction), transduction.adapter, assumes));
  if (mean_per_class(transduction) >= static_cast<double>(transduction.queries_per_class)) return;
  observer.log(LogLevel::warning,
               fmt::format("adapter {}: there are {} for {}, {:.1f} for each class on average; with fewer than {}, "
                           "adapting is more likely to lower the accuracy than to raise it",
                           transduction.adapter, base::counted(transduction.queries, "test image"),
                           base::counted(transduction.classes, "class"), mean_per_class(transduction),
                           transduction.queries_per_class));
}

void to_json(nlohmann::ordered_json& json, const Transduction& transduction) {
  json = {{"plugin", transduction.adapter}, {"transductive", note_of(transduction)}};
  if (!transduction.assumption.empty()) json["assumes"] = transduction.assumption;
}

}  // namespace trefoil::run
