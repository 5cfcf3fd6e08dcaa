#include "limits.h"

#include <torch/csrc/jit/frontend/lexer.h>

#include <string>

#include "place.h"

namespace script {

namespace {

bool ends_statement(int kind) {
  return kind == torch::jit::TK_NEWLINE || kind == torch::jit::TK_INDENT || kind == torch::jit::TK_DEDENT;
}

}  // namespace

void require_small(const std::shared_ptr<torch::jit::Source>& source) {
  constexpr int kMostInStatement = 1000;
  constexpr int kMostInScript = 10000;
  torch::jit::Lexer lexer(source);
  int in_statement = 0;
  int in_script = 0;
  for (; lexer.cur().kind != torch::jit::TK_EOF; lexer.next()) {
    in_statement = ends_statement(lexer.cur().kind) ? 0 : in_statement + 1;
    if (in_statement > kMostInStatement) {
      throw mistake(place_of(lexer.cur().range), "a statement has more than 1,000 words and signs",
                    "split it, and give names to the parts");
    }
    if (++in_script > kMostInScript) {
      throw mistake(place_of(lexer.cur().range), "the script has more than 10,000 words and signs",
                    "make a compiled plugin of it");
    }
  }
}

}  // namespace script
