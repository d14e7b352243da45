#include "protocol/json_schema/nested.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <unordered_map>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/validation_visitor.hpp>

namespace carillon::json_schema {
namespace {

using valijson::adapters::NlohmannJsonAdapter;

bool visit(const valijson::Subschema& schema, const NlohmannJsonAdapter& value, const Path& path) {
  // Never used: no schema that was compiled has an expression.
  std::unordered_map<std::string, std::regex> no_expressions;
  // Without a list of results it ends at the first fault, and keeps no texts of its own.
  valijson::ValidationVisitor<NlohmannJsonAdapter> visitor(value, path, true, nullptr,
                                                           no_expressions);
  return visitor.validateSchema(schema);
}

}  // namespace

bool fits(const valijson::Subschema& schema, const valijson::adapters::Adapter& value,
          const Path& path) {
  // All values come from one kind of document, and names do not go through valijson.
  return visit(schema, static_cast<const NlohmannJsonAdapter&>(value), path);
}

bool name_fits(const valijson::Subschema& schema, const std::string& name, const Path& path) {
  const nlohmann::json text(name);
  return visit(schema, NlohmannJsonAdapter(text), path);
}

}  // namespace carillon::json_schema
