#include "man_page.h"

#include <fmt/format.h>

#include "trefoil/version.h"

namespace runner {

namespace {

// Escapes what man would read as a command or as a hyphen.
std::string plain(const std::string& text) {
  std::string escaped;
  for (const char letter : text) {
    if (letter == '\\') {
      escaped += "\\e";
    } else if (letter == '-') {
      escaped += "\\-";
    } else {
      escaped += letter;
    }
  }
  const bool looks_like_command = !text.empty() && (text.front() == '.' || text.front() == '\'');
  return (looks_like_command ? "\\&" : "") + escaped;
}

std::string bold(const std::string& text) { return "\\fB" + plain(text) + "\\fR"; }
std::string italic(const std::string& text) { return "\\fI" + plain(text) + "\\fR"; }

// "[--set K=V]…"
std::string usage_of(const OptionText& option) {
  std::string text = option.positional ? italic(option.value) : bold(option.name);
  if (!option.positional && !option.value.empty()) text += " " + italic(option.value);
  if (!option.required) text = "[" + text + "]";
  return text + (option.repeated ? "..." : "");
}

std::string synopsis_of(const CommandText& command) {
  std::string text = ".B runner" + (command.path.empty() ? "" : " " + plain(command.path)) + "\n";
  for (const OptionText& option : command.options) text += usage_of(option) + "\n";
  return text + ".br\n";
}

std::string section_of(const CommandText& command) {
  std::string text =
      command.path.empty() ? "" : fmt::format(".SS runner {}\n{}.\n", plain(command.path), plain(command.help));
  for (const OptionText& option : command.options) {
    if (option.help.empty()) continue;
    text += ".TP\n" + (option.positional ? italic(option.value) : bold(option.name));
    if (!option.positional && !option.value.empty()) text += " " + italic(option.value);
    text += "\n" + plain(option.help);
    if (!option.choices.empty())
      text += fmt::format(" ({})", plain(fmt::format("{}", fmt::join(option.choices, ", "))));
    if (!option.fallback.empty()) text += fmt::format(" (default: {})", plain(option.fallback));
    text += ".\n";
  }
  return text;
}

// Turns each line into a paragraph.
std::string paragraphs(const std::string& text) {
  std::string result = plain(text);
  for (std::size_t at = 0; (at = result.find('\n', at)) != std::string::npos; at += 5) result.replace(at, 1, "\n.PP\n");
  return result + "\n";
}

}  // namespace

std::string man_page(const std::vector<CommandText>& tree, const std::string& footer) {
  const CommandText& program = tree.front();
  std::string text = fmt::format(".TH RUNNER 1 \"\" \"Trefoil {}\" \"Trefoil\"\n", TREFOIL_VERSION);
  text +=
      ".SH NAME\nrunner \\- few\\-shot image classification experiments, declared in TOML\n.SH SYNOPSIS\n.nh\n.ad l\n";
  for (const CommandText& command : tree) {
    if (command.subcommands.empty() || command.path.empty() || command.path == "plugins") text += synopsis_of(command);
  }
  text += ".SH DESCRIPTION\n" + plain(program.help) + "\n.SH OPTIONS\n" + section_of(program) + ".SH COMMANDS\n";
  for (std::size_t i = 1; i < tree.size(); ++i) text += section_of(tree[i]);
  text += ".SH NOTES\n" + paragraphs(footer);
  text += ".SH ENVIRONMENT\n.TP\n.B TREFOIL_PLUGIN_PATH\nPlugin folders, separated by colons.\n";
  text += ".SH FILES\n.TP\n.I ~/.config/trefoil/launcher.toml\nThe keys of [launcher] for all sweeps of a user.\n";
  return text;
}

}  // namespace runner
