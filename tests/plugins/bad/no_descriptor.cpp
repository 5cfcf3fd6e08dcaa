// A library without a TREFOIL_SELECTOR line.
#include <trefoil/selector.h>

extern "C" __attribute__((visibility("default"))) int something_else() { return 1; }
