// The tokenizers of SigLIP (unigram) and SigLIP 2 (byte-pair encoding on characters), from tokenizer.json.
#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "encoders/clip/tokenizer.h"
#include "encoders/clip/unigram.h"
#include "support/catch.h"
#include "support/files.h"

using namespace tests;

namespace {

using Json = nlohmann::json;
using Ids = std::vector<std::int64_t>;

constexpr std::int64_t kContext = 10;

Json unigram_file(const Json& pieces) {
  return {{"normalizer", nullptr},
          {"pre_tokenizer", {{"type", "Metaspace"}, {"replacement", "▁"}, {"prepend_scheme", "always"}}},
          {"model", {{"type", "Unigram"}, {"unk_id", 2}, {"vocab", pieces}}}};
}

const Json kPieces = Json::array({{"<pad>", 0},
                                  {"</s>", 0},
                                  {"<unk>", 0},
                                  {"▁", -3},
                                  {"▁h", -5},
                                  {"ello", -6.5},
                                  {"▁hell", -7.5},
                                  {"o", -4},
                                  {"▁he", -5.5},
                                  {"llo", -7},
                                  {"l", -5},
                                  {"é", -6},
                                  {"w", -5},
                                  {"▁wor", -6},
                                  {"ld", -5},
                                  {"r", -5},
                                  {"d", -5},
                                  {"1", -6}});

// SigLIP 2's form: characters, merges, and bytes.
Json byte_pair_file(const std::vector<std::string>& merges) {
  Json vocabulary = {{"<pad>", 0}, {"<eos>", 1}, {"<bos>", 2}, {"<unk>", 3}};
  const auto add = [&](const std::string& piece) { vocabulary.emplace(piece, vocabulary.size()); };
  for (const char* piece : {"▁", "a", "b", "c", "é"}) add(piece);
  Json list = Json::array();
  for (const std::string& merge : merges) {
    const std::size_t space = merge.find(' ');
    list.push_back({merge.substr(0, space), merge.substr(space + 1)});
    add(merge.substr(0, space) + merge.substr(space + 1));
  }
  for (int byte = 0; byte < 256; ++byte) {
    constexpr const char* kDigits = "0123456789ABCDEF";
    add(std::string("<0x") + kDigits[byte / 16] + kDigits[byte % 16] + ">");
  }
  return {{"normalizer", {{"type", "Replace"}, {"pattern", {{"String", " "}}}, {"content", "▁"}}},
          {"pre_tokenizer", {{"type", "Split"}, {"pattern", {{"String", " "}}}, {"behavior", "MergedWithPrevious"}}},
          {"model", {{"type", "BPE"}, {"byte_fallback", true}, {"vocab", vocabulary}, {"merges", list}}}};
}

class Written {
 public:
  explicit Written(const Json& json, std::int64_t context = kContext)
      : tokenizer_(clip::read_tokenizer(folder_.write("tokenizer.json", json.dump()), context)) {}

  const clip::Tokenizer& operator*() const { return *tokenizer_; }

  // The ids without padding, and without the end token.
  Ids operator()(const std::string& text) const {
    const Ids all = tokenizer_->encode(text).ids;
    return {all.begin(), std::find(all.begin(), all.end(), 1)};
  }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<clip::Tokenizer> tokenizer_;
};

void require_failure(const Json& json, const std::string& words) {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder.write("tokenizer.json", json.dump());
  std::string message;
  try {
    clip::read_tokenizer(file, kContext);
  } catch (const std::exception& error) {
    message = error.what();
  }
  REQUIRE_THAT(message, ContainsSubstring(file.string()) && ContainsSubstring(words));
  REQUIRE(message.find('\n') == std::string::npos);
}

// The best sum of scores over all segmentations of a text, by trying them all.
double best_score(const std::vector<clip::ScoredPiece>& pieces, const std::string& text) {
  if (text.empty()) return 0;
  double best = -std::numeric_limits<double>::infinity();
  for (const clip::ScoredPiece& piece : pieces) {
    if (text.compare(0, piece.text.size(), piece.text) == 0)
      best = std::max(best, piece.score + best_score(pieces, text.substr(piece.text.size())));
  }
  return best;
}

}  // namespace

TEST_CASE("the unigram segmentation has the best score of all segmentations", "[tokenizer]") {
  // All texts of up to 7 letters of two, and pieces with scores that have no pattern.
  std::vector<clip::ScoredPiece> pieces = {{"a", -2.5}, {"b", -2.25}};
  std::uint32_t state = 7;
  for (const char* piece : {"ab", "ba", "aa", "aba", "bb", "abba", "bab", "aabb"}) {
    state = state * 1664525U + 1013904223U;
    pieces.push_back({piece, -2 - static_cast<double>(state >> 8U) / 16777216.0 * 5});
  }
  const clip::Unigram unigram(pieces, clip::BytePieces(0));
  for (unsigned length = 1; length <= 7; ++length) {
    for (unsigned letters = 0; letters < 1U << length; ++letters) {
      std::string text;
      for (unsigned i = 0; i < length; ++i) text += (letters >> i & 1U) != 0 ? 'a' : 'b';
      CAPTURE(text);
      std::string joined;
      double score = 0;
      for (const std::int32_t id : unigram(text)) {
        joined += pieces[static_cast<std::size_t>(id)].text;
        score += pieces[static_cast<std::size_t>(id)].score;
      }
      REQUIRE(joined == text);
      REQUIRE(std::abs(score - best_score(pieces, text)) < 1e-12);
    }
  }
}

TEST_CASE("SigLIP's ids: words with their space, the end token, and padding with it", "[tokenizer]") {
  const Written tokenizer(unigram_file(kPieces));
  // "▁h ello" is -11.5, "▁hell o" -11.5 too: the longer last piece counts. "▁wor ld" is -11.
  REQUIRE((*tokenizer).encode("hello world").ids == Ids{4, 5, 13, 14, 1, 1, 1, 1, 1, 1});
  REQUIRE((*tokenizer).encode("hello world").length == kContext);
  REQUIRE((*tokenizer).vocabulary_size() == 18);
  REQUIRE(tokenizer("Hello,  WORLD!\n") == tokenizer("hello world"));
  REQUIRE(tokenizer("he-llo") == Ids{4, 5});
  REQUIRE(tokenizer("").empty());
  REQUIRE(tokenizer("?!").empty());
  // Unknown neighbours are one unknown piece, whose score is 10 below the lowest: "▁" -3, then unknown.
  REQUIRE(tokenizer("xyz") == Ids{3, 2});
  REQUIRE(tokenizer("x1") == Ids{3, 2, 17});
  REQUIRE(tokenizer("\xC3\x89") == Ids{3, 11});
  REQUIRE_FALSE((*tokenizer).encode("1 1 1 1").cut);  // eight pieces and the end
  REQUIRE((*tokenizer).encode("1 1 1 1 1").cut);
  REQUIRE((*tokenizer).encode("1 1 1 1 1").ids == Ids{3, 17, 3, 17, 3, 17, 3, 17, 3, 1});
  REQUIRE_THROWS_WITH((*tokenizer).encode("caf\xE9"), ContainsSubstring("UTF-8"));
}

TEST_CASE("unknown text becomes bytes if the file says so", "[tokenizer]") {
  Json pieces = kPieces;
  for (const char* byte : {"<0xCE>", "<0xB1>"}) pieces.push_back({byte, 0});
  Json file = unigram_file(pieces);
  REQUIRE(Written(file)("\xCE\xB1") == Ids{3, 2});
  file["model"]["byte_fallback"] = true;
  REQUIRE(Written(file)("\xCE\xB1") == Ids{3, 18, 19});
  REQUIRE(Written(file)("\xCE\xB2") == Ids{3, 2});  // one of the bytes is no piece
}

TEST_CASE("pre-tokenizers decide about the space before the first word", "[tokenizer]") {
  Json file = unigram_file(kPieces);
  file["pre_tokenizer"]["prepend_scheme"] = "never";
  REQUIRE(Written(file)("l l") == Ids{10, 3, 10});
  file["pre_tokenizer"].erase("prepend_scheme");
  REQUIRE(Written(file)("l l") == Ids{3, 10, 3, 10});
  file["pre_tokenizer"]["add_prefix_space"] = false;
  REQUIRE(Written(file)("l l") == Ids{10, 3, 10});
  const Json metaspace = unigram_file(kPieces)["pre_tokenizer"];
  file["pre_tokenizer"] = {{"type", "Sequence"}, {"pretokenizers", {{{"type", "WhitespaceSplit"}}, metaspace}}};
  REQUIRE(Written(file)("l l") == Ids{3, 10, 3, 10});
  file["pre_tokenizer"] = {{"type", "ByteLevel"}};
  require_failure(file, "the pre_tokenizer 'ByteLevel' is not supported");
  file["pre_tokenizer"] = {{"type", "Metaspace"}, {"replacement", "_"}};
  require_failure(file, "does not replace a space by");
}

TEST_CASE("normalizers of tokenizer.json are followed", "[tokenizer]") {
  const auto with = [](const Json& normalizer) {
    Json file = unigram_file(kPieces);
    file["normalizer"] = normalizer;
    return file;
  };
  const auto replace = [](const char* kind, const char* pattern, const char* content) {
    return Json{{"type", "Replace"}, {"pattern", {{kind, pattern}}}, {"content", content}};
  };
  REQUIRE(Written(with(replace("String", "x", "l")))("xx") == Ids{3, 10, 10});
  REQUIRE(Written(with(replace("Regex", "x+", "l")))("xx") == Ids{3, 10});
  REQUIRE(Written(with(replace("Regex", "(x)", "$1")))("x") == Ids{3, 2, 17});  // "$1" is no reference: "$" and "1"
  REQUIRE(Written(with({{"type", "NFC"}}))("e\xCC\x81") == Ids{3, 11});
  REQUIRE(Written(with({{"type", "Precompiled"}, {"precompiled_charsmap", "AAAA"}}))("\xEF\xBC\x91\x01") == Ids{3, 17});
  REQUIRE(Written(with({{"type", "Prepend"}, {"prepend", "l"}}))("l") == Ids{3, 10, 10});
  REQUIRE(Written(with({{"type", "Sequence"}, {"normalizers", {{{"type", "NFD"}}, {{"type", "StripAccents"}}}}}))(
              "\xC3\xA9") == Ids{3, 2});
  // SigLIP's file has Python's punctuation, escaped as Python does.
  const char* punctuation = R"p([!"\#\$%\&'\(\)\*\+,\-\./:;<=>\?@\[\\\]\^_`\{\|\}\~])p";
  const Json steps = {{{"type", "NFKC"}}, replace("Regex", punctuation, ""), {{"type", "Strip"}}};
  REQUIRE(Written(with({{"type", "Sequence"}, {"normalizers", steps}}))("\xEF\xBC\x81l\xEF\xBC\xBD \xEF\xBC\x8D") ==
          Ids{3, 10});
  require_failure(with({{"type", "BertNormalizer"}}), "the normalizer 'BertNormalizer' is not supported");
  require_failure(with(7), "a normalizer is not a JSON object");
  require_failure(with({{"type", "Sequence"}}), "no list 'normalizers'");
  require_failure(with({{"type", "Replace"}, {"content", ""}}), "no object 'pattern'");
  require_failure(with(replace("Regex", "(", "")), "the regular expression \"(\" of a normalizer is not valid");
  require_failure(with(replace("String", "", "a")), "replaces an empty text");
  require_failure(with({{"type", "Sequence"}, {"normalizers", Json(65, Json{{"type", "NFC"}})}}), "more than 64");
}

TEST_CASE("normalizers that make a text long are refused at once", "[tokenizer]") {
  const auto refusal_of = [](const char* kind, const std::string& pattern, const std::string& content) {
    const Json step = {{"type", "Replace"}, {"pattern", {{kind, pattern}}}, {"content", content}};
    Json file = unigram_file(kPieces);
    file["normalizer"] = {{"type", "Sequence"}, {"normalizers", {step, step, step, step}}};
    const Written tokenizer(file);
    try {
      tokenizer(std::string(60, 'a'));
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  // The fourth step would make 60 · 1000^4 letters. Moving the rest of the text for each match of the third one would
  // take minutes.
  const std::string many(1000, 'a');
  REQUIRE_THAT(refusal_of("String", "a", many), ContainsSubstring("a text becomes too long when it is normalised"));
  REQUIRE_THAT(refusal_of("Regex", "a", many), ContainsSubstring("a text becomes too long when it is normalised"));
  // No single match takes long, but each looks at the whole rest of the text.
  REQUIRE_THAT(refusal_of("Regex", "a*b|a", "aaaaaaaaaaaaaaaa"), ContainsSubstring("takes too long on a text"));
  REQUIRE(refusal_of("String", "a", "a").empty());
}

TEST_CASE("SigLIP 2's ids: merges of characters, bytes, the end token and padding", "[tokenizer]") {
  const Written tokenizer(byte_pair_file({"a b", "▁ ab", "b c"}));
  // Ids: ▁ 4, a 5, b 6, c 7, é 8, ab 9, ▁ab 10, bc 11, then the bytes from 12 on.
  REQUIRE((*tokenizer).encode("ab ab").ids == Ids{9, 10, 1, 0, 0, 0, 0, 0, 0, 0});
  REQUIRE((*tokenizer).encode("ab ab").length == kContext);
  REQUIRE(tokenizer("abc") == Ids{9, 7});
  REQUIRE(tokenizer("BC") == Ids{11});
  REQUIRE(tokenizer("\xC3\xA9!") == Ids{8, 12 + '!'});
  REQUIRE(tokenizer("\xCE\xB1") == Ids{12 + 0xCE, 12 + 0xB1});
  REQUIRE(tokenizer("").empty());
  REQUIRE((*tokenizer).encode("a a a a a a").cut);
}

TEST_CASE("merges happen one by one: the lowest rank first, and of one rank the first", "[tokenizer]") {
  // After the first "ab", the pair "ab a" has the lower rank, so the second "ab" never forms.
  Json file = byte_pair_file({"ab a", "a b"});
  REQUIRE(Written(file)("abab") == Ids{9, 6});
}

TEST_CASE("a tokenizer.json of SigLIP that is damaged is refused", "[tokenizer]") {
  const auto with_piece = [](const Json& piece) {
    Json pieces = kPieces;
    pieces.push_back(piece);
    return unigram_file(pieces);
  };
  const auto changed = [](const char* key, const Json& value) {
    Json file = unigram_file(kPieces);
    file["model"][key] = value;
    return file;
  };
  require_failure(changed("vocab", Json::array()), "no list 'vocab' of pieces and scores");
  require_failure(changed("vocab", Json::array({7})), "piece 0 of its vocabulary is not a text and its score");
  require_failure(changed("vocab", nullptr), "no list 'vocab'");
  require_failure(changed("unk_id", 18), "'unk_id' must be a whole number from 0 to 17");
  require_failure(changed("unk_id", -1), "'unk_id' must be");
  require_failure(changed("unk_id", nullptr), "'unk_id' must be");
  require_failure(changed("type", "WordPiece"), "its model is of type 'WordPiece'");
  require_failure(with_piece({"x"}), "piece 18 of its vocabulary is not a text and its score");
  require_failure(with_piece({"x", nullptr}), "piece 18 of its vocabulary is not a text and its score");
  require_failure(with_piece({"", -1}), "piece 18 of its vocabulary is empty");
  require_failure(with_piece({std::string(257, 'x'), -1}), "longer than 256 bytes");
  require_failure(with_piece({"ello", -1}), "the piece \"ello\" is there twice");
  const TemporaryFolder folder;
  std::string text = unigram_file(kPieces).dump();
  text.replace(text.find("-6.5"), 4, "NaN");
  REQUIRE_THROWS_WITH(clip::read_tokenizer(folder.write("tokenizer.json", text), kContext),
                      ContainsSubstring("it is not a JSON object"));
  Json pieces = kPieces;
  pieces[1][0] = "<end>";
  require_failure(unigram_file(pieces), "the piece </s> is missing");
  Json byte_pairs = byte_pair_file({"a b"});
  byte_pairs["model"]["merges"] = Json::array({"a x"});
  require_failure(byte_pairs, "a symbol of this merge is not in the vocabulary");
}

TEST_CASE("a folder with a model of SentencePiece only says how to make tokenizer.json", "[tokenizer]") {
  const TemporaryFolder folder;
  const auto file = folder.write("spiece.model", "\n\x0e");
  for (const std::filesystem::path& path : {file, folder.path()}) {
    REQUIRE_THROWS_WITH(clip::read_tokenizer(path, kContext),
                        ContainsSubstring(path.string()) && ContainsSubstring("save_pretrained"));
  }
}

TEST_CASE("a long text takes no longer than its length asks for", "[tokenizer]") {
  Json pieces = kPieces;
  for (std::size_t length = 2; length <= 256; length += 2) pieces.push_back({std::string(length, 'q'), -8});
  const Written unigram(unigram_file(pieces));
  REQUIRE((*unigram).encode(std::string(100'000, 'q')).cut);
  const Written byte_pairs(byte_pair_file({"a a", "aa aa"}));
  REQUIRE((*byte_pairs).encode(std::string(500'000, 'a')).cut);
}
