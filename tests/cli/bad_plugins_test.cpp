// Every way in which a plugin can be wrong: exit code 3, and a message that names the file and the cure.
#include "support/catch.h"
#include "support/files.h"
#include "support/problem.h"
#include "support/process.h"
#include "trefoil/descriptor.h"

using namespace tests;

namespace {

// Runs the small experiment with a folder of bad plugins on the search path.
Outcome run_with(const std::string& bad_folder, const std::vector<std::string>& settings) {
  const TemporaryFolder folder;
  std::vector<std::string> arguments = {write_small_experiment(folder.path()).string(), "--out",
                                        (folder / "runs").string()};
  for (const std::string& setting : settings) {
    arguments.push_back("--set");
    arguments.push_back(setting);
  }
  return run_runner(arguments, {"TREFOIL_PLUGIN_PATH=" + (bad_plugins_folder() / bad_folder).string()});
}

void refused(const std::string& bad_folder, const std::vector<std::string>& settings, const std::string& file,
             const std::string& reason) {
  const Outcome outcome = run_with(bad_folder, settings);
  CAPTURE(bad_folder, outcome.err);
  REQUIRE(outcome.exit_code == 3);
  REQUIRE(outcome.out.empty());
  REQUIRE_THAT(outcome.err, ContainsSubstring(file));
  REQUIRE_THAT(outcome.err, ContainsSubstring(reason));
}

std::vector<std::string> selector(const std::string& name) { return {"selector.plugin=" + name, "selector.q=3"}; }

std::vector<std::string> misbehaving(const std::string& how) {
  return {"selector.plugin=misbehaving", "selector.q=3", "selector.how=" + how};
}

std::vector<std::string> misbehaving_relation(const std::string& how) {
  return {"relation.plugin=misbehaving", "relation.how=" + how};
}

std::vector<std::string> misbehaving_adapter(const std::string& how) {
  return {"adapter.plugin=misbehaving", "adapter.how=" + how};
}

}  // namespace

TEST_CASE("a file that is no library", "[bad_plugins]") {
  refused("not_elf", selector("text"), "not_elf/text.so", "it is not an ELF file; remove the file");
}

TEST_CASE("what everybody may write to is not loaded", "[bad_plugins]") {
  using std::filesystem::perms;
  const TemporaryFolder folder;
  const std::filesystem::path plugins = folder / "plugins";
  std::filesystem::create_directory(plugins);
  std::filesystem::copy(bad_plugins_folder() / "good", plugins);
  const auto list = [&] { return run_runner({"plugins"}, {"TREFOIL_PLUGIN_PATH=" + plugins.string()}); };
  REQUIRE_THAT(list().out, ContainsSubstring("encoder/example"));

  std::filesystem::permissions(plugins, perms::others_write, std::filesystem::perm_options::add);
  const Outcome open_folder = list();
  REQUIRE_THAT(open_folder.out, !ContainsSubstring("encoder/example"));
  REQUIRE_THAT(open_folder.out + open_folder.err, ContainsSubstring("everybody may write to " + plugins.string()) &&
                                                      ContainsSubstring("chmod o-w " + plugins.string()));

  // A link to a library there is refused too.
  const std::filesystem::path links = folder / "links";
  std::filesystem::create_directory(links);
  for (const auto& file : std::filesystem::directory_iterator(plugins))
    std::filesystem::create_symlink(file.path(), links / file.path().filename());
  REQUIRE_THAT(run_runner({"plugins"}, {"TREFOIL_PLUGIN_PATH=" + links.string()}).out,
               !ContainsSubstring("encoder/example"));

  std::filesystem::permissions(plugins, perms::others_write, std::filesystem::perm_options::remove);
  REQUIRE_THAT(list().out, ContainsSubstring("encoder/example"));

  // Who can write to the folder above can put another folder in its place, unless it has the sticky bit, as /tmp has.
  std::filesystem::permissions(folder.path(), perms::others_write, std::filesystem::perm_options::add);
  REQUIRE_THAT(list().out + list().err,
               !ContainsSubstring("encoder/example") &&
                   ContainsSubstring("everybody may write to " + folder.path().string() + ","));
  std::filesystem::permissions(folder.path(), perms::sticky_bit, std::filesystem::perm_options::add);
  REQUIRE_THAT(list().out, ContainsSubstring("encoder/example"));
  std::filesystem::permissions(folder.path(), perms::others_write, std::filesystem::perm_options::remove);

  for (const auto& file : std::filesystem::directory_iterator(plugins))
    std::filesystem::permissions(file, perms::others_write, std::filesystem::perm_options::add);
  REQUIRE_THAT(list().out, !ContainsSubstring("encoder/example"));
}

TEST_CASE("a library without a descriptor", "[bad_plugins]") {
  refused("no_descriptor", selector("x"), "no_descriptor.so",
          "exports no plugin descriptor; end its source with TREFOIL_SELECTOR");
}

TEST_CASE("a plugin of an older ABI is refused before any of its code runs", "[bad_plugins]") {
  refused(
      "older_abi", selector("x"), "older_abi.so",
      "it was built for plugin ABI 0, but this runner has ABI " + std::to_string(TREFOIL_PLUGIN_ABI) + "; rebuild it");
}

TEST_CASE("a plugin built with another LibTorch: only that difference is named", "[bad_plugins]") {
  refused("other_build", selector("other_build"), "other_build.so", "it was built with LibTorch 0.4.1 (here ");
  REQUIRE_THAT(run_with("other_build", selector("other_build")).err, !ContainsSubstring("string ABI"));
}

TEST_CASE("a plugin that lacks a function names it", "[bad_plugins]") {
  refused("missing_symbol", selector("missing_symbol"), "missing_symbol.so", "function_of_another_library");
}

TEST_CASE("a plugin that declares a key of the host's", "[bad_plugins]") {
  refused("bad_parameters", selector("bad_parameters"), "bad_parameters.so",
          "its parameter 'q' is declared twice, or has the name of a key that belongs to Trefoil");
}

TEST_CASE("plugins that throw are quoted, with the place that names them", "[bad_plugins]") {
  refused("misbehaving", misbehaving("throws_in_create"), "misbehaving.so",
          "creating it failed: create does not like it");
  refused("misbehaving", misbehaving("throws"), "misbehaving.so", "score failed: score does not like it");
  refused("misbehaving", misbehaving("throws_int"), "misbehaving.so", "not a std::exception");
  refused("misbehaving", misbehaving("throws_torch"), "misbehaving.so", "mat1 and mat2");
  refused("misbehaving", misbehaving("throws"), "--set selector.plugin=misbehaving", "named at");
  refused("misbehaving", misbehaving("undeclared"), "misbehaving.so",
          "'nobody_declared_this' is used but not declared");
}

TEST_CASE("scores that are not scores", "[bad_plugins]") {
  refused("misbehaving", misbehaving("shape"), "misbehaving.so", "score it returned has the shape [33], expected [32]");
  refused("misbehaving", misbehaving("type"), "misbehaving.so", "score it returned has the type Long");
  refused("misbehaving", misbehaving("nan"), "misbehaving.so", "score it returned holds a NaN");
  refused("misbehaving", misbehaving("undefined"), "misbehaving.so", "score it returned is missing");
}

TEST_CASE("classifiers that are not classifiers", "[bad_plugins]") {
  const std::string file = "misbehaving_relation.so";
  refused("misbehaving_relation", misbehaving_relation("no_text"), file, "text it returned is missing");
  refused("misbehaving_relation", misbehaving_relation("keys"), file,
          "keys it returned has the shape [20, 32], expected [20, 1]");
  refused("misbehaving_relation", misbehaving_relation("labels"), file,
          "labels it returned holds an index that is not in 0 to 4");
  refused("misbehaving_relation", misbehaving_relation("values"), file, "values it returned has the shape [20, 1]");
  refused("misbehaving_relation", misbehaving_relation("infinite_weight"), file, "holds a NaN or an infinity");
  refused("misbehaving_relation", misbehaving_relation("logits_shape"), file,
          "logits it returned has the shape [60, 1], expected [60, 5]");
  refused("misbehaving_relation", misbehaving_relation("logits_nan"), file, "logits it returned holds a NaN");
  refused("misbehaving_relation", misbehaving_relation("logits_throw"), file, "logits failed: logits do not like it");
}

TEST_CASE("adaptations that are not valid", "[bad_plugins]") {
  const std::string file = "misbehaving_adapter.so";
  refused("misbehaving_adapter", misbehaving_adapter("throws"), file, "adapt failed: adapt does not like it");
  refused("misbehaving_adapter", misbehaving_adapter("no_text"), file, "text it returned is missing");
  refused("misbehaving_adapter", misbehaving_adapter("bias"), file, "bias it returned has the shape [1], expected [5]");
  refused("misbehaving_adapter", misbehaving_adapter("rows"), file, "there are no queries 59 to 60, but 60 in all");
  refused("misbehaving_adapter", misbehaving_adapter("logits_shape"), file,
          "logits it returned has the shape [60, 1], expected [60, 5]");
  refused("misbehaving_adapter", misbehaving_adapter("logits_nan"), file, "logits it returned holds a NaN");
  refused("misbehaving_adapter", misbehaving_adapter("logits_throw"), file, "logits failed: logits do not like it");
  refused("misbehaving_adapter", misbehaving_adapter("assumption"), file, "its assumption is not one line");
  refused("misbehaving_adapter", misbehaving_adapter("too_few"), file,
          "queries_per_class() returned 0, expected at least 1");
}

TEST_CASE("a plugin of the wrong kind says where it belongs", "[bad_plugins]") {
  refused("misbehaving_relation", selector("misbehaving"), "misbehaving_relation.so",
          "its kind is relation: use it in [relation]");
}

TEST_CASE("two plugins of one name are not chosen between", "[bad_plugins]") {
  refused("twins", selector("twin"), "twin_one.so", "remove one of them");
  refused("twins", selector("twin"), "twin_two.so", "there are two plugins with the name selector/twin");
}

TEST_CASE("bad plugins that nobody names do no harm, and are listed", "[bad_plugins]") {
  REQUIRE(run_with("twins", {}).exit_code == 0);
  REQUIRE(run_with("not_elf", {}).exit_code == 0);
  const Outcome list =
      run_runner({"plugins"}, {"TREFOIL_PLUGIN_PATH=" + (bad_plugins_folder() / "older_abi").string()});
  REQUIRE(list.exit_code == 0);
  REQUIRE_THAT(list.out, ContainsSubstring("refused") && ContainsSubstring("older_abi.so"));
}

TEST_CASE("a failed run says so in its directory, and leaves no half result", "[bad_plugins]") {
  const TemporaryFolder folder;
  const auto experiment = write_small_experiment(folder.path());
  const Outcome outcome =
      run_runner({experiment.string(), "--out", (folder / "runs").string(), "--json", "--set",
                  "relation.plugin=misbehaving", "--set", "relation.how=logits_nan"},
                 {"TREFOIL_PLUGIN_PATH=" + (bad_plugins_folder() / "misbehaving_relation").string()});
  REQUIRE(outcome.json().at("exit_code") == 3);
  std::size_t directories = 0;
  for (const auto& run : std::filesystem::directory_iterator(folder / "runs/small")) {
    ++directories;
    REQUIRE(nlohmann::json::parse(read(run.path() / "status.json")).at("state") == "failed");
    REQUIRE_THAT(read(run.path() / "log.txt"), ContainsSubstring("holds a NaN"));
    REQUIRE_FALSE(std::filesystem::exists(run.path() / "result.txt"));
    REQUIRE_FALSE(std::filesystem::exists(run.path() / "summary.json"));
    for (const auto& file : std::filesystem::directory_iterator(run.path())) {
      REQUIRE_THAT(file.path().string(), !ContainsSubstring("partial"));
    }
  }
  REQUIRE(directories == 1);  // and no `latest`
}
