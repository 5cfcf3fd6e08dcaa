// runner: few-shot experiments from TOML files.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>

#include "base/errors.h"
#include "command_line.h"
#include "completion.h"
#include "json_line.h"
#include "man_page.h"

namespace {

using runner::CommandLine;

void execute(CommandLine& line) {
  if (line.predict_command->parsed()) {
    runner::predict(line.predict);
  } else if (line.job_command->parsed()) {
    runner::job(line.job);
  } else if (line.report_command->parsed()) {
    runner::report(line.report);
  } else if (line.status_command->parsed()) {
    runner::sweep_status(line.sweep);
  } else if (line.cancel_command->parsed()) {
    runner::sweep_cancel(line.sweep);
  } else if (line.encode_command->parsed()) {
    runner::encode(line.encode);
  } else if (line.show_command->parsed()) {
    runner::show(line.show);
  } else if (line.check_command->parsed()) {
    runner::check_plugin(line.check);
  } else if (line.completion_command->parsed()) {
    const auto tree = runner::command_tree(line.app);
    fmt::print("{}", line.shell == "bash" ? runner::bash_completion(tree) : runner::zsh_completion(tree));
  } else if (line.man_command->parsed()) {
    fmt::print("{}", runner::man_page(runner::command_tree(line.app), line.app.get_footer()));
  } else if (line.plugins_command->parsed()) {
    runner::list_plugins(line.plugins);
  } else {
    runner::run(line.run);
  }
}

int tell(trefoil::ExitCode code, const std::string& message) {
  // Messages with a place in a file say "error" themselves, behind the place.
  const bool says_error = message.substr(0, message.find('\n')).find("error: ") != std::string::npos;
  std::fputs(((says_error ? "" : "error: ") + message + "\n").c_str(), stderr);
  return static_cast<int>(code);
}

// Never throws: it is what is left to do when something else has thrown.
int report(const CommandLine& line, trefoil::ExitCode code, const std::string& message) {
  if (line.json()) {
    const nlohmann::ordered_json json = {{"error", message}, {"exit_code", static_cast<int>(code)}};
    std::fputs((runner::json_line(json) + "\n").c_str(), stdout);
  }
  return tell(code, message);
}

// A command reads its own options only; one that stands before it would be lost in silence.
void refuse_misplaced_options(const CommandLine& line) {
  const CLI::App* app = &line.app;
  for (; !app->get_subcommands().empty(); app = app->get_subcommands().front()) {
    for (const CLI::Option* option : app->get_options()) {
      if (option->count() > 0) {
        throw CLI::ValidationError(option->get_name(),
                                   "write it behind '" + app->get_subcommands().front()->get_name() + "'");
      }
    }
  }
}

// What a command prints is lost on a full disk or a closed pipe; its exit code must tell.
int finished() {
  if (std::fflush(stdout) == 0) return 0;
  std::fputs("error: the result could not be written to stdout\n", stderr);
  return static_cast<int>(trefoil::ExitCode::failed);
}

}  // namespace

int main(int argc, char** argv) {
  CommandLine line;
  runner::declare(line);
  try {
    line.app.parse(argc, argv);
    refuse_misplaced_options(line);
  } catch (const CLI::ParseError& error) {
    return line.app.exit(error) == 0 ? 0 : static_cast<int>(trefoil::ExitCode::configuration);
  }
  if (line.run.experiment.empty() && line.app.get_subcommands().empty()) {
    fmt::print("{}", line.app.help());
    return static_cast<int>(trefoil::ExitCode::configuration);
  }
  line.run.command_line.assign(argv, argv + argc);
  line.job.command_line = line.run.command_line;
  try {
    execute(line);
    return finished();
  } catch (const runner::FailedBehindResults& error) {
    return tell(error.code(), error.what());
  } catch (const trefoil::Error& error) {
    return report(line, error.code(), error.what());
  } catch (const std::exception& error) {
    return report(line, trefoil::ExitCode::failed, error.what());
  } catch (...) {
    return report(line, trefoil::ExitCode::failed, "something was thrown that is not an exception");
  }
}
