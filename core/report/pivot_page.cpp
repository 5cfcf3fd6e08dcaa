#include "report/pivot_page.h"

#include <fmt/format.h>

#include "report/page.h"
#include "report/pivot_chart.h"
#include "report/pivot_text.h"
#include "report/svg.h"

namespace trefoil::report {

namespace {

using data = PageData;

data page_field(const std::string& text, const char* mark) { return row({{"text", text}, {"mark", mark}}); }

data page_head(const Pivot& pivot) {
  data head{data::type::list};
  for (const std::string& column : pivot.columns) head << row({{"text", column}});
  return head;
}

data page_line(const std::string& label, const data& fields) {
  data line = row({{"label", label}});
  line.set("fields", fields);
  return line;
}

data page_block(const PivotBlock& block, const Pivot& pivot, const data& lines) {
  data result = row({{"name", block.name}, {"row_title", pivot.row_title}});
  result.set("head", page_head(pivot));
  result.set("rows", lines);
  return result;
}

data accuracy_blocks(const Pivot& pivot) {
  data blocks{data::type::list};
  for (const PivotBlock& block : pivot.blocks) {
    data lines{data::type::list};
    for (std::size_t i = 0; i < pivot.rows.size(); ++i) {
      data fields{data::type::list};
      for (const auto& value : block.values[i]) {
        const Mark mark = value ? value->mark : Mark::none;
        fields << page_field(accuracy_text(value), mark == Mark::best ? "best" : mark == Mark::second ? "second" : "");
      }
      lines << page_line(pivot.rows[i], fields);
    }
    for (const PublishedRow& published : block.published) {
      data fields{data::type::list};
      for (const auto& value : published.values) fields << page_field(value ? fmt::format("{:.2f}", *value) : "–", "");
      data line = page_line(published.method, fields);
      line.set("published", true);
      lines << line;
    }
    data result = page_block(block, pivot, lines);
    if (!block.published.empty()) result.set("sources", published_sources(block));
    blocks << result;
  }
  return blocks;
}

data difference_blocks(const Pivot& pivot) {
  data blocks{data::type::list};
  for (const PivotBlock& block : pivot.blocks) {
    data lines{data::type::list};
    for (std::size_t i = 0; i < pivot.rows.size(); ++i) {
      if (i == pivot.baseline) continue;
      data fields{data::type::list};
      for (const auto& value : block.values[i]) {
        const bool stands_out = value && value->difference && value->difference->stands_out();
        fields << page_field(difference_text(value), stands_out ? "best" : "");
      }
      lines << page_line(pivot.rows[i], fields);
    }
    blocks << page_block(block, pivot, lines);
  }
  return blocks;
}

void add_figure(const Pivot& pivot, data& page) {
  const std::vector<std::size_t> rows = charted_rows(pivot);
  page.set("has_figure", !rows.empty());
  if (rows.empty()) return;
  data panels{data::type::list};
  for (std::size_t block = 0; block < pivot.blocks.size(); ++block)
    panels << row({{"svg", pivot_panel(pivot, block, rows)}});
  data legend{data::type::list};
  for (std::size_t i = 0; i < rows.size(); ++i)
    legend << row({{"style", series_style(i)}, {"text", pivot.rows[rows[i]]}});
  page.set("panels", panels);
  page.set("legend", legend);
  page.set("figure_note", rows.size() < pivot.rows.size() ? " The ten best rows are shown." : "");
}

}  // namespace

data pivot_page(const Pivot& pivot) {
  data page = row({{"column_title", pivot.column_title},
                   {"note", accuracy_note(pivot)},
                   {"baseline", pivot.rows[pivot.baseline]},
                   {"difference_note", difference_note(pivot)}});
  page.set("blocks", accuracy_blocks(pivot));
  page.set("has_differences", pivot.has_differences);
  if (pivot.has_differences) page.set("differences", difference_blocks(pivot));
  add_figure(pivot, page);
  return page;
}

}  // namespace trefoil::report
