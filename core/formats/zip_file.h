// Zip files: the names and sizes of the members, and the bytes of single members. The CRC of every member is checked.
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
  // Throws DataError when the file is missing or not a zip file, when its members overlap or unpack to far more bytes
  // than the file has (a zip bomb), or when two members have the same name.
  explicit ZipFile(const std::filesystem::path& path);

  // Returns the size in bytes of every unpacked member, by name. Folders are left out.
  const std::map<std::string, std::uint64_t>& members() const { return sizes_; }

  // Unpacks a member into `target`, which must have room for it. Throws DataError when it is damaged or encrypted.
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
