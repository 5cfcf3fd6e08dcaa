// Zip files, as data: names and sizes first, then single members, each checked against its CRC.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>

struct zip;

namespace trefoil::formats {

class ZipFile {
 public:
  // Throws DataError when the file is missing or no zip file, when its members overlap or promise far more bytes than
  // the file has (a zip bomb), or when two of them have one name.
  explicit ZipFile(const std::filesystem::path& path);

  // Name -> bytes of the unpacked member. Folders are left out.
  const std::map<std::string, std::uint64_t>& members() const { return sizes_; }

  // Unpacks a member into `target`, which has room for its size. Throws DataError when it is damaged or encrypted.
  void read(const std::string& name, char* target) const;

 private:
  struct Close {
    void operator()(zip* archive) const;
  };

  std::filesystem::path path_;
  std::unique_ptr<zip, Close> archive_;
  std::map<std::string, std::uint64_t> sizes_;
};

}  // namespace trefoil::formats
