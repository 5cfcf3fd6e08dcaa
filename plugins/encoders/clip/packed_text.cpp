#include "packed_text.h"

#include <zlib.h>

#include <algorithm>
#include <memory>
#include <system_error>

#include "refuse_file.h"

namespace clip {

namespace {

constexpr std::size_t kMaxVocabularyBytes = std::size_t{64} << 20U;
constexpr std::size_t kBlockBytes = std::size_t{256} << 10U;

struct CloseFile {
  void operator()(gzFile file) const { gzclose(file); }
};

using File = std::unique_ptr<gzFile_s, CloseFile>;

File open_file(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) refuse_file(path, "there is no such file");
  File file(gzopen(path.c_str(), "rb"));
  if (!file) refuse_file(path, "it cannot be opened: check its permissions");
  if (path.extension() == ".gz" && gzdirect(file.get()) != 0)
    refuse_file(path, "it is not a gzip file: download it again, or rename it to .txt if it is decompressed");
  return file;
}

}  // namespace

std::string read_packed_text(const std::filesystem::path& path) {
  const File file = open_file(path);
  std::string text;
  std::vector<char> block(kBlockBytes);
  int count = 0;
  while ((count = gzread(file.get(), block.data(), static_cast<unsigned>(block.size()))) > 0) {
    text.append(block.data(), static_cast<std::size_t>(count));
    if (text.size() > kMaxVocabularyBytes)
      refuse_file(path, "it holds more than 64 MiB of text, too much for a vocabulary: check the path");
  }
  // zlib returns the data of a truncated file without an error, and reports the error only at the end.
  int code = Z_OK;
  gzerror(file.get(), &code);
  if (count < 0 || code != Z_OK) refuse_file(path, "it is damaged or truncated: download it again");
  return text;
}

std::vector<std::string_view> first_lines(std::string_view text, std::size_t maximum) {
  std::vector<std::string_view> lines;
  while (!text.empty() && lines.size() < maximum) {
    const std::size_t length = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, length);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    lines.push_back(line);
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

}  // namespace clip
