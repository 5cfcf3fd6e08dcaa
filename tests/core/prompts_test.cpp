#include "data/prompts.h"

#include "base/errors.h"
#include "config/settings.h"
#include "support/catch.h"
#include "support/files.h"

using namespace tests;
using namespace trefoil::data;
using trefoil::DataError;

namespace {

using Words = std::vector<std::string>;
using Sentences = std::vector<Words>;  // of each class

const std::vector<ClassEntry> kAnimals = {{"Animal_Bear", "Bear", "Animal"},
                                          {"Thu-dog_Shiba_Dog", "Shiba Dog", "Thu-dog"},
                                          {"Animal_Polar_Bear", "Polar Bear", "Animal"},
                                          {"caf\xC3\xA9", "caf\xC3\xA9", ""}};

// The prompts of the classes above, from files with these texts.
Prompts prompts_of(const TemporaryFolder& folder, const Words& templates, const Words& jsons) {
  PromptSources sources{templates, {}};
  for (const std::string& json : jsons) {
    sources.files.push_back(folder.write("prompts" + std::to_string(sources.files.size()) + ".json", json));
  }
  return make_prompts(kAnimals, sources);
}

// The prompts of the classes from one file. Without the file each class has the prompt "-".
Sentences said_by(const std::string& json) {
  const TemporaryFolder folder;
  const Prompts prompts = prompts_of(folder, {},
                                     {R"({"Bear": "-", "Shiba Dog": "-", "Polar Bear": "-", "caf)"
                                      "\xC3\xA9"
                                      R"(": "-"})",
                                      json});
  Sentences said;
  for (const Words& sentences : prompts.of_class) {
    REQUIRE(sentences.at(0) == "-");
    said.emplace_back(sentences.begin() + 1, sentences.end());
  }
  return said;
}

void require_refused_prompts(const std::string& json, const std::string& why) {
  const TemporaryFolder folder;
  const std::string file = (folder / "prompts0.json").string();
  REQUIRE_THROWS_AS(prompts_of(folder, {"{}"}, {json}), DataError);
  REQUIRE_THROWS_WITH(prompts_of(folder, {"{}"}, {json}), ContainsSubstring(file + ": ") && ContainsSubstring(why));
}

}  // namespace

TEST_CASE("templates are filled with the readable class name, in their order", "[dataset]") {
  const Prompts prompts = make_prompts(kAnimals, {{"a photo of a {}.", "{}: the {}"}, {}});
  REQUIRE(prompts.of_class == Sentences{{"a photo of a Bear.", "Bear: the Bear"},
                                        {"a photo of a Shiba Dog.", "Shiba Dog: the Shiba Dog"},
                                        {"a photo of a Polar Bear.", "Polar Bear: the Polar Bear"},
                                        {"a photo of a caf\xC3\xA9.", "caf\xC3\xA9: the caf\xC3\xA9"}});
  REQUIRE(prompts.notes.empty());
  REQUIRE(make_prompts({{"a", "x {} y", ""}}, {{"{}{}"}, {}}).of_class == Sentences{{"x {} yx {} y"}});
}

TEST_CASE("what [prompts] leaves out is one template and no file", "[dataset]") {
  trefoil::Parameters::Values values;
  for (const auto& declared : prompt_parameters()) values[declared.name] = trefoil::config::default_value(declared);
  REQUIRE(prompt_sources(trefoil::Parameters(values)).templates == Words{"a photo of a {}."});
  REQUIRE(prompt_sources(trefoil::Parameters(values)).files.empty());
  values["templates"] = Words{"a {}", "the {}"};
  values["files"] = Words{"/a.json", "/b.json"};
  const PromptSources sources = prompt_sources(trefoil::Parameters(values));
  REQUIRE(sources.templates == Words{"a {}", "the {}"});
  REQUIRE(sources.files == std::vector<std::filesystem::path>{"/a.json", "/b.json"});
}

TEST_CASE("a template without a place for the class name is refused", "[dataset]") {
  REQUIRE_THROWS_AS(make_prompts(kAnimals, {{"a {}", "a photo"}, {}}), DataError);
  REQUIRE_THROWS_WITH(make_prompts(kAnimals, {{"a {}", "a { }"}, {}}),
                      ContainsSubstring("prompts.templates") && ContainsSubstring("'a { }' has no {}"));
}

TEST_CASE("templates come before the files, and the files in their order", "[dataset]") {
  const TemporaryFolder folder;
  const Prompts prompts = prompts_of(folder, {"a {}."}, {R"({"Bear": "second"})", R"({"Bear": ["third", "fourth"]})"});
  REQUIRE(prompts.of_class ==
          Sentences{{"a Bear.", "second", "third", "fourth"}, {"a Shiba Dog."}, {"a Polar Bear."}, {"a caf\xC3\xA9."}});
}

TEST_CASE("a file of prompts that is nested too deep is refused", "[dataset]") {
  require_refused_prompts(std::string(100'000, '[') + std::string(100'000, ']'), "nested too deep");
}

TEST_CASE("a subset's sentences are for all its classes, and may be templates", "[dataset]") {
  REQUIRE(said_by(R"({"Animal": ["an animal, the {}.", "it is wild."], "thu dog": "a dog: {}"})") ==
          Sentences{{"an animal, the Bear.", "it is wild."},
                    {"a dog: Shiba Dog"},
                    {"an animal, the Polar Bear.", "it is wild."},
                    {}});
  REQUIRE(said_by(R"({"Shiba Dog": "the {} and the {}", "Animal_Bear": ["{}", "none"]})") ==
          Sentences{{"Bear", "none"}, {"the Shiba Dog and the Shiba Dog"}, {}, {}});
}

TEST_CASE("descriptions are a sentence, an array of them, or objects of these", "[dataset]") {
  REQUIRE(said_by(R"({"Bear": "one"})") == Sentences{{"one"}, {}, {}, {}});
  REQUIRE(said_by(R"({"Bear": ["one", "two"]})") == Sentences{{"one", "two"}, {}, {}, {}});
  REQUIRE(said_by(R"({"Bear": []})") == Sentences(4));
  REQUIRE(said_by(R"({"Bear": {"shape": "round", "colour": ["brown", "black"], "more": {"size": "large"}}})") ==
          Sentences{{"round", "brown", "black", "large"}, {}, {}, {}});
  REQUIRE(said_by(R"({"Animal": {"Polar Bear": ["white"], "Animal_Bear": {"colour": "brown"}},
                      "Thu-dog": {"Shiba_Dog": "red"}})") == Sentences{{"brown"}, {"red"}, {"white"}, {}});
}

TEST_CASE("a repeated key of a prompt file keeps its first position and its last value", "[dataset]") {
  REQUIRE(said_by(R"({"Bear": "old", "Animal": "second", "Bear": "first"})") ==
          Sentences{{"first", "second"}, {}, {"second"}, {}});
}

TEST_CASE("labels of sentences may be words that mean something elsewhere", "[dataset]") {
  REQUIRE(said_by(R"({"Shiba Dog": {"Bear": "no bear"}})") == Sentences{{}, {"no bear"}, {}, {}});
  REQUIRE(said_by(R"({"Bear": {"Animal": "an animal"}})") == Sentences{{"an animal"}, {}, {}, {}});
}

TEST_CASE("a mistyped class among those of a subset is noted, and given to nobody", "[dataset]") {
  const TemporaryFolder folder;
  const Prompts prompts = prompts_of(
      folder, {"a {}."}, {R"({"Animal": {"Bear": "a bear", "Polar Baer": "a polar bear", "Shiba Dog": "a dog"}})"});
  REQUIRE(prompts.of_class ==
          Sentences{{"a Bear.", "a bear"}, {"a Shiba Dog."}, {"a Polar Bear."}, {"a caf\xC3\xA9."}});
  REQUIRE(prompts.notes.size() == 1);
  REQUIRE_THAT(prompts.notes[0], ContainsSubstring("2 keys name no class: Animal.Polar Baer and Animal.Shiba Dog"));
}

TEST_CASE("the very spelling of a name goes before one that is alike", "[dataset]") {
  const TemporaryFolder folder;
  const std::vector<ClassEntry> classes = {{"C", "C", ""}, {"C++", "C++", ""}, {"C#", "C#", ""}};
  const auto file = folder.write("a.json", R"({"C": "plain", "C++": "more", "c#": "any"})");
  REQUIRE(make_prompts(classes, {{}, {file}}).of_class == Sentences{{"plain", "any"}, {"more", "any"}, {"any"}});
}

TEST_CASE("keys are names whatever their case and punctuation", "[dataset]") {
  for (const char* key : {"Thu-dog_Shiba_Dog", "thu dog shiba dog", "THU_DOG-SHIBA--DOG", "Shiba Dog", "shiba_dog",
                          " Shiba-Dog! ", "(SHIBA.DOG)"}) {
    REQUIRE(said_by("{\"" + std::string(key) + "\": \"red\"}") == Sentences{{}, {"red"}, {}, {}});
  }
  REQUIRE(said_by("{\"CAF\xC3\xA9\": \"hot\"}") == Sentences{{}, {}, {}, {"hot"}});
  for (const char* key : {"ShibaDog", "Shiba", "Shiba Dogs", "Dog_Shiba_Dog", "caf", ""}) {
    REQUIRE(said_by("{\"" + std::string(key) + "\": \"red\"}") == Sentences(4));
  }
}

TEST_CASE("a readable name in two subsets names both classes, a full name one", "[dataset]") {
  const TemporaryFolder folder;
  const std::vector<ClassEntry> classes = {{"Animal_crab", "crab", "Animal"},
                                           {"Caltech-101_crab", "crab", "Caltech-101"}};
  const auto file =
      folder.write("a.json", R"({"crab": "a {}", "caltech-101 crab": "drawn", "Animal": {"crab": "alive"}})");
  REQUIRE(make_prompts(classes, {{}, {file}}).of_class == Sentences{{"a crab", "alive"}, {"a crab", "drawn"}});
}

TEST_CASE("a sentence is added once when several names of its class are the same", "[dataset]") {
  const TemporaryFolder folder;
  const auto file = folder.write("a.json", R"({"Bear": "brown"})");
  REQUIRE(make_prompts({{"bear", "Bear", "BEAR"}}, {{}, {file}}).of_class == Sentences{{"brown"}});
}

TEST_CASE("keys of no class are noted with their file", "[dataset]") {
  const TemporaryFolder folder;
  const Prompts prompts = prompts_of(
      folder, {"{}"}, {R"({"Bear": "a"})", R"({"Zebra": "b", "Bear": "c", "Gnu": ["d"], "notes": {"Bear": "e"}})"});
  REQUIRE(prompts.of_class.at(0) == Words{"Bear", "a", "c"});
  REQUIRE(prompts.notes.size() == 1);
  REQUIRE_THAT(prompts.notes.at(0), ContainsSubstring((folder / "prompts1.json").string()) &&
                                        ContainsSubstring("3 keys name no class: Zebra, Gnu and notes"));
}

TEST_CASE("of many keys of no class the first ten are noted", "[dataset]") {
  const TemporaryFolder folder;
  const auto note_of = [&](int count) {
    std::string json;
    for (int i = 0; i < count; ++i) json += (i > 0 ? ", \"key" : "{\"key") + std::to_string(i) + "\": \"x\"";
    return prompts_of(folder, {"{}"}, {json + "}"}).notes.at(0);
  };
  REQUIRE_THAT(note_of(10), ContainsSubstring("10 keys name no class") && Catch::Matchers::EndsWith("key8 and key9"));
  REQUIRE_THAT(note_of(12),
               ContainsSubstring("12 keys name no class") && Catch::Matchers::EndsWith("key8, key9 and 2 more"));
}

TEST_CASE("all classes without a prompt are named at once", "[dataset]") {
  const TemporaryFolder folder;
  REQUIRE_THROWS_AS(prompts_of(folder, {}, {R"({"Polar Bear": "white"})"}), DataError);
  REQUIRE_THROWS_WITH(prompts_of(folder, {}, {R"({"Polar Bear": "white", "Bear": []})"}),
                      ContainsSubstring("3 classes have no prompt: Animal_Bear, Thu-dog_Shiba_Dog and caf\xC3\xA9;"));
  REQUIRE_THROWS_WITH(make_prompts(kAnimals, {}), ContainsSubstring("4 classes have no prompt"));
}

TEST_CASE("prompt files that are no JSON are refused", "[dataset]") {
  for (const char* json : {"", "{", R"({"Bear": "a",})", R"({"Bear": 'a'})", R"({"Bear": "a"} {})",
                           "{\"Bear\": \"\xFF\"}", "Bear: brown"}) {
    require_refused_prompts(json, "not JSON");
  }
  const TemporaryFolder folder;
  REQUIRE_THROWS_AS(make_prompts(kAnimals, {{"{}"}, {folder / "missing.json"}}), DataError);
  REQUIRE_THROWS_WITH(make_prompts(kAnimals, {{"{}"}, {folder / "missing.json"}}),
                      ContainsSubstring((folder / "missing.json").string()));
}

TEST_CASE("prompt files that are no object of sentences are refused", "[dataset]") {
  for (const char* json : {R"(["a bear"])", R"("a bear")", "7", "null"})
    require_refused_prompts(json, "expected an object");
  require_refused_prompts(R"({"Bear": 7})", "'Bear'");
  require_refused_prompts(R"({"Bear": null})", "neither a sentence nor an array or object of sentences: null");
  require_refused_prompts(R"({"Bear": true})", "neither a sentence nor an array or object of sentences: true");
  require_refused_prompts(R"({"Bear": ["a", 7.5]})", "not a sentence: 7.5");
  require_refused_prompts(R"({"Bear": ["a", ["b"]]})", "not a sentence: an array");
  require_refused_prompts(R"({"Bear": [{"a": "b"}]})", "not a sentence: an object");
  require_refused_prompts(R"({"Bear": {"size": {"metres": 2}}})", "'Bear.size.metres'");
  require_refused_prompts(R"({"Animal": {"Bear": {"size": [2]}}})", "'Animal.Bear.size'");
}
