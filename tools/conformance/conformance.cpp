#include "conformance/conformance.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>

#include "conformance/kinds.h"

namespace trefoil::conformance {

namespace {

// Returns whether a name needs no quotes in an experiment file, like "text_variance".
bool is_plain_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char letter) {
    return std::islower(letter) != 0 || std::isdigit(letter) != 0 || letter == '_';
  });
}

bool is_one_line(std::string_view text) { return !text.empty() && text.find('\n') == std::string_view::npos; }

void check_descriptor(const Subject& subject) {
  const PluginDescriptor& descriptor = subject.descriptor();
  require(is_plain_name(descriptor.name),
          "the name '" + std::string(descriptor.name) + "' must consist of lower-case letters, digits and underscores");
  require(is_one_line(descriptor.version), "the version is empty: write \"1.0.0\"");
  require(is_one_line(descriptor.summary), "the summary must be one line");
  std::set<std::string> names;
  for (const Parameter& declared : subject.declared()) {
    const std::string name = declared.name;
    require(is_plain_name(name),
            "the parameter name '" + name + "' must consist of lower-case letters, digits and underscores");
    require(names.insert(name).second, "the parameter '" + name + "' is declared twice");
    require(is_one_line(declared.help), "the help text of the parameter '" + name + "' must be one line");
  }
}

}  // namespace

std::vector<RuleResult> check_plugin(const runtime::PluginChoice& plugin) {
  const Subject subject{plugin};
  Rules rules;
  rules.check("has valid names and help texts", [&] { check_descriptor(subject); });
  switch (subject.descriptor().kind) {
    case PluginKind::encoder:
      check_encoder(subject, rules);
      break;
    case PluginKind::selector:
      check_selector(subject, rules);
      break;
    case PluginKind::relation:
      check_relation(subject, rules);
      break;
    case PluginKind::head:
      check_head(subject, rules);
      break;
    case PluginKind::adapter:
      check_adapter(subject, rules);
      break;
  }
  return rules.take();
}

}  // namespace trefoil::conformance
