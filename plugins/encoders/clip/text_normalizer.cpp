#include "text_normalizer.h"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/regex.h>
#include <unicode/uchar.h>

#include <chrono>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "bounded_json.h"
#include "merge_lines.h"
#include "refuse_file.h"

namespace clip {

namespace {

using Json = nlohmann::json;
using Text = icu::UnicodeString;
using Step = std::function<void(Text&)>;
using Form = const icu::Normalizer2* (*)(UErrorCode&);

constexpr std::int32_t kMostUnits = 1 << 20;       // of a text after a step; a text has 64 tokens, so longer is useless
constexpr std::size_t kMostSteps = 64;             // real files have up to 35
constexpr std::size_t kMostBytes = 1024;           // of a pattern or a replacement
constexpr std::int32_t kMostMatchTime = 200;       // of ICU's units, about a millisecond each
constexpr std::chrono::seconds kMostRegexTime(1);  // for all matches of a pattern in a text
constexpr std::int32_t kMostRegexStack = 1 << 22;  // bytes

std::string required_text(const Json& parent, const char* key, const std::filesystem::path& file) {
  const auto found = parent.find(key);
  if (found == parent.end() || !found->is_string()) {
    refuse_file(file, std::string("a normalizer has no text '") + key + "': download the file again");
  }
  if (found->get_ref<const std::string&>().size() > kMostBytes) {
    refuse_file(file,
                std::string("the text '") + key + "' of a normalizer is too long: use the file of a SigLIP model");
  }
  return found->get<std::string>();
}

const Json& list_at(const Json& parent, const char* key, const std::filesystem::path& file) {
  const auto found = parent.find(key);
  if (found == parent.end() || !found->is_array()) {
    refuse_file(file, std::string("a normalizer has no list '") + key + "': download the file again");
  }
  return *found;
}

void apply(Text& text, Form form) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = form(status);
  if (U_SUCCESS(status)) text = normalizer->normalize(text, status);
  if (U_FAILURE(status))
    throw std::runtime_error("ICU cannot compose letters, because its data is missing: install ICU again");
}

template <typename Keep>
void keep_characters(Text& text, Keep keep) {
  Text kept;
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    if (keep(text.char32At(i))) kept.append(text.char32At(i));
  }
  text = kept;
}

// Control characters of ASCII but for tabs and line ends, and other characters that are not shown. These are those of
// SentencePiece's rule nmt.
bool is_shown(UChar32 code) {
  const bool control = (code < 0x20 && code != '\t' && code != '\n' && code != '\r' && code != '\f') || code == 0x7F;
  return !control && code != 0x8F && code != 0x9F && !(code >= 0x200B && code <= 0x200F) && code != 0xFEFF;
}

void trim(Text& text, bool left, bool right) {
  std::int32_t begin = 0;
  std::int32_t end = text.length();
  while (left && begin < end && u_isUWhiteSpace(text[begin]) != 0) ++begin;
  while (right && begin < end && u_isUWhiteSpace(text[end - 1]) != 0) --end;
  text = Text(text, begin, end - begin);
}

void require_short(const Text& text) {
  if (text.length() > kMostUnits) throw std::runtime_error("a text becomes too long when it is normalised: shorten it");
}

// Replaces all matches. Matcher::replaceAll would replace a million letters by a thousand each before the length of the
// result could be checked.
Text replaced(icu::RegexMatcher& matcher, const Text& text, const Text& replacement, UErrorCode& problem) {
  const auto deadline = std::chrono::steady_clock::now() + kMostRegexTime;
  Text result;
  while (U_SUCCESS(problem) && matcher.find(problem) != 0) {
    matcher.appendReplacement(result, replacement, problem);
    require_short(result);
    if (U_SUCCESS(problem) && std::chrono::steady_clock::now() > deadline) problem = U_REGEX_TIME_OUT;
  }
  matcher.appendTail(result);
  return U_SUCCESS(problem) ? result : text;
}

// Does the same for a string. Text::findAndReplace would also move the rest of the text for every match.
Text replaced(const Text& text, const Text& from, const Text& to) {
  Text result;
  std::int32_t begin = 0;
  for (std::int32_t end = text.indexOf(from); end >= 0; end = text.indexOf(from, begin)) {
    result.append(text, begin, end - begin).append(to);
    require_short(result);
    begin = end + from.length();
  }
  return result.append(text, begin, text.length() - begin);
}

// A replacement as ICU's regular expressions take it: "\" and "$" stand for themselves.
Text literal(const std::string& replacement) {
  std::string escaped;
  for (const char letter : replacement) {
    if (letter == '\\' || letter == '$') escaped += '\\';
    escaped += letter;
  }
  return Text::fromUTF8(escaped);
}

Step regex_replacement(const std::string& pattern, const std::string& content, const std::filesystem::path& file) {
  UErrorCode status = U_ZERO_ERROR;
  UParseError place{};
  const std::shared_ptr<const icu::RegexPattern> compiled(
      icu::RegexPattern::compile(Text::fromUTF8(pattern), 0, place, status));
  if (U_FAILURE(status))
    refuse_file(file, "the regular expression " + Json(pattern).dump() + " of a normalizer is not valid here");
  return [compiled, replacement = literal(content)](Text& text) {
    UErrorCode problem = U_ZERO_ERROR;
    const std::unique_ptr<icu::RegexMatcher> matcher(compiled->matcher(text, problem));
    if (U_SUCCESS(problem)) {
      matcher->setTimeLimit(kMostMatchTime, problem);
      matcher->setStackLimit(kMostRegexStack, problem);
      text = replaced(*matcher, text, replacement, problem);
    }
    if (U_FAILURE(problem)) {
      throw std::runtime_error("a regular expression of tokenizer.json takes too long on a text: shorten the text");
    }
  };
}

Step replacing(const Json& step, const std::filesystem::path& file) {
  const std::string content = required_text(step, "content", file);
  const auto pattern = step.find("pattern");
  if (pattern == step.end() || !pattern->is_object())
    refuse_file(file, "a normalizer has no object 'pattern': download the file again");
  if (pattern->contains("Regex")) return regex_replacement(required_text(*pattern, "Regex", file), content, file);
  const Text from = Text::fromUTF8(required_text(*pattern, "String", file));
  if (from.isEmpty()) refuse_file(file, "a normalizer replaces an empty text: download the file again");
  return [from, to = Text::fromUTF8(content)](Text& text) { text = replaced(text, from, to); };
}

template <Form form>
Step normal_form(const Json& /*step*/, const std::filesystem::path& /*file*/) {
  return [](Text& text) { apply(text, form); };
}

Step lower_case(const Json& /*step*/, const std::filesystem::path& /*file*/) {
  return [](Text& text) { text.toLower(icu::Locale::getRoot()); };
}

Step without_controls(const Json& /*step*/, const std::filesystem::path& /*file*/) {
  return [](Text& text) { keep_characters(text, is_shown); };
}

Step like_nmt_nfkc(const Json& /*step*/, const std::filesystem::path& /*file*/) {
  return [](Text& text) {
    keep_characters(text, is_shown);
    apply(text, icu::Normalizer2::getNFKCInstance);
  };
}

Step without_accents(const Json& /*step*/, const std::filesystem::path& /*file*/) {
  return
      [](Text& text) { keep_characters(text, [](UChar32 code) { return (U_GET_GC_MASK(code) & U_GC_MN_MASK) == 0; }); };
}

Step trimming(const Json& step, const std::filesystem::path& /*file*/) {
  return [left = flag_at(step, "strip_left", true), right = flag_at(step, "strip_right", true)](Text& text) {
    trim(text, left, right);
  };
}

Step prefixing(const Json& step, const std::filesystem::path& file) {
  return [prefix = Text::fromUTF8(required_text(step, "prepend", file))](Text& text) {
    if (!text.isEmpty()) text.insert(0, prefix);
  };
}

using Maker = Step (*)(const Json& step, const std::filesystem::path& file);

const std::map<std::string, Maker>& makers() {
  static const std::map<std::string, Maker> kMakers = {{"NFC", normal_form<icu::Normalizer2::getNFCInstance>},
                                                       {"NFD", normal_form<icu::Normalizer2::getNFDInstance>},
                                                       {"NFKC", normal_form<icu::Normalizer2::getNFKCInstance>},
                                                       {"NFKD", normal_form<icu::Normalizer2::getNFKDInstance>},
                                                       {"Lowercase", lower_case},
                                                       {"Nmt", without_controls},
                                                       {"Precompiled", like_nmt_nfkc},
                                                       {"Prepend", prefixing},
                                                       {"Replace", replacing},
                                                       {"Strip", trimming},
                                                       {"StripAccents", without_accents}};
  return kMakers;
}

}  // namespace

TextNormalizer::TextNormalizer(const Json& normalizer, const std::filesystem::path& file) {
  if (!normalizer.is_null()) add(normalizer, file);
}

void TextNormalizer::add(const Json& step, const std::filesystem::path& file) {
  if (!step.is_object()) refuse_file(file, "a normalizer is not a JSON object: download the file again");
  const std::string type = required_text(step, "type", file);
  if (type == "Sequence") {
    for (const Json& inner : list_at(step, "normalizers", file)) add(inner, file);
    return;
  }
  const auto maker = makers().find(type);
  if (maker == makers().end())
    refuse_file(file, "the normalizer '" + type + "' is not supported: use the file of a SigLIP model");
  if (steps_.size() == kMostSteps) refuse_file(file, "it has more than 64 normalizers: use the file of a SigLIP model");
  steps_.push_back(maker->second(step, file));
}

Text TextNormalizer::operator()(Text text) const {
  for (const Step& step : steps_) {
    step(text);
    require_short(text);
  }
  return text;
}

}  // namespace clip
