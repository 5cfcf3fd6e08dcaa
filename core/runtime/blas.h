// BLAS: the library that multiplies matrices for LibTorch.
#pragma once

#include <string>

namespace trefoil::runtime {

// The name of the BLAS and of its code for this processor, such as "OpenBLAS SkylakeX". "" for another library than
// OpenBLAS.
std::string blas_name();

// Starts this program again, with the same arguments, if OpenBLAS does not know the processor. It then uses code for
// processors of 2004, which multiplies matrices five times more slowly than the code for AVX2 or AVX-512. OpenBLAS
// chooses its code while the program is loaded, by the environment variable OPENBLAS_CORETYPE, so nothing else can
// change it. The new process removes the variable from its environment, so that programs that it starts choose for
// themselves.
//
// A variable that the user has set is kept, and nothing is started again. If the program cannot be started again, the
// function returns. Call it before any work and before any thread is started.
void restart_with_fast_blas(char** arguments);

}  // namespace trefoil::runtime
