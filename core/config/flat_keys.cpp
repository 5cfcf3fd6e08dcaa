#include "config/flat_keys.h"

#include <utility>

namespace trefoil::config {

void set_flat(Table& flat, Entry entry, Diagnostics& diagnostics) {
  const Value* present = flat.find(entry.key);
  if (present != nullptr) {
    const bool is_override = !present->origin.override_text.empty();
    const bool by_override = !entry.value.origin.override_text.empty();
    if (is_override && !by_override) return;
    if (!by_override && present->origin.file == entry.value.origin.file) {
      diagnostics.error(entry.value.origin, "'" + entry.key + "' is set twice: here and at " + present->origin.text(),
                        "keep one of the two");
      return;
    }
  }
  flat.set(std::move(entry));
}

void flatten(const Table& table, const std::string& prefix, Table& flat, Diagnostics& diagnostics) {
  for (const Entry& entry : table.entries()) {
    const Table* inner = entry.value.table();
    if (inner != nullptr && inner->find("from") == nullptr) {
      flatten(*inner, prefix + entry.key + ".", flat, diagnostics);
    } else {
      set_flat(flat, {prefix + entry.key, entry.key_origin, entry.value}, diagnostics);
    }
  }
}

}  // namespace trefoil::config
