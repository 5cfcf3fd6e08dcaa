# Writes OUTPUT, a source file with the git revision of SOURCE_DIR. The file is not touched when its content does not change.
execute_process(
  COMMAND git -C ${SOURCE_DIR} describe --always --dirty --abbrev=12
  OUTPUT_VARIABLE revision
  OUTPUT_STRIP_TRAILING_WHITESPACE
  ERROR_QUIET
  RESULT_VARIABLE failure)
if(failure)
  set(revision "unknown")
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT [[#include "run/revision.h"

namespace trefoil::run {

const char* const kSourceRevision = "@revision@";

}  // namespace trefoil::run
]] @ONLY)
