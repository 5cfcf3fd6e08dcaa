// Collect: reads run directories.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace trefoil::report {

// A measure of neural collapse, before and after training.
struct CollapseMeasure {
  std::string name;  // "support nc1_within"
  double before = 0;
  double after = 0;
};

// Which program made the run, where, and from which data. Empty when the run ended before it wrote this.
struct Provenance {
  std::vector<std::string> command_line;
  std::string working_directory;
  std::string trefoil;
  std::string revision;
  std::string libtorch;
  std::string host;
  std::string device;
  std::string time;
  std::string data_sha256;
};

struct Run {
  std::filesystem::path directory;
  std::string status;                           // see RunState
  std::string error;                            // why it is not done, as far as it is known
  std::string variant;                          // the name of an ablation; "" for none
  std::map<std::string, std::string> settings;  // "selector.q" -> "256", as TOML
  std::map<std::string, double> metrics;        // "test.top1" -> 91.93; this and the next three of a done run only
  std::map<std::string, std::string> chosen;    // "relation.alpha" -> "4.0": by the search, or by the file
  std::map<std::string, double> seconds;        // by stage
  std::vector<std::string> warnings;
  std::string page;  // to look at: "report.html", else "log.txt"; "" without either
  std::vector<CollapseMeasure> collapse;
  Provenance provenance;

  bool done() const { return status == "done"; }
  std::string setting(const std::string& key) const;  // "" when it is not set
};

// Reads run directories, in the order given. `variants` names the ablation of some of them. A run that is not done must
// have status.json, and may lack all other files. A run with a missing or damaged file is "damaged" and has no metrics;
// it does not stop the others. Throws DataError when there is no status.json.
std::vector<Run> collect(const std::vector<std::filesystem::path>& directories,
                         const std::map<std::filesystem::path, std::string>& variants = {});

}  // namespace trefoil::report
