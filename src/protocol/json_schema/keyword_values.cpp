#include "protocol/json_schema/keyword_values.hpp"

#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <valijson/adapters/nlohmann_json_adapter.hpp>

#include "protocol/json/scalar.hpp"
#include "protocol/json_schema/canonical.hpp"
#include "protocol/json_schema/document.hpp"

namespace carillon::json_schema {
namespace {

using valijson::adapters::NlohmannJsonAdapter;

constexpr json::Limits kAnySize{.items = std::numeric_limits<std::size_t>::max()};

Result<nlohmann::json, SchemaError> document_of(Site& site, const json::Value& value) {
  auto document = read_document(value.raw);
  if (document) return *std::move(document);
  return site.fail(value.raw, "holds a number that is too large for a double");
}

std::unexpected<SchemaError> wrong_value(Site& site, const json::Value& value, Bytes keyword,
                                         std::string_view must_be) {
  return site.fail(value.raw, fmt::format("'{}' must be {}", keyword, must_be));
}

}  // namespace

Result<Number, SchemaError> read_number(Site& site, const json::Value& value, Bytes keyword) {
  if (value.kind != json::Kind::Number) return wrong_value(site, value, keyword, "a number");
  const nlohmann::json document = TRY(document_of(site, value));
  return number_of(NlohmannJsonAdapter(document));
}

Result<std::uint64_t, SchemaError> read_count(Site& site, const json::Value& value, Bytes keyword) {
  constexpr std::string_view kMustBe = "an integer from 0 on";
  if (value.kind != json::Kind::Number) return wrong_value(site, value, keyword, kMustBe);
  const Number number = TRY(read_number(site, value, keyword));
  const auto* integer = std::get_if<std::int64_t>(&number);
  if (integer == nullptr || *integer < 0) return wrong_value(site, value, keyword, kMustBe);
  return static_cast<std::uint64_t>(*integer);
}

Result<std::vector<json::Value>, SchemaError> read_list(Site& site, const json::Value& value,
                                                        Bytes keyword) {
  auto list = json::parse_array(value.raw, kAnySize);
  if (list) return *std::move(list);
  return wrong_value(site, value, keyword, "a list");
}

Result<std::vector<NamedValue>, SchemaError> read_members(Site& site, const json::Value& value,
                                                          Bytes keyword) {
  const auto object = json::parse_object(value.raw, kAnySize);
  if (!object) return wrong_value(site, value, keyword, "an object");
  std::vector<NamedValue> members;
  for (const json::Member& member : object->members()) {
    std::string name = json::decode_string(member.key);
    if (name.find('\0') != std::string::npos) {
      return site.fail(member.key, "a name with U+0000 is not served");
    }
    members.emplace_back(std::move(name), member.value);
  }
  return members;
}

Result<std::vector<std::string>, SchemaError> read_names(Site& site, const json::Value& value,
                                                         Bytes keyword) {
  const auto list = json::parse_array(value.raw, kAnySize);
  if (!list) return wrong_value(site, value, keyword, "a list of names");
  std::vector<std::string> names;
  for (const json::Value& element : *list) {
    if (element.kind != json::Kind::String) {
      return wrong_value(site, element, keyword, "a list of names");
    }
    names.push_back(json::decode_string(element.raw));
  }
  return names;
}

Result<std::string, SchemaError> canonical_of(Site& site, const json::Value& value) {
  const nlohmann::json document = TRY(document_of(site, value));
  std::string text;
  append_canonical(text, NlohmannJsonAdapter(document));
  return text;
}

}  // namespace carillon::json_schema
