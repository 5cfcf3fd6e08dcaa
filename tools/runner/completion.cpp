#include "completion.h"

#include <fmt/format.h>

#include <algorithm>

namespace runner {

namespace {

bool is_folder(const OptionText& option) { return option.value.find("DIR") != std::string::npos; }

// Whether the value cannot be completed, because only the user knows it.
bool is_free(const OptionText& option) {
  return option.choices.empty() && (option.value == "K=V" || option.value == "NAME" || option.value == "UINT" ||
                                    option.value == "INT" || option.value == "I/N");
}

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, " ")); }

// Returns the words that may follow the command: its subcommands and its options.
std::string words_of(const CommandText& command) {
  std::vector<std::string> words = command.subcommands;
  for (const OptionText& option : command.options) {
    if (!option.positional) words.push_back(option.name);
  }
  return joined(words);
}

// Returns a bash command that completes the value of an option or of a positional argument.
std::string bash_values(const OptionText& option) {
  if (!option.choices.empty()) return fmt::format("_runner_words '{}'", joined(option.choices));
  if (is_free(option)) return ":";
  return is_folder(option) ? "_runner_files -d" : "_runner_files -f";
}

// Escapes a text for single quotes in a call of zsh's _arguments, which needs brackets and colons escaped.
std::string zsh_text(const std::string& text) {
  std::string escaped;
  for (const char letter : text) {
    if (letter == '[' || letter == ']' || letter == ':' || letter == '\\') escaped += '\\';
    escaped += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  }
  return escaped;
}

std::string zsh_action(const OptionText& option) {
  if (!option.choices.empty()) return "(" + joined(option.choices) + ")";
  if (is_free(option)) return " ";
  return is_folder(option) ? "_files -/" : "_files";
}

std::string zsh_argument(const OptionText& option) {
  const std::string value = zsh_text(option.value) + ":" + zsh_action(option);
  if (option.positional) return fmt::format("'{}:{}'", option.repeated ? "*" : "", value);
  return fmt::format("'{}{}[{}]{}'", option.repeated ? "*" : "", option.name, zsh_text(option.help),
                     option.value.empty() ? "" : ":" + value);
}

// "plugins check" -> "_runner_plugins_check"
std::string zsh_function(const std::string& path) {
  std::string name = path.empty() ? "_runner" : "_runner_" + path;
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

}  // namespace

std::string bash_completion(const std::vector<CommandText>& tree) {
  std::string commands;
  std::string values;
  std::string words;
  for (const CommandText& command : tree) {
    if (!command.path.empty()) {
      const std::size_t space = command.path.rfind(' ');
      const std::string parent = space == std::string::npos ? "" : command.path.substr(0, space);
      commands += fmt::format("      '{}/{}') command='{}' ;;\n", parent,
                              command.path.substr(space == std::string::npos ? 0 : space + 1), command.path);
    }
    std::string positional = "_runner_files -f";
    for (const OptionText& option : command.options) {
      if (option.positional) {
        positional = bash_values(option);
      } else if (!option.value.empty()) {
        values += fmt::format("    '{}/{}') {}; return ;;\n", command.path, option.name, bash_values(option));
      }
    }
    words += fmt::format("    '{}') _runner_words '{}' || {} ;;\n", command.path, words_of(command), positional);
  }
  return fmt::format(
      R"(# Completion of runner for bash: source this file, or install it as bash-completion/completions/runner.
_runner_words() {{
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word")
  ((${{#COMPREPLY[@]}} > 0))
}}
_runner_files() {{
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen "$1" -- "$word")
}}
_runner() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}} command='' i
  COMPREPLY=()
  if [[ $word == = ]]; then word=''; elif [[ $before == = ]]; then before=${{COMP_WORDS[COMP_CWORD - 2]}}; fi # --device=cpu
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$command/${{COMP_WORDS[i]}}" in
{}    esac
  done
  case "$command/$before" in
{}  esac
  case "$command" in
{}  esac
}}
complete -F _runner runner
)",
      commands, values, words);
}

std::string zsh_completion(const std::vector<CommandText>& tree) {
  std::string text =
      "#compdef runner\n# Completion of runner for zsh: put this file into a folder of $fpath, as _runner.\n";
  for (const CommandText& command : tree) {
    text += fmt::format("\n{}() {{\n  local -a arguments=(\n", zsh_function(command.path));
    for (const OptionText& option : command.options) {
      if (!option.positional || command.subcommands.empty()) text += "    " + zsh_argument(option) + "\n";
    }
    if (command.subcommands.empty()) {
      text += "  )\n  _arguments -s \"${arguments[@]}\"\n}\n";
      continue;
    }
    text += "    '1: :->first'\n    '*:: :->rest'\n  )\n  local state line curcontext=$curcontext\n";
    text += "  _arguments -C -s \"${arguments[@]}\"\n  case $state in\n    first)\n";
    text += fmt::format("      compadd {}\n      _files ;;\n    rest)\n      case $line[1] in\n",
                        joined(command.subcommands));
    for (const std::string& subcommand : command.subcommands) {
      const std::string path = command.path + (command.path.empty() ? "" : " ") + subcommand;
      text += fmt::format("        {}) {} ;;\n", subcommand, zsh_function(path));
    }
    text += "        *) _files ;;\n      esac ;;\n  esac\n}\n";
  }
  return text + "\n_runner \"$@\"\n";
}

}  // namespace runner
