// Runs for tests of their comparison: as values, and as directories.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "report/collect.h"
#include "support/files.h"

namespace tests {

// A done run with these settings and this accuracy.
trefoil::report::Run made_run(const std::map<std::string, std::string>& settings, double top1,
                              const std::string& seed = "1");

trefoil::report::Run failed_run(const std::map<std::string, std::string>& settings, const std::string& error);

// A directory as a done run leaves it, in `folder`. Its summary.json is this text.
std::filesystem::path write_run(const TemporaryFolder& folder, const std::string& name, const std::string& config,
                                const std::string& summary);

}  // namespace tests
