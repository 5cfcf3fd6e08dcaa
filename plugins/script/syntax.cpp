#include "syntax.h"

#include "place.h"

namespace script {

namespace {

void require_complete_in(const torch::jit::TreeRef& tree) {
  if (tree->kind() == torch::jit::TK_SUBSCRIPT && torch::jit::Subscript(tree).subscript_exprs().empty()) {
    throw mistake(place_of(tree->range()), "there is no index between the brackets",
                  "write one, such as x[0], or x[:] for all of x");
  }
  for (const torch::jit::TreeRef& part : tree->trees()) require_complete_in(part);
}

}  // namespace

void require_complete(const torch::jit::Def& definition) { require_complete_in(definition.tree()); }

}  // namespace script
