#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/errors.h"
#include "base/text.h"
#include "commands.h"
#include "compute.h"
#include "config/resolve.h"
#include "conformance/conformance.h"
#include "json_line.h"
#include "runtime/library.h"

namespace runner {

namespace {

using namespace trefoil;
using conformance::RuleResult;
using conformance::Verdict;

const char* word_of(Verdict verdict) {
  if (verdict == Verdict::holds) return "ok";
  return verdict == Verdict::broken ? "broken" : "skipped";
}

runtime::LoadedPlugin load_file(const std::filesystem::path& file) {
  const auto loaded = runtime::load_library(std::filesystem::absolute(file));
  if (const auto* refusal = std::get_if<runtime::Refusal>(&loaded))
    throw PluginError(refusal->file.string() + ": " + refusal->reason);
  return std::get<runtime::LoadedPlugin>(loaded);
}

std::size_t count(const std::vector<RuleResult>& results, Verdict verdict) {
  return static_cast<std::size_t>(std::count_if(results.begin(), results.end(),
                                                [&](const RuleResult& result) { return result.verdict == verdict; }));
}

std::string name_of(const runtime::LoadedPlugin& plugin) {
  return std::string(runtime::kind_name(plugin.descriptor->kind)) + "/" + plugin.descriptor->name;
}

void print_json(const runtime::LoadedPlugin& plugin, const std::vector<RuleResult>& results) {
  Json rules = Json::array();
  for (const RuleResult& result : results)
    rules.push_back({{"rule", result.rule}, {"verdict", word_of(result.verdict)}, {"detail", result.detail}});
  fmt::print("{}\n", json_line(Json{{"plugin", name_of(plugin)},
                                    {"file", plugin.file.string()},
                                    {"holds", count(results, Verdict::broken) == 0},
                                    {"rules", rules}}));
}

void print_table(const runtime::LoadedPlugin& plugin, const std::vector<RuleResult>& results) {
  fmt::print("{} {}  {}\n", name_of(plugin), plugin.descriptor->version, plugin.file.string());
  for (const RuleResult& result : results) {
    fmt::print("{:<8} {}\n", word_of(result.verdict), result.rule);
    if (!result.detail.empty()) fmt::print("           {}\n", result.detail);
  }
  fmt::print("{}: {} broken, {} skipped\n", base::counted(results.size(), "rule"), count(results, Verdict::broken),
             count(results, Verdict::skipped));
}

}  // namespace

void check_plugin(const CheckOptions& options) {
  std::optional<runtime::Registry> registry;
  const bool is_file = std::filesystem::path(options.plugin).extension() == ".so";
  if (!is_file) registry.emplace(runtime::search_path({}));
  const runtime::LoadedPlugin plugin = is_file ? load_file(options.plugin) : find_plugin(*registry, options.plugin);
  const runtime::PluginChoice choice = config::configure(plugin, options.values, options.plugin);
  prepare_process();
  const std::vector<RuleResult> results = conformance::check_plugin(choice);
  if (options.json) {
    print_json(plugin, results);
  } else {
    print_table(plugin, results);
  }
  const std::size_t broken = count(results, Verdict::broken);
  if (broken > 0)
    throw FailedBehindResults(ExitCode::plugin, fmt::format("{} breaks {} of {}", name_of(plugin), broken,
                                                            base::counted(results.size(), "rule")));
}

}  // namespace runner
