// The vocabularies of SigLIP in tokenizer.json: a unigram model, or a byte-pair encoding on characters (SigLIP 2).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>

#include "tokenizer.h"

namespace clip {

// Returns whether the contents of a tokenizer.json are a vocabulary of SigLIP.
bool holds_pieces(const nlohmann::json& tokenizer);

// Makes the tokenizer. Throws std::runtime_error that names the file if it is damaged, or asks for steps that are not
// known here. Added tokens are not searched for in texts.
std::unique_ptr<Tokenizer> make_piece_tokenizer(const nlohmann::json& tokenizer, const std::filesystem::path& file,
                                                std::int64_t context_length);

}  // namespace clip
