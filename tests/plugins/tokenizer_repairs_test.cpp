// The repairs of damaged texts before they are split into tokens.
#include <string>
#include <utility>
#include <vector>

#include "encoders/clip/mojibake.h"
#include "encoders/clip/text_cleaning.h"
#include "encoders/clip/text_repair.h"
#include "support/catch.h"

using namespace tests;

namespace {

std::string repaired(const std::string& text) {
  std::string result;
  return clip::repaired(icu::UnicodeString::fromUTF8(text)).toUTF8String(result);
}

std::string without_mojibake(const std::string& text) {
  std::string result;
  return clip::undo_mojibake(icu::UnicodeString::fromUTF8(text)).toUTF8String(result);
}

std::string cleaned(const std::string& text) {
  std::string result;
  return clip::clean_text(text).toUTF8String(result);
}

using Pairs = std::vector<std::pair<std::string, std::string>>;  // damaged, repaired

// UTF-8 read as Latin-1: every byte becomes a character.
std::string read_as_latin1(const std::string& text) {
  std::string result;
  for (const char byte : text) {
    icu::UnicodeString(static_cast<UChar32>(static_cast<unsigned char>(byte))).toUTF8String(result);
  }
  return result;
}

}  // namespace

TEST_CASE("full-width and half-width forms, ligatures and digraphs become plain characters", "[tokenizer]") {
  const Pairs pairs = {{"Ｈｅｌｌｏ，世界", "Hello,世界"},
                       {"１２　３", "12 3"},
                       {"＇＂￥", "'\"¥"},
                       {"ｶﾞ ﾊﾟ", "ガ パ"},
                       {"ﬁsh ﬂag oﬀ eﬃ", "fish flag off effi"},
                       {"ﬅ ﬆ", "ſt st"},
                       {"Ĳsland ǆ ǈ Ǳ", "IJsland dž Lj DZ"},
                       {"ŉ", "'n"}};
  for (const auto& [damaged, expected] : pairs) {
    CAPTURE(damaged);
    REQUIRE(repaired(damaged) == expected);
  }
}

TEST_CASE("controls, colours of terminals and byte order marks are removed, and quotes are straight", "[tokenizer]") {
  const Pairs pairs = {{"\xEF\xBB\xBF"
                        "a dog",
                        "a dog"},
                       {"a dog\x07\x7F", "a dog"},
                       {"a\x1B[1;31mred\x1B[0m dog", "ared dog"},
                       {"a\x1B[31", "a[31"},
                       {"a\xE2\x81\xAA"
                        "b\xEF\xBF\xBC"
                        "c",
                        "abc"},
                       {"a\tb\n", "a\tb\n"},
                       {"‘a’ ‚b‛ “c” „d‟ ʼ", "'a' 'b' \"c\" \"d\" '"},
                       {"e\xCC\x81", "é"},
                       {"na\xC3\xAFve \xC2\x93quoted\xC2\x94 \xC2\x85", "naïve \"quoted\" …"}};
  for (const auto& [damaged, expected] : pairs) {
    CAPTURE(expected);
    REQUIRE(repaired(damaged) == expected);
  }
  REQUIRE(cleaned("a\r\nb\xE2\x80\xA8"
                  "c\xE2\x80\xA9"
                  "d\re") == "a b c d e");
}

TEST_CASE("a pair of surrogates that was encoded as two characters is one", "[tokenizer]") {
  REQUIRE(cleaned("a \xED\xA0\xBD\xED\xB8\x80") == "a 😀");
  REQUIRE(clip::with_joined_surrogates("a\xED\xA0\xBD") == "a\xED\xA0\xBD");  // half a pair is no character
  REQUIRE(clip::with_joined_surrogates("\xED\x95\x9C\xED\x95\x9C") == "한한");
}

TEST_CASE("references are resolved until none is left, unless the text has a tag", "[tokenizer]") {
  REQUIRE(repaired("&amp;amp;amp;amp;lt;") == "<");
  REQUIRE(repaired("&amp;amp; <b>") == "&amp;amp; <b>");
  REQUIRE(repaired("&amp without a semicolon") == "&amp without a semicolon");
  REQUIRE(cleaned("&amp;amp;amp; <b>") == "&amp; <b>");  // CLIP resolves twice
  REQUIRE(repaired("&rsquo;") == "'");
}

TEST_CASE("mojibake of Windows-1252 is undone", "[tokenizer]") {
  const Pairs pairs = {{"cafÃ©", "café"},
                       {"itâ€™s â€œgoodâ€¦", "it’s “good…"},
                       {"TÃ©lÃ©phone ZURÃœCK DOS AÃ‘OS", "Téléphone ZURÜCK DOS AÑOS"},
                       {"Ã‰cole Ã–sterreich", "École Österreich"},
                       {"20Â°C Â£5 Â© 2020", "20°C £5 © 2020"},
                       {"zaÅ¼Ã³Å‚Ä‡ siÄ™ HÄ±rsÄ±z Ä°stanbul RÄ«ga", "zażółć się Hırsız İstanbul Rīga"},
                       {"Ð¿Ñ€Ð¸Ð²ÐµÑ‚ Ø¹ÙŠØ¯", "привет عيد"},
                       {"æ—¥æœ¬èªž", "日本語"},
                       {"ðŸ˜€ âœ” â‚¬ â„¢ â†’", "😀 ✔ € ™ →"},
                       {"ï»¿dog",
                        "\xEF\xBB\xBF"
                        "dog"},
                       {"Táº¡i sao giÃ¡ háº¡t", "Tại sao giá hạt"},
                       {"DivisÃ£o de Classificação", "Divisão de Classificação"},
                       {"l’humanitÃ©", "l’humanité"},
                       {"nÃƒÂ© doesnÃƒÂ¢Ã¢â€šÂ¬Ã¢â€žÂ¢t", "né doesn’t"}};
  for (const auto& [damaged, expected] : pairs) {
    CAPTURE(damaged);
    REQUIRE(without_mojibake(damaged) == expected);
  }
}

TEST_CASE("mojibake of Latin-1 is undone", "[tokenizer]") {
  for (const std::string text : {"it’s a café", "日本語、こんにちは", "привет", "ça va être très agréable", "I ❤ 😍"}) {
    CAPTURE(text);
    REQUIRE(without_mojibake(read_as_latin1(text)) == text);
    REQUIRE(without_mojibake(read_as_latin1(read_as_latin1(text))) == text);
  }
}

TEST_CASE("correct texts that look like mojibake stay unchanged", "[tokenizer]") {
  for (const std::string text : {"MARQUÉ…",
                                 "RETWEET SE VOCÊ…",
                                 "ZZAJÉ’s",
                                 "L’épisode",
                                 "NESTLÉ®",
                                 "QUEM É¿",
                                 "SELKÄ\u00A0EDELLÄ",
                                 "Ôôô",
                                 "MANHÃ” disse",
                                 "IRMÃ»",
                                 "MAÇÃ´´",
                                 "A–Ä–Ö–Ü–",
                                 "NEJVÝŠ ÚŽASNÝ ZTÍŽIT",
                                 "4288×…",
                                 "5×£35",
                                 "étonné…»",
                                 "é…”",
                                 "voilà…”",
                                 "habló…”»",
                                 "aí´´",
                                 "frataraká§ 141",
                                 "C O N C L U S Ã O",
                                 "MÄ£ÄM SÖÄ£ ÑÝÄ",
                                 "Āø",
                                 "√π",
                                 "[x]\xC2\xA0©",
                                 "日本語",
                                 "привет",
                                 "caf\xC3\xA9",
                                 "\"Ü”Ü”\"",
                                 "Ã",
                                 "Â",
                                 "â€",
                                 "😀",
                                 ""}) {
    CAPTURE(text);
    REQUIRE(without_mojibake(text) == text);
  }
}

TEST_CASE("repairs of a text that was made to need many take no longer than the text is long", "[tokenizer]") {
  std::string nested(1U << 19U, 'x');
  for (std::size_t i = 0; i + 5 <= nested.size(); i += 4) nested.replace(i, 4, "amp;");
  REQUIRE(repaired("&" + nested).size() > nested.size() - 100);
  std::string chain;
  for (int i = 0; i < 100'000; ++i) chain += "Â";
  REQUIRE(without_mojibake(chain + "©").size() > chain.size() - 100);
}
