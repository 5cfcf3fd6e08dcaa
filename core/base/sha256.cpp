#include "base/sha256.h"

#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <memory>
#include <system_error>

#include "base/data_errors.h"

namespace trefoil::base {

namespace {

class Hasher {
 public:
  Hasher() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) {
      throw RunError("this OpenSSL has no SHA-256");
    }
  }

  void update(std::string_view bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }

  Digest digest() {
    Digest digest{};
    EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
    return digest;
  }

 private:
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

}  // namespace

Digest sha256_digest(std::string_view bytes) {
  Hasher hasher;
  hasher.update(bytes);
  return hasher.digest();
}

std::string hexadecimal(const Digest& digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : digest) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

std::string sha256(std::string_view bytes) { return hexadecimal(sha256_digest(bytes)); }

std::string sha256_of_file(const std::filesystem::path& path) {
  // Files from outside name the files that they need. A device may have no end, and a pipe may never have a writer.
  std::error_code unreachable;
  if (!std::filesystem::is_regular_file(path, unreachable)) refuse(path, "it cannot be read, or is no file");
  std::ifstream stream(path, std::ios::binary);
  if (!stream) refuse(path, "it cannot be read");
  Hasher hasher;
  std::array<char, std::size_t{64} << 10U> buffer{};  // most files are small
  while (stream) {
    stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    hasher.update({buffer.data(), static_cast<std::size_t>(stream.gcount())});
  }
  if (stream.bad()) refuse(path, "it cannot be read to its end");
  return hexadecimal(hasher.digest());
}

const std::string& FileSums::sha256(const std::filesystem::path& path) {
  const auto found = sums_.find(path);
  return found != sums_.end() ? found->second : sums_.emplace(path, sha256_of_file(path)).first->second;
}

}  // namespace trefoil::base
