#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "encoders/clip/byte_pair_tokenizer.h"
#include "support/catch.h"
#include "support/files.h"
#include "support/vocabulary.h"

using namespace tests;
using clip::BytePairTokenizer;
using clip::read_vocabulary;

namespace {

// A tokenizer of a few merges, in Hugging Face's files.
class Small {
 public:
  explicit Small(const Words& merges = {}, std::int64_t context_length = 77) : symbols_(symbols_with(merges)) {
    folder_.write("merges.txt", merge_file(merges));
    folder_.write("vocab.json", numbered(symbols_).dump());
    tokenizer_ = std::make_unique<BytePairTokenizer>(read_vocabulary(folder_.path()), context_length);
  }

  const BytePairTokenizer& tokenizer() const { return *tokenizer_; }

  // Returns the symbols between start and end token, separated by spaces, with "</w>" written as "/".
  std::string operator()(const std::string& text) const {
    std::string result;
    for (const std::int64_t id : tokenizer_->encode(text).ids) {
      if (id == tokenizer_->end_token()) break;
      const std::string& symbol = symbols_.at(static_cast<std::size_t>(id));
      const std::size_t end = symbol.find("</w>");
      if (id != tokenizer_->start_token()) result += symbol.substr(0, end) + (end == std::string::npos ? " " : "/ ");
    }
    return result.substr(0, result.find_last_not_of(' ') + 1);
  }

 private:
  TemporaryFolder folder_;
  Words symbols_;
  std::unique_ptr<BytePairTokenizer> tokenizer_;
};

}  // namespace

TEST_CASE("merges go by rank, and a merge takes every pair of its kind", "[tokenizer]") {
  REQUIRE(Small({"a b", "b c</w>"})("abc") == "ab c/");
  REQUIRE(Small({"b c</w>", "a b"})("abc") == "a bc/");
  REQUIRE(Small({"a a"})("aaaaaba") == "aa aa a b a/");
  REQUIRE(Small({"x y", "xy z</w>", "x z"})("xyz xzxyxz") == "xyz/ xz xy x z/");
}

TEST_CASE("a word of a million letters takes no longer than many short ones", "[tokenizer]") {
  std::string word(1'000'000, 'a');
  const Small small({"a a", "aa aa", "aaaa aaaa", "aaaaaaaa aaaaaaaa"});
  const auto tokens = small.tokenizer().encode(word);
  REQUIRE(tokens.cut);
  REQUIRE(small("aaaaaaaaaaaaaaaab") == "aaaaaaaaaaaaaaaa b/");
}

TEST_CASE("the end of a word has symbols of its own", "[tokenizer]") {
  const Small small({"l o", "lo w</w>", "lo w", "e r</w>"});
  REQUIRE(small("low lower wlo") == "low/ low er/ w l o/");
  REQUIRE(small("\xC3\xA9") == "\xC3\x83 \xC2\xA9/");
}

TEST_CASE("text splits at contractions, digits, and runs of letters and of other signs", "[tokenizer]") {
  const Small small({"' s</w>", "' r", "'r e</w>", "1 2</w>", "1 2", ". .", ".. .</w>", ". '", "r e</w>"});
  REQUIRE(small("it's") == "i t/ 's/");
  REQUIRE(small("we'RE") == "w e/ 're/");
  REQUIRE(small("'x") == "'/ x/");
  REQUIRE(small("123") == "1/ 2/ 3/");
  REQUIRE(small("a12b") == "a/ 1/ 2/ b/");
  REQUIRE(small("a...!b") == "a/ .. . !/ b/");
  REQUIRE(small("...") == ".../");
  REQUIRE(small(".'s") == ". '/ s/");
}

TEST_CASE("tokens that stand in the text are tokens", "[tokenizer]") {
  const Small small;
  const auto ids = small.tokenizer().encode("a<|StartOfText|>b<|endoftext|>").ids;
  REQUIRE(ids[2] == small.tokenizer().start_token());
  REQUIRE(ids[4] == small.tokenizer().end_token());
  REQUIRE(ids[5] == small.tokenizer().end_token());
}

TEST_CASE("character references of HTML are resolved twice", "[tokenizer]") {
  const Small small;
  REQUIRE(small("&amp;") == small("&"));
  REQUIRE(small("&amp;lt;") == small("<"));
  REQUIRE(small("a&ampb &notit; &apos;") == small("a&b \xC2\xACit; '"));
  REQUIRE(small("&eacute;&#233;&#xE9;&#Xe9") == small("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9"));
  REQUIRE(small("&alpha; &alpha") == small("\xCE\xB1 &alpha"));
  REQUIRE(small("&#128;&#x96;") == small("\xE2\x82\xAC\xE2\x80\x93"));
  REQUIRE(small("a&#1;b&#xFFFF;c") == "a b c/");
  REQUIRE(small("&#0;&#xD800;&#99999999999999;") == small("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"));
  for (const char* plain : {"&", "&;", "&#;", "&#x;", "&#xg", "&nothere", "& amp;", "&x;"}) {
    CAPTURE(plain);
    REQUIRE(small(plain) == small("&amp;" + std::string(plain + 1)));
  }
}

TEST_CASE("white space of any kind is one space, and none at the ends", "[tokenizer]") {
  const Small small;
  REQUIRE(small(" \t a \r\n\xC2\xA0\xE2\x80\x83\xE3\x80\x80 b&nbsp;") == "a/ b/");
  REQUIRE(small("a\xE2\x80\x8B") == small("a &#x200B;"));  // a zero-width space is not white space
}

TEST_CASE("letters are lower-cased and composed, and quotes are straight", "[tokenizer]") {
  const Small small;
  REQUIRE(small("ABC") == "a b c/");
  REQUIRE(small("\xC3\x89") == small("\xC3\xA9"));
  REQUIRE(small("\xC4\xB0") == small("i &#x307;"));  // a capital I with a dot is two code points, and the dot no letter
  REQUIRE(small("\xCE\xA3\xCE\x91\xCE\xA3") == small("\xCF\x83\xCE\xB1\xCF\x82"));
  REQUIRE(small("e\xCC\x81") == small("\xC3\xA9"));
  REQUIRE(small("it\xE2\x80\x99s \xE2\x80\x9Cit\xE2\x80\x9D") == small("it's \"it\""));
}

TEST_CASE("a text takes the whole context: start, words, end and zeros", "[tokenizer]") {
  const Small small({}, 5);
  const BytePairTokenizer& tokenizer = small.tokenizer();
  REQUIRE(tokenizer.vocabulary_size() == 514);
  REQUIRE(tokenizer.start_token() == 512);
  REQUIRE(tokenizer.end_token() == 513);
  REQUIRE(tokenizer.encode("a b").ids == std::vector<std::int64_t>{512, 320, 321, 513, 0});
  REQUIRE(tokenizer.encode("").ids == std::vector<std::int64_t>{512, 513, 0, 0, 0});
  REQUIRE(tokenizer.encode(" \n").ids == tokenizer.encode({}).ids);
  REQUIRE_THROWS_WITH(Small({}, 1), ContainsSubstring("context of 1"));
}

TEST_CASE("a text that is too long is cut, and ends with the end token", "[tokenizer]") {
  const Small small;
  for (const auto& [letters, cut] : {std::pair(75, false), std::pair(76, true), std::pair(5000, true)}) {
    const clip::Tokenizer::Tokens word = small.tokenizer().encode(std::string(static_cast<std::size_t>(letters), 'a'));
    const clip::Tokenizer::Tokens digits =
        small.tokenizer().encode(std::string(static_cast<std::size_t>(letters), '7'));
    REQUIRE((word.cut == cut && digits.cut == cut));
    REQUIRE((word.ids.size() == 77 && digits.ids.size() == 77));
    REQUIRE((word.ids.back() == 513 && digits.ids.back() == 513));
  }
  REQUIRE_FALSE(small.tokenizer().encode("").cut);
}

TEST_CASE("text that is not UTF-8, or endless, is refused by name", "[tokenizer]") {
  const Small small;
  for (const char* bad : {"caf\xE9", "caf\xC3", "caf\xED\xA0\x80", "caf\xC3&#1;\xA9", "caf\xF4\x90\x80\x80"}) {
    REQUIRE_THROWS_WITH(small.tokenizer().encode(bad), ContainsSubstring("caf") && ContainsSubstring("UTF-8"));
  }
  REQUIRE_THROWS_WITH(small.tokenizer().encode(std::string((1U << 20U) + 1, 'x')), ContainsSubstring("1 MiB"));
}

TEST_CASE("threads may share a tokenizer", "[tokenizer]") {
  const Small small({"a b", "ab c</w>"});
  const auto expected = small.tokenizer().encode("abc it's 12 &amp; more").ids;
  std::vector<char> same(4);
  std::vector<std::thread> threads;
  threads.reserve(same.size());
  for (char& result : same) {
    threads.emplace_back([&] {
      result = 1;
      for (int i = 0; i < 200; ++i)
        result &= small.tokenizer().encode("abc it's 12 &amp; more").ids == expected ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  REQUIRE(std::count(same.begin(), same.end(), 1) == 4);
}
