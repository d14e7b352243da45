// Turns the text of a schema into valijson's constraints. Its own parser is not asked: it shares
// schemas between keywords by mistake, follows a `$ref` in a circle, and knows no lines.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <unordered_map>
#include <valijson/schema.hpp>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "protocol/json/object.hpp"
#include "protocol/json_schema/assertions.hpp"
#include "protocol/json_schema/in_place_graph.hpp"
#include "protocol/json_schema/reference.hpp"
#include "protocol/json_schema/schema.hpp"

namespace carillon::json_schema {

/// What a schema's child looks at.
enum class Looks : std::uint8_t { AtTheSame, Deeper };

struct Compiled {
  std::unique_ptr<valijson::Schema> schemas;
  const Subschema* root = nullptr;
};

class Compiler {
 public:
  /// `text` outlives it.
  explicit Compiler(Bytes text) : text_(text) {}

  Result<Compiled, SchemaError> run();

 private:
  friend class Site;

  struct Node {
    const Subschema* schema = nullptr;
    std::size_t number = 0;
    json::Value value;
  };

  std::unexpected<SchemaError> fail(Bytes at, std::string message) const;
  Result<json::Value, SchemaError> follow(json::Value value);
  Result<std::size_t, SchemaError> node_of(const json::Value& value);
  Result<void, SchemaError> fill(const Node& node);
  Result<void, SchemaError> fill_object(const Node& node);
  Result<void, SchemaError> check_ways() const;
  const Subschema* make_subschema() { return compiled_.schemas->createSubschema(); }

  Bytes text_;
  std::optional<References> references_;
  Compiled compiled_;
  std::vector<Node> nodes_;
  std::unordered_map<const char*, std::size_t> numbers_;  // by where a schema's text begins
  InPlaceGraph ways_;
};

/// One schema while its keywords are read.
class Site {
 public:
  Site(Compiler& compiler, const Compiler::Node& node, const json::Object& object)
      : compiler_(compiler), schema_(node.schema), number_(node.number), object_(object) {}

  const json::Value* find(Bytes keyword) const { return object_.find(keyword); }
  bool is_root() const { return number_ == 0; }

  template <class Rule>
  void demand(Rule rule) {
    add(Constraint<Rule>(std::move(rule)));
  }
  void add(const valijson::constraints::Constraint& constraint) {
    compiler_.compiled_.schemas->addConstraintToSubschema(constraint, schema_);
  }

  /// The schema that `value` holds or refers to; its constraints are added later.
  Result<const Subschema*, SchemaError> child(const json::Value& value, Looks looks);
  /// The schema that everything fits.
  const Subschema* anything() const;
  /// A schema made of that one constraint alone.
  const Subschema* wrapped(const valijson::constraints::Constraint& constraint);

  /// Errors: with the line of `at`, a piece of the schema's text.
  std::unexpected<SchemaError> fail(Bytes at, std::string message) const {
    return compiler_.fail(at, std::move(message));
  }

 private:
  Compiler& compiler_;
  const Subschema* schema_;
  std::size_t number_;
  const json::Object& object_;
};

}  // namespace carillon::json_schema
