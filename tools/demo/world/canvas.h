// Canvas: draws in object coordinates on a picture.
#pragma once

#include <opencv2/core.hpp>

#include "world/outline.h"
#include "world/paint.h"

namespace trefoil::demo {

class Canvas {
 public:
  // `pose` maps object coordinates to pixels of the picture (CV_8UC3, BGR), which must outlive the canvas.
  Canvas(cv::Mat& picture, const cv::Matx23d& pose);

  void fill(const Shape& shape, const Paint& paint);
  void fill(const Outline& outline, const Paint& paint) { fill(Shape{outline}, paint); }

  // The dark patch that a thing of this shape throws on what lies behind it.
  void shadow(const Shape& shape);

  // An open path with round ends.
  void line(const Outline& path, double width, const Colour& colour);

 private:
  cv::Rect cover(const Shape& shape, int margin);
  int pixels_of(double length) const;

  cv::Mat& picture_;
  cv::Matx23d pose_;
  double scale_ = 1;    // pixels of a unit
  cv::Mat mask_;        // how much of each pixel the shape covers, of 255
  cv::Mat other_mask_;  // the same, of the shape made wider or narrower
};

}  // namespace trefoil::demo
