#include "formats/image_tiff_errors.h"

#include <tiffio.h>

#include "base/text.h"

namespace trefoil::formats {

namespace {

thread_local bool reported = false;

// libtiff leaves out a tag that it cannot read. That is no error in the pixels, and if they cannot be decoded without
// the tag, OpenCV says so. The modules are names of libtiff's functions.
bool concerns_tags(const char* module) {
  return module != nullptr &&
         (base::starts_with(module, "TIFFFetch") || base::starts_with(module, "TIFFReadDirectory"));
}

void report(thandle_t /*client*/, const char* module, const char* /*format*/, va_list /*values*/) {
  if (!concerns_tags(module)) reported = true;
}

}  // namespace

TiffErrors::TiffErrors() {
  // libtiff calls this handler in addition to that of OpenCV.
  [[maybe_unused]] static const TIFFErrorHandlerExt before = TIFFSetErrorHandlerExt(report);
  reported = false;
}

bool TiffErrors::any() const { return reported; }

}  // namespace trefoil::formats
