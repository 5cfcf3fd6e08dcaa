#include "support/torch_files.h"

#include <zip.h>
#include <zlib.h>

#include <cstring>
#include <stdexcept>

namespace tests {

void write_zip(const std::filesystem::path& path, const std::map<std::string, std::string>& members, bool compressed) {
  int failure = 0;
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &failure);
  if (archive == nullptr) throw std::runtime_error("cannot write " + path.string());
  for (const auto& [name, bytes] : members) {
    zip_source_t* source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
    const zip_int64_t index = zip_file_add(archive, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), compressed ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
  }
  if (zip_close(archive) != 0) throw std::runtime_error("cannot write " + path.string());
}

namespace {

std::string little_endian(std::uint64_t value, std::size_t bytes) {
  std::string text;
  for (; bytes > 0; --bytes, value >>= 8U) text += static_cast<char>(value & 0xFFU);
  return text;
}

}  // namespace

// Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16.
std::string stored_zip(const std::vector<std::pair<std::string, std::string>>& members) {
  std::string files;
  std::string directory;
  for (const auto& [name, bytes] : members) {
    const auto* data = reinterpret_cast<const Bytef*>(bytes.data());
    const std::string sizes = little_endian(crc32(0, data, static_cast<uInt>(bytes.size())), 4) +
                              little_endian(bytes.size(), 4) + little_endian(bytes.size(), 4) +
                              little_endian(name.size(), 2) + little_endian(0, 2);
    const std::string version_to_time = little_endian(20, 2) + little_endian(0, 8);
    directory += "PK\x01\x02" + little_endian(20, 2) + version_to_time + sizes + little_endian(0, 10) +
                 little_endian(files.size(), 4) + name;
    files += "PK\x03\x04" + version_to_time + sizes + name + bytes;
  }
  return files + directory + "PK\x05\x06" + little_endian(0, 4) + little_endian(members.size(), 2) +
         little_endian(members.size(), 2) + little_endian(directory.size(), 4) + little_endian(files.size(), 4) +
         little_endian(0, 2);
}

namespace pickle {

namespace {

std::string sizes_tuple(const std::vector<std::int64_t>& sizes) {
  std::vector<std::string> items;
  items.reserve(sizes.size());
  for (const std::int64_t size : sizes) items.push_back(integer(size));
  return tuple(items);
}

}  // namespace

std::string whole(const std::string& value) { return "\x80\x02" + value + "."; }

std::string text(const std::string& text) { return "X" + little_endian(text.size(), 4) + text; }

std::string integer(std::int64_t value) { return "\x8a\x08" + little_endian(static_cast<std::uint64_t>(value), 8); }

std::string tuple(const std::vector<std::string>& items) {
  std::string all = "(";
  for (const std::string& item : items) all += item;
  return all + "t";
}

std::string dictionary(const std::vector<std::pair<std::string, std::string>>& items) {
  std::string all = "}(";
  for (const auto& [key, value] : items) all += text(key) + value;
  return all + "u";
}

std::string global(const std::string& module, const std::string& name) { return "c" + module + "\n" + name + "\n"; }

std::string call(const std::string& callee, const std::string& arguments) { return callee + arguments + "R"; }

std::string storage(const std::string& type, const std::string& key, std::int64_t count) {
  return tuple({text("storage"), global("torch", type), text(key), text("cuda:0"), integer(count)}) + "Q";
}

std::string tensor(const std::string& storage, std::int64_t offset, const std::vector<std::int64_t>& sizes,
                   const std::vector<std::int64_t>& strides) {
  const std::string hooks = call(global("collections", "OrderedDict"), ")");
  return call(global("torch._utils", "_rebuild_tensor_v2"),
              tuple({storage, integer(offset), sizes_tuple(sizes), sizes_tuple(strides), "\x89", hooks}));
}

}  // namespace pickle

std::string float_bytes(const std::vector<float>& numbers) {
  std::string bytes(numbers.size() * sizeof(float), '\0');
  std::memcpy(bytes.data(), numbers.data(), bytes.size());
  return bytes;
}

}  // namespace tests
