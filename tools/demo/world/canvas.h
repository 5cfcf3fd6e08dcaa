// Canvas: draws on an image in object coordinates.
#pragma once

#include <opencv2/core.hpp>

#include "world/outline.h"
#include "world/paint.h"

namespace trefoil::demo {

class Canvas {
 public:
  // `pose` maps object coordinates to pixels of the image (CV_8UC3, BGR). The image must outlive the canvas.
  Canvas(cv::Mat& picture, const cv::Matx23d& pose);

  void fill(const Shape& shape, const Paint& paint);
  void fill(const Outline& outline, const Paint& paint) { fill(Shape{outline}, paint); }

  // Draws the shadow of a shape.
  void shadow(const Shape& shape);

  // Draws an open path with round ends.
  void line(const Outline& path, double width, const Colour& colour);

 private:
  cv::Rect cover(const Shape& shape, int margin);
  int pixels_of(double length) const;

  cv::Mat& picture_;
  cv::Matx23d pose_;
  double scale_ = 1;    // pixels per unit
  cv::Mat mask_;        // how much of each pixel the shape covers, 0 to 255
  cv::Mat other_mask_;  // the mask of the widened or narrowed shape
};

}  // namespace trefoil::demo
