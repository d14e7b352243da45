#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

#include "protocol/json/scalar.hpp"
#include "protocol/json_schema/keyword_readers.hpp"
#include "protocol/json_schema/keyword_values.hpp"

namespace carillon::json_schema {
namespace {

struct NamedType {
  std::string_view name;
  Types::Type type;
  std::string_view words;
};

constexpr std::array kTypes = {
    NamedType{"null", Types::Null, "null"},
    NamedType{"boolean", Types::Boolean, "true or false"},
    NamedType{"integer", Types::Integer, "an integer"},
    NamedType{"number", Types::AnyNumber, "a number"},
    NamedType{"string", Types::String, "a string"},
    NamedType{"array", Types::Array, "an array"},
    NamedType{"object", Types::Object, "an object"},
};

/// Values are quoted in reasons up to this size.
constexpr std::size_t kMostQuotedBytes = 100;

Result<const NamedType*, SchemaError> type_of(Site& site, const json::Value& value) {
  if (value.kind == json::Kind::String) {
    const auto found = std::ranges::find_if(
        kTypes, [&](const NamedType& type) { return json::string_is(value.raw, type.name); });
    if (found != kTypes.end()) return &*found;
  }
  return site.fail(value.raw,
                   "'type' must be null, boolean, integer, number, string, array, object, or a "
                   "list of these");
}

Read add_bound(Site& site, const json::Value& value, Bytes keyword, Bound::Side side,
               std::string_view must_be) {
  const Number bound = TRY(read_number(site, value, keyword));
  site.demand(Bound{
      .side = side, .bound = bound, .reason = fmt::format("must be {} {}", must_be, value.raw)});
  return {};
}

std::string counted(std::uint64_t count, Size::Of of) {
  const std::string_view unit = of == Size::Of::String  ? "character"
                                : of == Size::Of::Array ? "item"
                                                        : "member";
  return fmt::format("{} {}{}", count, unit, count == 1 ? "" : "s");
}

Read add_most(Site& site, const json::Value& value, Bytes keyword, Size::Of of) {
  const std::uint64_t most = TRY(read_count(site, value, keyword));
  site.demand(Size{.of = of, .most = most, .reason = "must have at most " + counted(most, of)});
  return {};
}

Read add_least(Site& site, const json::Value& value, Bytes keyword, Size::Of of) {
  const std::uint64_t least = TRY(read_count(site, value, keyword));
  site.demand(Size{.of = of, .least = least, .reason = "must have at least " + counted(least, of)});
  return {};
}

}  // namespace

Read read_type(Site& site, const json::Value& value) {
  std::vector<json::Value> names = {value};
  if (value.kind == json::Kind::Array) names = TRY(read_list(site, value, "type"));
  Types rule{.types = 0, .reason = "must be "};
  for (const json::Value& name : names) {
    const NamedType* type = TRY(type_of(site, name));
    if (rule.types != 0) rule.reason += " or ";
    rule.types |= type->type;
    rule.reason += type->words;
  }
  if (rule.types == 0) return site.fail(value.raw, "'type' must name at least one type");
  site.demand(std::move(rule));
  return {};
}

Read read_const(Site& site, const json::Value& value) {
  OneOfValues rule{.values = {}, .reason = "must be the value of 'const'"};
  rule.values.insert(TRY(canonical_of(site, value)));
  if (value.raw.size() <= kMostQuotedBytes) rule.reason = "must be " + std::string(value.raw);
  site.demand(std::move(rule));
  return {};
}

Read read_enum(Site& site, const json::Value& value) {
  OneOfValues rule{.values = {}, .reason = "must be one of the values of 'enum'"};
  for (const json::Value& element : TRY(read_list(site, value, "enum"))) {
    rule.values.insert(TRY(canonical_of(site, element)));
  }
  if (rule.values.empty()) return site.fail(value.raw, "'enum' must have at least one value");
  if (value.raw.size() <= kMostQuotedBytes) {
    rule.reason = "must be one of " + std::string(value.raw.substr(1, value.raw.size() - 2));
  }
  site.demand(std::move(rule));
  return {};
}

Read read_maximum(Site& site, const json::Value& value) {
  return add_bound(site, value, "maximum", Bound::Side::Maximum, "at most");
}

Read read_exclusive_maximum(Site& site, const json::Value& value) {
  return add_bound(site, value, "exclusiveMaximum", Bound::Side::ExclusiveMaximum, "less than");
}

Read read_minimum(Site& site, const json::Value& value) {
  return add_bound(site, value, "minimum", Bound::Side::Minimum, "at least");
}

Read read_exclusive_minimum(Site& site, const json::Value& value) {
  return add_bound(site, value, "exclusiveMinimum", Bound::Side::ExclusiveMinimum, "more than");
}

Read read_multiple_of(Site& site, const json::Value& value) {
  const Number divisor = TRY(read_number(site, value, "multipleOf"));
  if (compare(divisor, Number(std::int64_t{0})) <= 0) {
    return site.fail(value.raw, "'multipleOf' must be more than 0");
  }
  site.demand(
      MultipleOf{.divisor = divisor, .reason = fmt::format("must be a multiple of {}", value.raw)});
  return {};
}

Read read_max_length(Site& site, const json::Value& value) {
  return add_most(site, value, "maxLength", Size::Of::String);
}

Read read_min_length(Site& site, const json::Value& value) {
  return add_least(site, value, "minLength", Size::Of::String);
}

Read read_max_items(Site& site, const json::Value& value) {
  return add_most(site, value, "maxItems", Size::Of::Array);
}

Read read_min_items(Site& site, const json::Value& value) {
  return add_least(site, value, "minItems", Size::Of::Array);
}

Read read_max_properties(Site& site, const json::Value& value) {
  return add_most(site, value, "maxProperties", Size::Of::Object);
}

Read read_min_properties(Site& site, const json::Value& value) {
  return add_least(site, value, "minProperties", Size::Of::Object);
}

Read read_unique_items(Site& site, const json::Value& value) {
  const auto unique = json::read_boolean(value);
  if (!unique) return site.fail(value.raw, "'uniqueItems' must be true or false");
  if (*unique) site.demand(UniqueItems{});
  return {};
}

Read read_required(Site& site, const json::Value& value) {
  auto names = TRY(read_names(site, value, "required"));
  site.demand(Required{.names = std::move(names)});
  return {};
}

/// Draft 7 (validation, §7.3) gives these a grammar, and readers of the schema expect them to be
/// checked. Other names are annotations.
Read read_format(Site& site, const json::Value& value) {
  constexpr std::array<std::string_view, 17> kGrammars = {
      "date-time",     "date",         "time",          "email",
      "idn-email",     "hostname",     "idn-hostname",  "ipv4",
      "ipv6",          "uri",          "uri-reference", "iri",
      "iri-reference", "uri-template", "json-pointer",  "relative-json-pointer",
      "regex"};
  if (value.kind != json::Kind::String) return site.fail(value.raw, "'format' must be a string");
  for (const std::string_view grammar : kGrammars) {
    if (!json::string_is(value.raw, grammar)) continue;
    return site.fail(value.raw, fmt::format("'format' \"{}\" is not supported: it would take a "
                                            "regular expression; leave it out, and check it where "
                                            "it is used",
                                            grammar));
  }
  return {};
}

Read read_draft(Site& site, const json::Value& value) {
  constexpr std::array<std::string_view, 4> kDraft7 = {
      "http://json-schema.org/draft-07/schema#", "http://json-schema.org/draft-07/schema",
      "https://json-schema.org/draft-07/schema#", "https://json-schema.org/draft-07/schema"};
  const bool is_known =
      value.kind == json::Kind::String && std::ranges::any_of(kDraft7, [&](std::string_view draft) {
        return json::string_is(value.raw, draft);
      });
  if (is_known) return {};
  return site.fail(
      value.raw,
      "'$schema' must be \"http://json-schema.org/draft-07/schema#\": other drafts are "
      "not supported");
}

/// Below the root it would change what `$ref` leads to.
Read read_id(Site& site, const json::Value& value) {
  if (site.is_root()) return {};
  return site.fail(value.raw,
                   "'$id' is not supported but for the whole; refer to a schema by its "
                   "place, e.g. \"#/definitions/name\"");
}

}  // namespace carillon::json_schema
