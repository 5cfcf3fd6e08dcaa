#include "command_tree.h"

#include <sstream>

namespace runner {

namespace {

// "TEXT:{cpu,cuda}" -> cpu, cuda. Empty when the type has no braces.
std::vector<std::string> choices_in(const std::string& type) {
  const std::size_t open = type.find('{');
  const std::size_t close = type.find('}');
  if (open == std::string::npos || close == std::string::npos) return {};
  std::istringstream words(type.substr(open + 1, close - open - 1));
  std::vector<std::string> choices;
  for (std::string word; std::getline(words, word, ',');) choices.push_back(word);
  return choices;
}

OptionText text_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  OptionText text;
  text.positional = option.get_positional();
  text.choices = choices_in(type);
  if (option.get_expected_max() > 0) text.value = type.substr(0, type.find_first_of(":{ "));
  if (text.value.empty() && !text.choices.empty()) text.value = "WORD";
  text.name = text.positional ? text.value : option.get_name();
  text.help = option.get_description();
  text.fallback = option.get_default_str();
  text.required = option.get_required();
  text.repeated = option.get_items_expected_max() > 1;
  return text;
}

void add(const CLI::App& app, const std::string& path, std::vector<CommandText>& tree) {
  CommandText command;
  command.path = path;
  command.help = app.get_description();
  for (const CLI::Option* option : app.get_options()) command.options.push_back(text_of(*option));
  const auto subcommands = app.get_subcommands([](const CLI::App*) { return true; });
  for (const CLI::App* subcommand : subcommands) command.subcommands.push_back(subcommand->get_name());
  tree.push_back(std::move(command));
  for (const CLI::App* subcommand : subcommands)
    add(*subcommand, path + (path.empty() ? "" : " ") + subcommand->get_name(), tree);
}

}  // namespace

std::vector<CommandText> command_tree(const CLI::App& app) {
  std::vector<CommandText> tree;
  add(app, "", tree);
  return tree;
}

}  // namespace runner
