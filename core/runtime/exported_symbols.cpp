#include "runtime/exported_symbols.h"

#include <elf.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <stdexcept>

#include "base/text.h"

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

// Returns the section of dynamic symbols, of which a shared library has one (System V ABI), or nullptr.
const Elf64_Shdr* find_symbols(const std::vector<Elf64_Shdr>& sections) {
  const auto found = std::find_if(sections.begin(), sections.end(),
                                  [](const Elf64_Shdr& section) { return section.sh_type == SHT_DYNSYM; });
  return found != sections.end() && found->sh_link < sections.size() ? &*found : nullptr;
}

}  // namespace

std::vector<std::string> exported_symbols(const std::filesystem::path& file, std::string_view prefix) {
  // Names may share their ends, so that all names together can be much larger than the file.
  constexpr std::size_t kLongestName = 256;
  Reader reader(file);
  const Elf64_Ehdr header = shared_library_header(reader);
  const auto sections = reader.records<Elf64_Shdr>(header.e_shoff, std::uint64_t{header.e_shnum} * sizeof(Elf64_Shdr));
  const Elf64_Shdr* section = find_symbols(sections);
  if (section == nullptr) return {};
  const Elf64_Shdr& strings_section = sections[section->sh_link];
  const std::string strings = reader.bytes(strings_section.sh_offset, strings_section.sh_size);
  std::vector<std::string> names;
  for (const Elf64_Sym& symbol : reader.records<Elf64_Sym>(section->sh_offset, section->sh_size)) {
    const bool is_global = ELF64_ST_BIND(symbol.st_info) == STB_GLOBAL;
    if (!is_global || symbol.st_shndx == SHN_UNDEF || symbol.st_name >= strings.size()) continue;
    const std::string_view rest = std::string_view(strings).substr(symbol.st_name, kLongestName + 1);
    const std::string_view name = rest.substr(0, rest.find('\0'));
    if (name.size() <= kLongestName && base::starts_with(name, prefix)) names.emplace_back(name);
  }
  return names;
}

}  // namespace trefoil::runtime
