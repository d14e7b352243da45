#include "protocol/json_schema/keyword_table.hpp"

#include <algorithm>
#include <array>

#include "protocol/json_schema/keyword_readers.hpp"

namespace carillon::json_schema {
namespace {

constexpr std::array kKeywords = {
    Keyword{"$schema", read_draft},
    Keyword{"$id", read_id},
    Keyword{"definitions", read_definitions},
    Keyword{"type", read_type},
    Keyword{"const", read_const},
    Keyword{"enum", read_enum},
    Keyword{"maximum", read_maximum},
    Keyword{"exclusiveMaximum", read_exclusive_maximum},
    Keyword{"minimum", read_minimum},
    Keyword{"exclusiveMinimum", read_exclusive_minimum},
    Keyword{"multipleOf", read_multiple_of},
    Keyword{"maxLength", read_max_length},
    Keyword{"minLength", read_min_length},
    Keyword{"maxItems", read_max_items},
    Keyword{"minItems", read_min_items},
    Keyword{"maxProperties", read_max_properties},
    Keyword{"minProperties", read_min_properties},
    Keyword{"required", read_required},
    Keyword{"format", read_format},
    Keyword{"uniqueItems", read_unique_items},
    Keyword{"dependencies", read_dependencies},
    Keyword{"propertyNames", read_property_names},
    Keyword{"properties", read_properties},
    Keyword{"additionalProperties", read_additional_properties},
    Keyword{"items", read_items},
    Keyword{"additionalItems", read_additional_items},
    Keyword{"contains", read_contains},
    Keyword{"allOf", read_all_of},
    Keyword{"anyOf", read_any_of},
    Keyword{"oneOf", read_one_of},
    Keyword{"not", read_not},
    Keyword{"if", read_if},
    Keyword{"then", read_branch},
    Keyword{"else", read_branch},
};

struct Refusal {
  std::string_view name;
  std::string_view why;
};

constexpr std::string_view kExpression =
    "no regular expression may see what strangers send; use 'enum', 'const', 'maxLength', or check "
    "it where it is used";

constexpr std::array kRefusals = {
    Refusal{"pattern", kExpression},
    Refusal{"patternProperties", kExpression},
    Refusal{"id", "it is of draft 4; draft 7 has '$id'"},
    Refusal{"extends", "it is of draft 3; draft 7 has 'allOf'"},
    Refusal{"disallow", "it is of draft 3; draft 7 has 'not'"},
    Refusal{"divisibleBy", "it is of draft 3; draft 7 has 'multipleOf'"},
    Refusal{"$anchor", "it is of a later draft; refer by place, e.g. \"#/definitions/name\""},
    Refusal{"$recursiveRef", "it is of a later draft; draft 7 has '$ref'"},
    Refusal{"$dynamicRef", "it is of a later draft; draft 7 has '$ref'"},
    Refusal{"prefixItems", "it is of a later draft; draft 7 has 'items' with a list"},
    Refusal{"minContains", "it is of a later draft"},
    Refusal{"maxContains", "it is of a later draft"},
    Refusal{"dependentRequired", "it is of a later draft; draft 7 has 'dependencies'"},
    Refusal{"dependentSchemas", "it is of a later draft; draft 7 has 'dependencies'"},
    Refusal{"unevaluatedItems", "it is of a later draft"},
    Refusal{"unevaluatedProperties", "it is of a later draft"},
};

}  // namespace

std::span<const Keyword> keywords() {
  return kKeywords;
}

std::string_view refusal_of(Bytes name) {
  const auto* found = std::ranges::find(kRefusals, name, &Refusal::name);
  return found == kRefusals.end() ? std::string_view() : found->why;
}

}  // namespace carillon::json_schema
