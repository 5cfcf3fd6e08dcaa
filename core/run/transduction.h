// Transduction: what the outputs say when an adapter has adapted a classifier to its queries.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "pipeline/adapter_stage.h"
#include "runtime/observer.h"

namespace trefoil::run {

struct Transduction {
  std::string adapter;
  std::string assumption;    // see trefoil/adapter.h; "" for none
  std::int64_t queries = 0;  // that could be read
  std::int64_t classes = 0;
  std::int64_t queries_per_class = 1;  // that the adapter needs
};

Transduction transduction_of(const pipeline::AdapterStage& adapter, const data::Queries& queries, std::int64_t classes);

// Logs, as warnings, that predictions depend on all test images together, and whether there are fewer than the adapter
// needs.
void log_transduction(const Transduction& transduction, runtime::Observer& observer);

void to_json(nlohmann::ordered_json& json, const Transduction& transduction);

}  // namespace trefoil::run
