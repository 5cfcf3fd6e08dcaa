#pragma once

namespace trefoil::run {

// What `git describe` said of the source when it was built; "unknown" outside a repository.
extern const char* const kSourceRevision;

}  // namespace trefoil::run
