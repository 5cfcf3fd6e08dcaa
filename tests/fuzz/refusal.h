// How a reader may refuse an input. Every other exception ends the program, and so is a finding.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>

namespace fuzz {

// Whether refusals are printed. It shows which inputs of a corpus are good.
inline bool prints_refusals = false;

inline void print_refusal(const std::runtime_error& error) {
  if (prints_refusals) std::cout << "  " << error.what() << '\n';
}

// Calls a reader. It may throw an std::runtime_error that names the file, or the folder that it is in.
template <typename Read>
void read_or_refuse(const std::filesystem::path& file, Read read) {
  try {
    read();
  } catch (const std::runtime_error& error) {
    print_refusal(error);
    if (std::string(error.what()).find(file.string()) != std::string::npos) return;
    std::cerr << "this error does not name the file: " << error.what() << '\n';
    std::abort();
  }
}

// Calls a reader whose caller adds the file to the message.
template <typename Read>
void read_or_refuse(Read read) {
  try {
    read();
  } catch (const std::runtime_error& error) {
    print_refusal(error);
    if (*error.what() != '\0') return;
    std::cerr << "this error has no message\n";
    std::abort();
  }
}

}  // namespace fuzz
