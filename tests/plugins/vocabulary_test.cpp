#include "encoders/clip/vocabulary.h"

#include <zlib.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "encoders/clip/byte_pair_tokenizer.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/vocabulary.h"

using namespace tests;
using clip::BytePairTokenizer;
using clip::read_vocabulary;

namespace {

std::string packed(const std::string& text) {
  const TemporaryFolder folder;
  const auto file = gzopen((folder / "packed").c_str(), "wb1");
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  return tests::read(folder / "packed");
}

// Returns as many merges as OpenAI's file has, each of two bytes.
Words many_merges() {
  Words merges;
  const Words symbols = alphabet();
  for (std::size_t i = 0; i < 48894; ++i) merges.push_back(symbols[i / 256] + " " + symbols[i % 256]);
  return merges;
}

// Checks that reading fails with a message of one line that contains the path and the words.
void require_failure(const std::filesystem::path& path, const std::string& words) {
  std::string message;
  try {
    read_vocabulary(path);
  } catch (const std::runtime_error& error) {
    message = error.what();
  }
  REQUIRE_THAT(message, ContainsSubstring(path.string()) && ContainsSubstring(words));
  REQUIRE(message.find('\n') == std::string::npos);
}

}  // namespace

TEST_CASE("OpenAI's file, packed or not, and Hugging Face's two files say the same", "[tokenizer]") {
  const TemporaryFolder folder;
  const Words merges = many_merges();
  const std::string text = merge_file(merges) + "more than\nCLIP needs\n";
  const std::vector<std::filesystem::path> paths = {
      folder.write("gz/bpe_simple_vocab_16e6.txt.gz", packed(text)).parent_path(),
      folder.write("txt/bpe_simple_vocab_16e6.txt", text), folder.write("named/other.txt.gz", packed(text)),
      folder.write("json/vocab.json", numbered(symbols_with(merges)).dump()).parent_path()};
  folder.write("json/merges.txt", merge_file(merges));
  for (const std::filesystem::path& path : paths) {
    CAPTURE(path);
    const BytePairTokenizer tokenizer(read_vocabulary(path), 7);
    REQUIRE(tokenizer.vocabulary_size() == 49408);
    // "!!" is the first merge; "!</w>" is the symbol of a last byte.
    REQUIRE(tokenizer.encode("!!! a").ids == std::vector<std::int64_t>{49406, 512, 256, 320, 49407, 0, 0});
  }
}

TEST_CASE("merges.txt alone numbers its symbols as OpenAI does, however many merges it has", "[tokenizer]") {
  const TemporaryFolder folder;
  const Words merges = {"a b", "ab c</w>", "x y</w>"};
  const auto alone = folder.write("merges.txt", merge_file(merges));
  folder.write("both/vocab.json", numbered(symbols_with(merges)).dump());
  folder.write("both/merges.txt", merge_file(merges));

  const BytePairTokenizer tokenizer(read_vocabulary(alone), 8);
  REQUIRE(tokenizer.vocabulary_size() == 512 + 3 + 2);
  REQUIRE(tokenizer.encode("abc xy").ids == std::vector<std::int64_t>{515, 513, 514, 516, 0, 0, 0, 0});
  REQUIRE(tokenizer.encode("abd").ids == BytePairTokenizer(read_vocabulary(folder / "both"), 8).encode("abd").ids);

  require_failure(folder.write("broken/merges.txt", "#version: 0.2\na b\nab\n"), ":3: this line is not a merge");
}

TEST_CASE("a vocabulary that is missing is named", "[tokenizer]") {
  const TemporaryFolder folder;
  require_failure(folder / "nowhere", "no such file or folder");
  require_failure(folder.path(), "neither bpe_simple_vocab_16e6.txt.gz nor vocab.json");
  require_failure(folder.write("vocab.bin", ""), "OpenAI's .txt.gz");
  folder.write("only/vocab.json", numbered(symbols_with({})).dump());
  require_failure(folder / "only", "only/merges.txt: there is no such file");
  require_failure(folder / "only/vocab.json", "the folder of Hugging Face's vocab.json and merges.txt");
}

TEST_CASE("a packed file that is not sound is refused", "[tokenizer]") {
  const TemporaryFolder folder;
  const std::string sound = packed(merge_file(many_merges()));
  require_failure(folder.write("a.txt.gz", "#version: 0.2\na b\n"), "not a gzip file");
  require_failure(folder.write("empty.txt.gz", ""), "not a gzip file");
  for (const std::size_t size : {std::size_t{2}, std::size_t{9}, sound.size() / 2, sound.size() - 1}) {
    CAPTURE(size);
    require_failure(folder.write("short.txt.gz", sound.substr(0, size)), "damaged or truncated");
  }
  std::string damaged = sound;
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 1);
  require_failure(folder.write("damaged.txt.gz", damaged), "damaged or truncated");
  require_failure(folder.write("bomb.txt.gz", packed(std::string((64U << 20U) + 1, '\n'))), "more than 64 MiB");
}

TEST_CASE("OpenAI's file must hold all merges, each a pair of symbols that makes a new one", "[tokenizer]") {
  const TemporaryFolder folder;
  const auto require_failure_of = [&](const Words& merges, const std::string& words) {
    require_failure(folder.write("bpe.txt", merge_file(merges)), words);
  };
  Words merges = many_merges();
  merges.pop_back();
  require_failure_of(merges, "it has 48893 merges, but CLIP needs 48894");
  require_failure(folder.write("bpe.txt", ""), "it has 0 merges");
  for (const char* bad : {"alone", "", "a b c", " b", "a ", "a  b"}) {
    CAPTURE(bad);
    merges = many_merges();
    merges[6] = bad;
    require_failure_of(merges, "bpe.txt:8: this line is not a merge");
  }
  merges[6] = merges[5];
  require_failure_of(merges, "bpe.txt:8: an earlier line gives the same symbol");
  merges[6] = "never made";
  require_failure_of(merges, "bpe.txt:8: a symbol of this merge is not in the vocabulary");
}

TEST_CASE("vocab.json must number its symbols from 0 on", "[tokenizer]") {
  const TemporaryFolder folder;
  folder.write("merges.txt", merge_file({}));
  const nlohmann::json sound = numbered(symbols_with({}));
  const auto require_failure_with = [&](const char* symbol, const nlohmann::json& id, const std::string& words) {
    nlohmann::json changed = sound;
    changed[symbol] = id;
    require_failure(folder.write("vocab.json", changed.dump()).parent_path(), words);
  };
  REQUIRE(read_vocabulary(folder.write("vocab.json", sound.dump()).parent_path()).size == 514);
  for (const char* text : {"", "{", "[]", "7", "{\"a\": 0} x", "{\"\xFF\": 0}"})
    require_failure(folder.write("vocab.json", text).parent_path(), "not a JSON object");
  require_failure_with("a", "64", "the id of \"a\" is not an integer");
  require_failure_with("a", 64.0, "the id of \"a\" is not an integer");
  require_failure_with("a", 65, "must occur once");
  require_failure_with("a", -1, "the id of \"a\" is -1: each of 0 to 513 must occur once");
  require_failure_with("a", 514, "the id of \"a\" is 514");
  require_failure_with("a", 18446744073709551615U, "must occur once");
}

TEST_CASE("Hugging Face's files must know every byte, the two tokens, and what the merges make", "[tokenizer]") {
  const TemporaryFolder folder;
  const auto write = [&](const Words& symbols, const std::string& merges) {
    folder.write("merges.txt", merges);
    return folder.write("vocab.json", numbered(symbols).dump()).parent_path();
  };
  for (const char* missing : {"a", "a</w>", "<|startoftext|>", "<|endoftext|>"}) {
    Words symbols = symbols_with({});
    symbols.erase(std::find(symbols.begin(), symbols.end(), missing));
    require_failure(write(symbols, ""), std::string("the symbol ") + missing + " is missing");
  }
  const auto require_merge_failure = [&](const std::string& merges, const std::string& words) {
    write(symbols_with({"a b"}), merges);
    REQUIRE_THROWS_WITH(read_vocabulary(folder.path()), ContainsSubstring((folder / "merges.txt").string() + words));
  };
  require_merge_failure("#version: 0.2\na b\na c\n", ":3: a symbol of this merge is not in the vocabulary");
  require_merge_failure("#version: 0.2\na b\n\na b\n", ":3: this line is not a merge");
  require_merge_failure("#version: 0.2\na b\na b\n", ":3: this merge is also on an earlier line");
  REQUIRE(read_vocabulary(write(symbols_with({"a b"}), "#version: 0.2\r\na b\r\n\r\n")).merges.size() == 1);
  REQUIRE(read_vocabulary(write(symbols_with({"a b"}), "a b")).merges.size() == 1);
}

namespace {

// A tokenizer.json with these merges, each as a text or as a list of its two symbols.
nlohmann::json tokenizer_file(const Words& merges, bool as_lists) {
  nlohmann::json list = nlohmann::json::array();
  for (const std::string& merge : merges) {
    const std::size_t space = merge.find(' ');
    if (as_lists) {
      list.push_back({merge.substr(0, space), merge.substr(space + 1)});
    } else {
      list.push_back(merge);
    }
  }
  const nlohmann::json vocabulary = numbered(symbols_with(merges));
  return {{"version", "1.0"},
          {"model",
           {{"type", "BPE"},
            {"end_of_word_suffix", "</w>"},
            {"continuing_subword_prefix", ""},
            {"vocab", vocabulary},
            {"merges", list}}}};
}

}  // namespace

TEST_CASE("tokenizer.json alone says the same as vocab.json and merges.txt", "[tokenizer]") {
  const TemporaryFolder folder;
  const Words merges = {"a b", "ab c</w>", "x y</w>"};
  folder.write("both/vocab.json", numbered(symbols_with(merges)).dump());
  folder.write("both/merges.txt", merge_file(merges));
  const auto expected = BytePairTokenizer(read_vocabulary(folder / "both"), 8).encode("abc xy abd").ids;
  for (const bool as_lists : {false, true}) {
    CAPTURE(as_lists);
    const auto file = folder.write("one/tokenizer.json", tokenizer_file(merges, as_lists).dump());
    for (const std::filesystem::path& path : {file, file.parent_path()}) {
      const BytePairTokenizer tokenizer(read_vocabulary(path), 8);
      REQUIRE(tokenizer.vocabulary_size() == 512 + 3 + 2);
      REQUIRE(tokenizer.encode("abc xy abd").ids == expected);
    }
  }
}

TEST_CASE("a tokenizer.json that is damaged or of another model is refused", "[tokenizer]") {
  const TemporaryFolder folder;
  const auto require_failure_of = [&](const nlohmann::json& json, const std::string& words) {
    require_failure(folder.write("tokenizer.json", json.dump()), words);
  };
  const nlohmann::json sound = tokenizer_file({"a b"}, true);
  const auto changed = [&](const char* key, const nlohmann::json& value) {
    nlohmann::json json = sound;
    json["model"][key] = value;
    return json;
  };
  require_failure(folder.write("tokenizer.json", "{"), "not a JSON object");
  require_failure_of({{"a", 0}}, "it has no object 'model'");
  require_failure_of(changed("type", "Unigram"), "its model is of type 'Unigram'");
  require_failure_of(changed("end_of_word_suffix", nullptr), "of type 'BPE' without CLIP's </w>");
  require_failure_of(changed("merges", 3), "no list 'merges'");
  require_failure_of(changed("vocab", 3), "not a JSON object of symbols");
  require_failure_of(changed("vocab", {{"a", 0}}), "the symbol ! is missing");
  for (const nlohmann::json& merge :
       {nlohmann::json("ab"), nlohmann::json("a b c"), nlohmann::json(" b"), nlohmann::json(7), nlohmann::json({"a"}),
        nlohmann::json({"a", 1}), nlohmann::json({"a", "b", "c"}), nlohmann::json({"a", ""})}) {
    CAPTURE(merge);
    require_failure_of(changed("merges", nlohmann::json::array({"a b", merge})), "merge 2 is not a pair of symbols");
  }
  require_failure_of(changed("merges", {"a b", "a c"}), "a symbol of this merge is not in the vocabulary");
}
