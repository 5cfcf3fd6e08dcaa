#include "run/output_texts.h"

#include "support/catch.h"

using namespace tests;
using namespace trefoil::run;

TEST_CASE("JSON texts are UTF-8, whatever bytes a file name holds", "[model]") {
  Summary summary;
  summary.warnings = {"caf\xe9.jpg: cannot be read"};
  REQUIRE_THAT(metrics_line(summary), ContainsSubstring("caf\uFFFD.jpg: cannot be read"));
  REQUIRE_THAT(json_text({{"warning", "caf\xe9"}}), ContainsSubstring("caf\uFFFD"));
}
