// The symbols of libraries, read without loading them.
#include "runtime/exported_symbols.h"

#include <elf.h>

#include <cstddef>
#include <cstring>
#include <vector>

#include "support/catch.h"
#include "support/files.h"

using namespace tests;
using trefoil::runtime::exported_symbols;
using Names = std::vector<std::string>;

namespace {

template <typename Record>
std::string bytes_of(const std::vector<Record>& records) {
  return {reinterpret_cast<const char*>(records.data()), records.size() * sizeof(Record)};
}

// A shared library with nothing but a table of names, and `tables` sections that all are the same table of symbols: a
// symbol for each of these positions in the names.
std::string library(const std::string& names, const std::vector<std::size_t>& positions, std::size_t tables = 1) {
  std::vector<Elf64_Sym> symbols;
  symbols.reserve(positions.size());
  for (const std::size_t position : positions) {
    symbols.push_back({static_cast<Elf64_Word>(position), ELF64_ST_INFO(STB_GLOBAL, STT_OBJECT), 0, 1, 0, 0});
  }
  const std::string symbol_bytes = bytes_of(symbols);
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_type = ET_DYN;
  header.e_shoff = sizeof(header) + names.size() + symbol_bytes.size();
  header.e_shnum = static_cast<Elf64_Half>(1 + tables);
  const auto section = [](Elf64_Word type, std::size_t offset, std::size_t size) {
    return Elf64_Shdr{0, type, 0, 0, offset, size, 0, 0, 1, 0};
  };
  std::vector<Elf64_Shdr> sections = {section(SHT_STRTAB, sizeof(header), names.size())};
  sections.resize(1 + tables, section(SHT_DYNSYM, sizeof(header) + names.size(), symbol_bytes.size()));
  return bytes_of(std::vector<Elf64_Ehdr>{header}) + names + symbol_bytes + bytes_of(sections);
}

Names symbols_of(const std::string& bytes, const std::string& prefix) {
  const TemporaryFolder folder;
  return exported_symbols(folder.write("library.so", bytes), prefix);
}

}  // namespace

TEST_CASE("exported symbols are found by the beginning of their names", "[base]") {
  const std::string names = std::string("\0plugin_v1\0other\0plugin_v2\0", 27);
  REQUIRE(symbols_of(library(names, {1, 11, 17}), "plugin_v") == Names{"plugin_v1", "plugin_v2"});
  REQUIRE(symbols_of(library(names, {1, 11, 17}), "") == Names{"plugin_v1", "other", "plugin_v2"});
  REQUIRE(symbols_of(library(names, {1000}), "").empty());
}

TEST_CASE("a small library cannot make a large list of symbols", "[base]") {
  // Every symbol is the end of one long name, and every section has all symbols.
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < 4000; ++i) positions.push_back(i);
  const Names found = symbols_of(library(std::string(4000, 'a') + '\0', positions, 1000), "a");
  REQUIRE(found.size() == 256);
  REQUIRE(found.front() == std::string(256, 'a'));
}

TEST_CASE("what is no shared library is refused", "[base]") {
  REQUIRE_THROWS_WITH(symbols_of("", "a"), "the file is cut short");
  REQUIRE_THROWS_WITH(symbols_of("#!/bin/sh\nexit 0\n", "a"), "it is not an ELF file");
  REQUIRE_THROWS_WITH(symbols_of(library("a", {0}).substr(0, 70), "a"), "the file is cut short");
  std::string program = library("a", {0});
  program[offsetof(Elf64_Ehdr, e_type)] = ET_EXEC;
  REQUIRE_THROWS_WITH(symbols_of(program, "a"), "it is not a shared library");
  program[EI_CLASS] = ELFCLASS32;
  REQUIRE_THROWS_WITH(symbols_of(program, "a"), "it is an ELF file for another kind of machine");
}
