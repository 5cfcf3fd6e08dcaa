#include "formats/image_tiff_errors.h"

#include <tiffio.h>

namespace trefoil::formats {

namespace {

thread_local bool reported = false;

void report(thandle_t /*client*/, const char* /*module*/, const char* /*format*/, va_list /*values*/) {
  reported = true;
}

}  // namespace

TiffErrors::TiffErrors() {
  // libtiff calls this handler in addition to that of OpenCV.
  [[maybe_unused]] static const TIFFErrorHandlerExt before = TIFFSetErrorHandlerExt(report);
  reported = false;
}

bool TiffErrors::any() const { return reported; }

}  // namespace trefoil::formats
