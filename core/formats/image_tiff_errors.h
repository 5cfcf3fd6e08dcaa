// TiffErrors: whether libtiff found an error in pixels.
#pragma once

namespace trefoil::formats {

// OpenCV ignores errors in compressed pixels, and leaves the pixels after them black. An object of this class tells
// whether libtiff has reported one of the pixels in this thread since the object was made.
class TiffErrors {
 public:
  TiffErrors();
  bool any() const;
};

}  // namespace trefoil::formats
