#include "formats/zip_file.h"

#include <zip.h>

#include "base/data_errors.h"

namespace trefoil::formats {

namespace {

// Files of torch.save are not compressed. If somebody compressed them later, real weights become hardly shorter. A file
// whose members unpack to more than this is a zip bomb.
constexpr std::uint64_t kMostUnpacked = 16;            // times the size of the file, for all members together
constexpr std::uint64_t kAlwaysAllowed = 1ULL << 20U;  // bytes
constexpr zip_int64_t kMostMembers = 1'000'000;

struct CloseMember {
  void operator()(zip_file_t* member) const { zip_fclose(member); }
};

}  // namespace

void ZipFile::Close::operator()(zip* archive) const { zip_discard(archive); }

ZipFile::ZipFile(const std::filesystem::path& path) : path_(path) {
  if (!std::filesystem::is_regular_file(path)) base::refuse(path, "there is no such file");
  int failure = 0;
  archive_.reset(zip_open(path.c_str(), ZIP_RDONLY, &failure));
  if (!archive_) base::refuse_damaged(path, "it is cut short, damaged, or not a zip file");
  const zip_int64_t count = zip_get_num_entries(archive_.get(), 0);
  if (count > kMostMembers) base::refuse(path, "it has more than 1,000,000 members");
  const std::uint64_t file_size = std::filesystem::file_size(path);
  std::uint64_t packed = 0;
  std::uint64_t unpacked = 0;
  for (zip_int64_t i = 0; i < count; ++i) {
    zip_stat_t member;
    zip_stat_init(&member);
    constexpr zip_uint64_t kNeeded = ZIP_STAT_NAME | ZIP_STAT_SIZE | ZIP_STAT_COMP_SIZE;
    if (zip_stat_index(archive_.get(), static_cast<zip_uint64_t>(i), ZIP_FL_UNCHANGED, &member) != 0 ||
        (member.valid & kNeeded) != kNeeded) {
      base::refuse_damaged(path, "its list of members is damaged");
    }
    if (member.comp_size > file_size - packed)
      base::refuse_damaged(path, "its members overlap, or are longer than the file");
    packed += member.comp_size;
    const std::uint64_t most = kMostUnpacked * file_size + kAlwaysAllowed;
    if (member.size > most - unpacked) {
      base::refuse(path, "its members unpack to more than " + std::to_string(kMostUnpacked) +
                             " times the size of the file; real weights and features do not");
    }
    unpacked += member.size;
    const std::string name = member.name;
    if (!name.empty() && name.back() == '/') continue;
    if (!sizes_.emplace(name, member.size).second)
      base::refuse(path, "it has two members with the name '" + name + "'");
  }
}

void ZipFile::read(const std::string& name, char* target) const {
  const std::unique_ptr<zip_file_t, CloseMember> member(zip_fopen(archive_.get(), name.c_str(), ZIP_FL_UNCHANGED));
  if (!member)
    base::refuse(path_, "its member '" + name +
                            "' cannot be read: it is damaged, encrypted, or compressed by an unknown method");
  std::uint64_t left = sizes_.at(name);
  while (left > 0) {
    const zip_int64_t got = zip_fread(member.get(), target, left);
    if (got <= 0) base::refuse_damaged(path_, "its member '" + name + "' is damaged (its CRC or length is wrong)");
    target += got;
    left -= static_cast<std::uint64_t>(got);
  }
  // The library compares the CRC when it reaches the end of the member, so one more byte is asked for.
  char beyond = 0;
  if (zip_fread(member.get(), &beyond, 1) != 0) {
    base::refuse_damaged(path_, "its member '" + name + "' is damaged (its CRC or length is wrong)");
  }
}

}  // namespace trefoil::formats
