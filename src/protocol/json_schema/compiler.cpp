#include "protocol/json_schema/compiler.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "protocol/json/scalar.hpp"
#include "protocol/json/validator.hpp"
#include "protocol/json_schema/keyword_table.hpp"
#include "protocol/json_schema/limits.hpp"

namespace carillon::json_schema {
namespace {

constexpr json::Limits kAnySize{.items = std::numeric_limits<std::size_t>::max()};

/// What one step is: a schema of any depth may look for that many names in an object.
std::uint64_t names_in(const json::Object& object) {
  std::uint64_t count = 0;
  for (const Bytes keyword : {"properties", "dependencies"}) {
    const json::Value* value = object.find(keyword);
    const auto members = value == nullptr ? Result<json::Object, json::Error>(std::unexpect)
                                          : json::parse_object(value->raw, kAnySize);
    if (members) count += members->members().size();
  }
  if (const json::Value* required = object.find("required")) {
    count += static_cast<std::uint64_t>(std::ranges::count(required->raw, ','));
  }
  return count;
}

json::Value whole(Bytes text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  const std::size_t end = text.find_last_not_of(" \t\r\n") + 1;
  json::Value value{.raw = text.substr(begin, end - begin)};
  switch (value.raw.front()) {
    case '{':
      value.kind = json::Kind::Object;
      break;
    case '[':
      value.kind = json::Kind::Array;
      break;
    case 't':
    case 'f':
      value.kind = json::Kind::Boolean;
      break;
    default:  // no schema, whatever it is
      break;
  }
  return value;
}

}  // namespace

std::unexpected<SchemaError> Compiler::fail(Bytes at, std::string message) const {
  const auto before = text_.substr(0, static_cast<std::size_t>(at.data() - text_.data()));
  const auto lines = std::ranges::count(before, '\n');
  return std::unexpected(
      SchemaError{.line = static_cast<std::size_t>(lines) + 1, .message = std::move(message)});
}

Result<Compiled, SchemaError> Compiler::run() {
  if (const auto valid = json::validate(text_); !valid) {
    const std::size_t offset = std::min(valid.error().offset, text_.size());
    return fail(text_.substr(offset),
                "is not valid JSON: " + std::string(json::to_text(valid.error().kind)));
  }
  const json::Value root_value = whole(text_);
  references_.emplace(root_value);
  compiled_.schemas = std::make_unique<valijson::Schema>();
  const std::size_t root = TRY(node_of(root_value));
  // New ones are added to the end meanwhile: no recursion, however long a row of `$ref`s is.
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const Node node = nodes_[i];
    TRY(fill(node));
  }
  TRY(check_ways());
  compiled_.root = nodes_[root].schema;
  return std::move(compiled_);
}

/// What stands beside `$ref` is ignored (draft 7, §8.3 of the core).
Result<json::Value, SchemaError> Compiler::follow(json::Value value) {
  for (std::size_t count = 0; value.kind == json::Kind::Object; ++count) {
    if (numbers_.contains(value.raw.data())) return value;  // it is none, and is not read again
    const auto object = json::parse_object(value.raw, kAnySize);
    const json::Value* reference = object ? object->find("$ref") : nullptr;
    if (reference == nullptr) return value;
    if (reference->kind != json::Kind::String) {
      return fail(reference->raw, "'$ref' must be a string");
    }
    if (count == kMostReferences) {
      return fail(reference->raw, "'$ref' leads back to itself, or over too many others");
    }
    auto target = references_->resolve(json::decode_string(reference->raw));
    if (!target) return fail(reference->raw, std::move(target.error()));
    value = *target;
  }
  return value;
}

Result<std::size_t, SchemaError> Compiler::node_of(const json::Value& written) {
  const json::Value value = TRY(follow(written));
  const auto known = numbers_.find(value.raw.data());
  if (known != numbers_.end()) return known->second;
  if (nodes_.size() == kMostSubschemas) {
    return fail(value.raw, fmt::format("there are more than {} schemas in it", kMostSubschemas));
  }
  const std::size_t number = ways_.add_node();
  nodes_.push_back({.schema = make_subschema(), .number = number, .value = value});
  numbers_.emplace(value.raw.data(), number);
  return number;
}

Result<void, SchemaError> Compiler::fill(const Node& node) {
  if (node.value.kind == json::Kind::Object) return fill_object(node);
  const auto is_open = json::read_boolean(node.value);
  if (!is_open) return fail(node.value.raw, "a schema must be an object, true or false");
  compiled_.schemas->addConstraintToSubschema(Constraint(Cost{}), node.schema);
  if (!*is_open) {
    compiled_.schemas->addConstraintToSubschema(Constraint(Nothing{"is not allowed"}), node.schema);
  }
  return {};
}

Result<void, SchemaError> Compiler::fill_object(const Node& node) {
  const auto object = json::parse_object(node.value.raw, kAnySize);
  for (const json::Member& member : object->members()) {
    const std::string name = json::decode_string(member.key);
    const std::string_view why = refusal_of(name);
    if (!why.empty()) return fail(member.key, fmt::format("'{}' is not supported: {}", name, why));
  }
  Site site(*this, node, *object);
  site.demand(Cost{.names = names_in(*object)});
  for (const Keyword& keyword : keywords()) {
    if (const json::Value* value = object->find(keyword.name)) TRY(keyword.read(site, *value));
  }
  return {};
}

Result<void, SchemaError> Compiler::check_ways() const {
  const auto found = ways_.find_fault(kMostInPlace);
  if (!found) return {};
  const Bytes at = nodes_[found->node].value.raw;
  if (found->fault == InPlaceGraph::Fault::Cycle) {
    return fail(at, "this schema refers to itself without going deeper into the data");
  }
  return fail(at, fmt::format("more than {} schemas within each other look at the same value",
                              kMostInPlace));
}

Result<const Subschema*, SchemaError> Site::child(const json::Value& value, Looks looks) {
  const std::size_t number = TRY(compiler_.node_of(value));
  if (looks == Looks::AtTheSame) compiler_.ways_.add_edge(number_, number);
  return compiler_.nodes_[number].schema;
}

const Subschema* Site::wrapped(const valijson::constraints::Constraint& constraint) {
  const Subschema* schema = compiler_.make_subschema();
  compiler_.compiled_.schemas->addConstraintToSubschema(constraint, schema);
  return schema;
}

const Subschema* Site::anything() const {
  return compiler_.compiled_.schemas->emptySubschema();
}

}  // namespace carillon::json_schema
