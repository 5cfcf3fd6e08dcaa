// Files as Python's torch.save writes them, and others that it never would.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tests {

// Writes a zip file with these members. Python's torch.save never compresses them.
void write_zip(const std::filesystem::path& path, const std::map<std::string, std::string>& members,
               bool compressed = false);

// The bytes of such a file, made without libzip: quick, for fuzzing.
std::string stored_zip(const std::vector<std::pair<std::string, std::string>>& members);

// Parts of a pickle of protocol 2.
namespace pickle {

std::string whole(const std::string& value);  // with the first and the last opcode
std::string text(const std::string& text);
std::string integer(std::int64_t value);
std::string tuple(const std::vector<std::string>& items);
std::string dictionary(const std::vector<std::pair<std::string, std::string>>& items);  // of texts to values
std::string global(const std::string& module, const std::string& name);
std::string call(const std::string& callee, const std::string& arguments);
std::string storage(const std::string& type, const std::string& key, std::int64_t count);
std::string tensor(const std::string& storage, std::int64_t offset, const std::vector<std::int64_t>& sizes,
                   const std::vector<std::int64_t>& strides);

}  // namespace pickle

// The bytes of float32 numbers.
std::string float_bytes(const std::vector<float>& numbers);

}  // namespace tests
