#include "report/page.h"

namespace trefoil::report {

PageData row(std::initializer_list<std::pair<const char*, std::string>> fields) {
  PageData result{PageData::type::object};
  for (const auto& [key, value] : fields) result.set(key, value);
  return result;
}

PageData text_list(const std::vector<std::string>& texts) {
  PageData list{PageData::type::list};
  for (const std::string& text : texts) list << PageData{text};
  return list;
}

PageData tiles(const std::vector<std::pair<std::string, std::string>>& values_and_labels) {
  PageData list{PageData::type::list};
  for (const auto& [value, label] : values_and_labels) list << row({{"value", value}, {"label", label}});
  return list;
}

std::string rendered(const char* page_template, const PageData& page) {
  return kainjow::mustache::mustache{page_template}.render(page);
}

}  // namespace trefoil::report
