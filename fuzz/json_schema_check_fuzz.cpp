// A schema, a zero octet, and data: the verdict is the opposite of that of the schema's `not`, and
// the place that is named is one in the data.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "core/check.hpp"
#include "protocol/json/validator.hpp"
#include "protocol/json_schema/schema.hpp"

namespace {

using namespace carillon;
using json_schema::Schema;

/// Not of the schema: the data's number or size ends every check of it.
bool is_about_the_data(const json_schema::Violation& violation) {
  return violation.reason.find("too many steps") != std::string::npos ||
         violation.reason.find("too large") != std::string::npos;
}

void check_place(const json_schema::Violation& violation, Bytes data) {
  CARILLON_CHECK(!violation.reason.empty());
  if (violation.pointer.ends_with("…") || is_about_the_data(violation)) return;
  const auto document = nlohmann::json::parse(data);
  CARILLON_CHECK(document.contains(nlohmann::json::json_pointer(violation.pointer)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
  const Bytes input(reinterpret_cast<const char*>(octets), size);
  const std::size_t end = input.find('\0');
  if (end == Bytes::npos) return 0;
  const Bytes text = input.substr(0, end);
  const Bytes data = input.substr(end + 1);
  if (!json::validate(data)) return 0;
  const auto schema = Schema::compile(text);
  if (!schema) return 0;
  const auto verdict = schema->check(data);
  if (!verdict) check_place(verdict.error(), data);
  // Within another schema, references and the root's own keywords mean something else.
  if (text.find('$') != Bytes::npos || text.find('\\') != Bytes::npos) return 0;
  const auto opposite = Schema::compile("{\"not\":" + std::string(text) + "}");
  if (!opposite) return 0;
  const auto other = opposite->check(data);
  if (!other && is_about_the_data(other.error())) return 0;
  if (!verdict && is_about_the_data(verdict.error())) return 0;
  CARILLON_CHECK(verdict.has_value() != other.has_value());
  return 0;
}
