#include "protocol/json_schema/schema.hpp"

#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>

#include "protocol/json_schema/compiler.hpp"
#include "protocol/json_schema/document.hpp"
#include "protocol/json_schema/limits.hpp"
#include "protocol/json_schema/nested.hpp"
#include "protocol/json_schema/run.hpp"

namespace carillon::json_schema {

struct Program {
  Compiled compiled;
};

std::string describe(const Violation& violation) {
  if (violation.pointer.empty()) return violation.reason;
  return violation.pointer + ": " + violation.reason;
}

Result<Schema, SchemaError> Schema::compile(Bytes text) {
  auto compiled = TRY(Compiler(text).run());
  return Schema(std::make_shared<const Program>(Program{std::move(compiled)}));
}

Schema Schema::refuse_all(std::string reason) {
  auto schemas = std::make_unique<valijson::Schema>();
  schemas->addConstraintToSubschema(Constraint(Nothing{std::move(reason)}), schemas->root());
  const Subschema* root = schemas->root();
  return Schema(std::make_shared<const Program>(
      Program{.compiled = {.schemas = std::move(schemas), .root = root}}));
}

Result<void, Violation> Schema::check(Bytes json) const {
  const auto document = read_document(json);
  if (!document) {
    return std::unexpected(Violation{.pointer = document.error(),
                                     .reason = "is a number that is too large for a double"});
  }
  Run run(kLeastSteps + kStepsPerOctet * json.size());
  try {
    const valijson::adapters::NlohmannJsonAdapter value(*document);
    if (fits(*program_->compiled.root, value, {"<root>"})) return {};
  } catch (const OutOfSteps&) {
    return std::unexpected(Violation{
        .pointer = {}, .reason = "checking it takes too many steps; send it in smaller parts"});
  }
  return std::unexpected(
      std::move(run.violation()).value_or(Violation{.pointer = {}, .reason = "does not fit"}));
}

}  // namespace carillon::json_schema
