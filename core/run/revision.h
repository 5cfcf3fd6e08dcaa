#pragma once

namespace trefoil::run {

// The output of `git describe` when the library was built; "unknown" outside a repository.
extern const char* const kSourceRevision;

}  // namespace trefoil::run
