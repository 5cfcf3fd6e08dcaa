// A shape becomes a mask, and the paint is blended through the mask.
#include "world/canvas.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <stdexcept>
#include <string>

namespace trefoil::demo {

namespace {

constexpr int kSubpixelBits = 4;  // OpenCV draws with a precision of 1/16 pixel

cv::Point2d applied(const cv::Matx23d& map, cv::Point2d point) {
  return {map(0, 0) * point.x + map(0, 1) * point.y + map(0, 2), map(1, 0) * point.x + map(1, 1) * point.y + map(1, 2)};
}

std::vector<cv::Point> subpixels(const Outline& outline, const cv::Matx23d& pose) {
  std::vector<cv::Point> points;
  points.reserve(outline.size());
  for (const cv::Point2d& point : outline) {
    const cv::Point2d pixel = applied(pose, point) * (1 << kSubpixelBits);
    points.emplace_back(cvRound(pixel.x), cvRound(pixel.y));
  }
  return points;
}

// The fractional part of a number above -64. std::floor would take a third of the time of all drawing.
double fraction(double number) {
  const double positive = number + 64;
  return positive - static_cast<double>(static_cast<int>(positive));
}

// Whether the pattern shows its second colour at a place. The base colour covers the larger part of every pattern,
// because it is the colour in the name.
bool is_second(Pattern pattern, double x, double y) {
  switch (pattern) {
    case Pattern::stripes:
      return fraction((x + y) * 1.7) < 0.4;
    case Pattern::bands:
      return fraction(x * 2.1 + 0.3) < 0.36;
    case Pattern::checks:
      return (fraction(x * 1.35 + 0.25) < 0.5) != (fraction(y * 1.35 + 0.25) < 0.5);
    case Pattern::dots: {
      const double shift = fraction(y * 1.05) < 0.5 ? 0 : 0.5;  // every second row is shifted
      const double across = fraction(x * 2.1 + shift) - 0.5;
      const double down = fraction(y * 2.1) - 0.5;
      return across * across + down * down < 0.1;
    }
    case Pattern::net:
      return fraction((x + y) * 2.0) < 0.2 || fraction((x - y) * 2.0) < 0.2;
    case Pattern::plain:
    case Pattern::frame:
      return false;
  }
  return false;
}

// Blends a colour, multiplied by `light`, into a pixel with opacity `weight` / 256. Most pixels are covered
// completely.
void blend(unsigned char* pixel, const Colour& colour, float light, int weight) {
  const int blue = static_cast<int>(std::min(colour.blue * light, 255.0F));
  const int green = static_cast<int>(std::min(colour.green * light, 255.0F));
  const int red = static_cast<int>(std::min(colour.red * light, 255.0F));
  if (weight == 256) {
    pixel[0] = static_cast<unsigned char>(blue);
    pixel[1] = static_cast<unsigned char>(green);
    pixel[2] = static_cast<unsigned char>(red);
    return;
  }
  pixel[0] = static_cast<unsigned char>((pixel[0] * (256 - weight) + blue * weight) >> 8);
  pixel[1] = static_cast<unsigned char>((pixel[1] * (256 - weight) + green * weight) >> 8);
  pixel[2] = static_cast<unsigned char>((pixel[2] * (256 - weight) + red * weight) >> 8);
}

// Blends a flat colour through the mask. `opacity` is in 256ths.
void blend_flat(cv::Mat picture, const cv::Mat& mask, const Colour& colour, int opacity) {
  for (int row = 0; row < picture.rows; ++row) {
    unsigned char* pixel = picture.ptr(row);
    const unsigned char* covered = mask.ptr(row);
    for (int column = 0; column < picture.cols; ++column, pixel += 3) {
      if (covered[column] != 0) blend(pixel, colour, 1, ((covered[column] + 1) * opacity) >> 8);
    }
  }
}

// Blends the paint's pattern through the mask, with a light from the upper left. `place` maps pixels of this part of
// the image to object coordinates.
void blend_painted(cv::Mat picture, const cv::Mat& mask, const Paint& paint, const cv::Matx23d& place) {
  const cv::Point2d step(place(0, 0), place(1, 0));
  const double finer = 1 / paint.grain;
  for (int row = 0; row < picture.rows; ++row) {
    unsigned char* pixel = picture.ptr(row);
    const unsigned char* covered = mask.ptr(row);
    const cv::Point2d first = applied(place, {0.5, row + 0.5});
    for (int column = 0; column < picture.cols; ++column, pixel += 3) {
      if (covered[column] == 0) continue;
      const double x = first.x + step.x * column;
      const double y = first.y + step.y * column;
      const double from_light = (x + 0.4) * (x + 0.4) + (y + 0.5) * (y + 0.5);
      const auto light = static_cast<float>(1 + paint.shading * (0.5 - from_light * 0.5));
      const bool second = paint.pattern != Pattern::plain && is_second(paint.pattern, x * finer, y * finer);
      blend(pixel, second ? paint.second : paint.base, light, covered[column] + 1);
    }
  }
}

cv::Mat square_of(int radius) { return cv::Mat::ones(2 * radius + 1, 2 * radius + 1, CV_8U); }

}  // namespace

Pattern pattern_of(std::string_view word) {
  constexpr std::pair<std::string_view, Pattern> kPatterns[] = {
      {"plain", Pattern::plain},    {"striped", Pattern::stripes}, {"dotted", Pattern::dots},
      {"checked", Pattern::checks}, {"framed", Pattern::frame},    {"spotted", Pattern::dots},
      {"banded", Pattern::bands},   {"netted", Pattern::net}};
  for (const auto& [name, pattern] : kPatterns) {
    if (name == word) return pattern;
  }
  throw std::logic_error("no such pattern: " + std::string(word));
}

Canvas::Canvas(cv::Mat& picture, const cv::Matx23d& pose)
    : picture_(picture),
      pose_(pose),
      scale_(std::sqrt(std::abs(pose(0, 0) * pose(1, 1) - pose(0, 1) * pose(1, 0)))),
      mask_(picture.size(), CV_8U),
      other_mask_(picture.size(), CV_8U) {}

int Canvas::pixels_of(double length) const { return std::max(1, cvRound(length * scale_)); }

// Draws the shape's mask. Returns the rectangle of the image that it touches, `margin` pixels larger on every side.
cv::Rect Canvas::cover(const Shape& shape, int margin) {
  std::vector<std::vector<cv::Point>> outlines;
  cv::Rect part;
  for (const Outline& outline : shape) {
    outlines.push_back(subpixels(outline, pose_));
    part |= cv::boundingRect(outlines.back());
  }
  const cv::Point corner(part.x >> kSubpixelBits, part.y >> kSubpixelBits);
  const cv::Point end((part.br().x >> kSubpixelBits) + 1, (part.br().y >> kSubpixelBits) + 1);
  const cv::Point wider(margin + 1, margin + 1);
  part = cv::Rect(corner - wider, end + wider) & cv::Rect({}, picture_.size());
  if (part.empty()) return part;
  cv::Mat mask = mask_(part);
  mask.setTo(0);
  const cv::Point offset(-part.x * (1 << kSubpixelBits), -part.y * (1 << kSubpixelBits));
  for (std::vector<cv::Point>& outline : outlines) {
    for (cv::Point& point : outline) point += offset;
  }
  cv::fillPoly(mask, outlines, cv::Scalar(255), cv::LINE_AA, kSubpixelBits);
  return part;
}

void Canvas::fill(const Shape& shape, const Paint& paint) {
  const int width = pixels_of(paint.outline);
  const cv::Rect part = cover(shape, paint.outline > 0 ? width : 0);
  if (part.empty()) return;
  cv::Mat picture = picture_(part);
  const cv::Mat mask = mask_(part);
  cv::Mat other = other_mask_(part);
  if (paint.outline > 0) {
    cv::dilate(mask, other, square_of(width), {-1, -1}, 1, cv::BORDER_CONSTANT | cv::BORDER_ISOLATED);
    blend_flat(picture, other, ink_of(paint.base), 256);
  }
  cv::Matx23d place;
  cv::invertAffineTransform(pose_, place);
  const cv::Point2d origin = applied(place, cv::Point2d(part.tl()));
  place(0, 2) = origin.x;
  place(1, 2) = origin.y;
  if (paint.pattern != Pattern::frame) return blend_painted(picture, mask, paint, place);
  blend_flat(picture, mask, paint.second, 256);
  cv::erode(mask, other, square_of(pixels_of(0.12 * paint.grain)), {-1, -1}, 1,
            cv::BORDER_CONSTANT | cv::BORDER_ISOLATED);
  blend_painted(picture, other, paint, place);
}

void Canvas::shadow(const Shape& shape) {
  constexpr int kShadow = 90;  // opacity in 256ths
  Shape below = shape;
  for (Outline& outline : below) outline = moved(std::move(outline), {0.06, 0.1});
  const cv::Rect part = cover(below, 0);
  if (!part.empty()) blend_flat(picture_(part), mask_(part), rgb(10, 12, 24), kShadow);
}

void Canvas::line(const Outline& path, double width, const Colour& colour) {
  const std::vector<cv::Point> points = subpixels(path, pose_);
  cv::polylines(picture_, points, false, scalar(colour), pixels_of(width), cv::LINE_AA, kSubpixelBits);
}

}  // namespace trefoil::demo
