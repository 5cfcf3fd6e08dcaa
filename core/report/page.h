// Page: data for the HTML templates of reports. The templates escape every text.
#pragma once

#include <initializer_list>
#include <kainjow/mustache.hpp>
#include <string>
#include <utility>
#include <vector>

namespace trefoil::report {

using PageData = kainjow::mustache::data;

// An object with these texts.
PageData row(std::initializer_list<std::pair<const char*, std::string>> fields);

PageData text_list(const std::vector<std::string>& texts);

// Large numbers with a label below: {value, label} each.
PageData tiles(const std::vector<std::pair<std::string, std::string>>& values_and_labels);

std::string rendered(const char* page_template, const PageData& page);

}  // namespace trefoil::report
