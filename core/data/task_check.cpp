#include "data/task_check.h"

#include <unordered_set>

#include "base/text.h"
#include "data/equal_rows.h"
#include "runtime/blocks.h"

namespace trefoil::data {

namespace {

using RowSet = std::unordered_set<std::string_view>;

bool is_estimated(const Task& task, std::int64_t label) {
  return task.estimated.defined() && task.estimated[label].item<bool>();
}

// Notes equal support rows. Several estimated images of one class are equal on purpose and do not count.
void note_equal_support(Task& task) {
  const auto* label = task.support.labels.data_ptr<std::int64_t>();
  const std::vector<std::int64_t> first = first_equal_rows(task.support.images);
  std::int64_t repeated = 0;
  std::int64_t contradicting = 0;
  for (std::int64_t row = 0; row < task.support.image_count(); ++row) {
    const std::int64_t other = first[static_cast<std::size_t>(row)];
    if (other == row || is_estimated(task, label[row])) continue;
    ++(label[other] == label[row] ? repeated : contradicting);
  }
  if (repeated > 0) {
    task.notes.push_back(base::counted(repeated, "support row") + (repeated == 1 ? " repeats" : " repeat") +
                         " another row of the same class; the search leaves equal rows out together");
  }
  if (contradicting > 0) {
    task.notes.push_back(base::counted(contradicting, "support row") + (contradicting == 1 ? " is" : " are") +
                         " equal to a row of another class: check support_labels; the search does not evaluate such "
                         "rows");
  }
}

// Checks all rows of the queries, and returns how many of them are in `known`.
std::int64_t check_queries(const Queries& queries, const RowSet& known, int threads) {
  constexpr std::int64_t kBlock = 4096;  // rows
  std::int64_t found = 0;
  runtime::in_blocks(
      queries.count(), kBlock, threads,
      [&](std::int64_t first, std::int64_t count) {
        const QueryBlock block = queries.read(first, count);
        std::int64_t in_block = 0;
        for (std::int64_t row = 0; row < count; ++row) {
          in_block += static_cast<std::int64_t>(known.count(row_bytes(block.features, row)));
        }
        return in_block;
      },
      [&](std::int64_t in_block) { found += in_block; });
  return found;
}

void note_known_queries(Task& task, const char* noun, std::int64_t found) {
  if (found == 0) return;
  task.notes.push_back(base::counted(found, noun) + (found == 1 ? " is a support row" : " are support rows") +
                       " too, so the accuracy on them is too good");
}

}  // namespace

void check_rows(Task& task, int threads) {
  note_equal_support(task);
  RowSet known;
  for (std::int64_t row = 0; row < task.support.image_count(); ++row) {
    known.insert(row_bytes(task.support.images, row));
  }
  note_known_queries(task, "query", check_queries(*task.query, known, threads));
  if (task.validation == nullptr) return;
  note_known_queries(task, "validation query", check_queries(*task.validation, known, threads));
}

void check_rows(const Queries& queries, int threads) { check_queries(queries, {}, threads); }

}  // namespace trefoil::data
