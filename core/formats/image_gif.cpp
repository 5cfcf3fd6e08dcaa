#include "formats/image_gif.h"

#include <gif_lib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <vector>

#include "formats/image_bytes.h"

namespace trefoil::formats {

namespace {

constexpr const char* kGifCutShort = "the GIF ends before the end of its first frame; it was probably cut short";
constexpr const char* kGifDamaged = "the GIF is damaged";

struct CloseGif {
  void operator()(GifFileType* gif) const { DGifCloseFile(gif, nullptr); }
};

// A GIF file, read by giflib up to the pixels of its first frame.
class FirstFrame {
 public:
  explicit FirstFrame(std::string_view file) : left_(file) {
    int failure = 0;
    gif_.reset(DGifOpen(this, &FirstFrame::read, &failure));
    if (!gif_) throw BadImage(ended_ ? kGifCutShort : kGifDamaged);
    find_image();
  }
  FirstFrame(const FirstFrame&) = delete;
  FirstFrame& operator=(const FirstFrame&) = delete;

  // A frame that reaches beyond the screen makes the image larger, as in Pillow.
  Header header() const {
    const GifImageDesc& frame = gif_->Image;
    return make_header(Format::gif, static_cast<std::uint64_t>(std::max(gif_->SWidth, frame.Left + frame.Width)),
                       static_cast<std::uint64_t>(std::max(gif_->SHeight, frame.Top + frame.Height)));
  }

  // Reads the compressed pixels to their end, without decoding them.
  void skip_pixels() {
    int code_size = 0;
    GifByteType* block = nullptr;
    require(DGifGetCode(gif_.get(), &code_size, &block));
    while (block != nullptr) require(DGifGetCodeNext(gif_.get(), &block));
  }

  Image decode() {
    const Header size = header();
    const std::array<GifColorType, 256> colours = palette();
    const GifColorType outside = colours[static_cast<std::size_t>(std::max(transparent_, 0))];
    Image image{size.width, size.height, {}};
    image.rgb.resize(static_cast<std::size_t>(size.width * size.height * kChannels));
    for (auto to = image.rgb.begin(); to != image.rgb.end();) {
      for (const std::uint8_t value : {outside.Red, outside.Green, outside.Blue}) *to++ = value;
    }
    const GifImageDesc& frame = gif_->Image;
    std::vector<GifPixelType> line(static_cast<std::size_t>(frame.Width));
    for (const int row : row_order()) {
      require(DGifGetLine(gif_.get(), line.data(), frame.Width));
      auto to = image.rgb.begin() + ((frame.Top + row) * size.width + frame.Left) * kChannels;
      for (const GifPixelType pixel : line) {
        const GifColorType colour = colours[pixel];
        for (const std::uint8_t value : {colour.Red, colour.Green, colour.Blue}) *to++ = value;
      }
    }
    return image;
  }

 private:
  static int read(GifFileType* gif, GifByteType* to, int count) {
    auto& self = *static_cast<FirstFrame*>(gif->UserData);
    const std::size_t given = std::min(static_cast<std::size_t>(count), self.left_.size());
    self.ended_ = self.ended_ || given < static_cast<std::size_t>(count);
    std::memcpy(to, self.left_.data(), given);
    self.left_.remove_prefix(given);
    return static_cast<int>(given);
  }

  void require(int result) const {
    if (result == GIF_ERROR) throw BadImage(ended_ ? kGifCutShort : kGifDamaged);
  }

  void find_image() {
    GifRecordType record = UNDEFINED_RECORD_TYPE;
    for (require(DGifGetRecordType(gif_.get(), &record)); record != IMAGE_DESC_RECORD_TYPE;
         require(DGifGetRecordType(gif_.get(), &record))) {
      if (record != EXTENSION_RECORD_TYPE) throw BadImage("the GIF has no image in it");
      read_extension();
    }
    require(DGifGetImageDesc(gif_.get()));
  }

  void read_extension() {
    int code = 0;
    GifByteType* block = nullptr;  // the first byte is the length
    require(DGifGetExtension(gif_.get(), &code, &block));
    GraphicsControlBlock control;
    if (code == GRAPHICS_EXT_FUNC_CODE && block != nullptr &&
        DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK) {
      transparent_ = control.TransparentColor;
    }
    while (block != nullptr) require(DGifGetExtensionNext(gif_.get(), &block));
  }

  // Colours that the palette does not have are greys, as in Pillow.
  std::array<GifColorType, 256> palette() const {
    std::array<GifColorType, 256> colours{};
    for (std::size_t i = 0; i < colours.size(); ++i) {
      const auto grey = static_cast<GifByteType>(i);
      colours[i] = {grey, grey, grey};
    }
    const ColorMapObject* map = gif_->Image.ColorMap != nullptr ? gif_->Image.ColorMap : gif_->SColorMap;
    if (map != nullptr) std::copy_n(map->Colors, map->ColorCount, colours.begin());
    return colours;
  }

  // The rows of an interlaced frame come in four passes (CompuServe, Graphics Interchange Format, 89a, appendix E).
  std::vector<int> row_order() const {
    const GifImageDesc& frame = gif_->Image;
    std::vector<int> rows;
    const auto pass = [&](int first, int step) {
      for (int row = first; row < frame.Height; row += step) rows.push_back(row);
    };
    if (!frame.Interlace) {
      pass(0, 1);
      return rows;
    }
    pass(0, 8);
    pass(4, 8);
    pass(2, 4);
    pass(1, 2);
    return rows;
  }

  std::string_view left_;  // the part of the file that was not read yet
  bool ended_ = false;     // whether giflib asked for more bytes than there are
  int transparent_ = NO_TRANSPARENT_COLOR;
  std::unique_ptr<GifFileType, CloseGif> gif_;
};

}  // namespace

Header read_gif_header(std::string_view file) {
  FirstFrame frame(file);
  const Header header = frame.header();
  frame.skip_pixels();
  return header;
}

Image decode_gif(std::string_view file) { return FirstFrame(file).decode(); }

}  // namespace trefoil::formats
