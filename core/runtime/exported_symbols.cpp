#include "runtime/exported_symbols.h"

#include <elf.h>

#include <cstring>
#include <fstream>
#include <stdexcept>

namespace trefoil::runtime {

namespace {

class Reader {
 public:
  explicit Reader(const std::filesystem::path& file) : stream_(file, std::ios::binary) {
    if (!stream_) throw std::runtime_error("it cannot be opened");
    size_ = std::filesystem::file_size(file);
  }

  std::string bytes(std::uint64_t offset, std::uint64_t size) {
    if (offset > size_ || size > size_ - offset) throw std::runtime_error("the file is cut short");
    std::string result(size, '\0');
    stream_.seekg(static_cast<std::streamoff>(offset));
    stream_.read(result.data(), static_cast<std::streamsize>(size));
    return result;
  }

  template <typename Record>
  std::vector<Record> records(std::uint64_t offset, std::uint64_t size) {
    const std::string raw = bytes(offset, size - size % sizeof(Record));
    std::vector<Record> result(raw.size() / sizeof(Record));
    if (!raw.empty()) std::memcpy(result.data(), raw.data(), raw.size());
    return result;
  }

 private:
  std::ifstream stream_;
  std::uint64_t size_ = 0;
};

Elf64_Ehdr shared_library_header(Reader& reader) {
  const std::string magic = reader.bytes(0, EI_NIDENT);
  if (std::memcmp(magic.data(), ELFMAG, SELFMAG) != 0) throw std::runtime_error("it is not an ELF file");
  if (magic[EI_CLASS] != ELFCLASS64 || magic[EI_DATA] != ELFDATA2LSB) {
    throw std::runtime_error("it is an ELF file for another kind of machine");
  }
  const Elf64_Ehdr header = reader.records<Elf64_Ehdr>(0, sizeof(Elf64_Ehdr)).at(0);
  if (header.e_type != ET_DYN) throw std::runtime_error("it is not a shared library");
  return header;
}

}  // namespace

std::vector<std::string> exported_symbols(const std::filesystem::path& file) {
  Reader reader(file);
  const Elf64_Ehdr header = shared_library_header(reader);
  const auto sections = reader.records<Elf64_Shdr>(header.e_shoff, std::uint64_t{header.e_shnum} * sizeof(Elf64_Shdr));
  std::vector<std::string> names;
  for (const Elf64_Shdr& section : sections) {
    if (section.sh_type != SHT_DYNSYM || section.sh_link >= sections.size()) continue;
    const Elf64_Shdr& strings_section = sections[section.sh_link];
    const std::string strings = reader.bytes(strings_section.sh_offset, strings_section.sh_size);
    for (const Elf64_Sym& symbol : reader.records<Elf64_Sym>(section.sh_offset, section.sh_size)) {
      const bool is_global = ELF64_ST_BIND(symbol.st_info) == STB_GLOBAL;
      if (!is_global || symbol.st_shndx == SHN_UNDEF || symbol.st_name >= strings.size()) continue;
      names.emplace_back(strings.c_str() + symbol.st_name);  // the string table ends with a zero byte
    }
  }
  return names;
}

}  // namespace trefoil::runtime
