#include <string>
#include <string_view>
#include <utility>
#include <valijson/constraints/concrete_constraints.hpp>

#include "protocol/json_schema/keyword_readers.hpp"
#include "protocol/json_schema/keyword_values.hpp"

namespace carillon::json_schema {
namespace {

namespace constraints = valijson::constraints;

/// Those of `allOf`, `anyOf` and `oneOf`.
template <class Group>
Result<Group, SchemaError> read_group(Site& site, const json::Value& value, Bytes keyword) {
  Group group;
  const auto schemas = TRY(read_list(site, value, keyword));
  if (schemas.empty()) {
    return site.fail(value.raw, "'" + std::string(keyword) + "' must have at least one schema");
  }
  for (const json::Value& schema : schemas) {
    group.addSubschema(TRY(site.child(schema, Looks::AtTheSame)));
  }
  return group;
}

/// For what is not asked from here: no more than a mistake in it is told.
Read check_form(Site& site, const json::Value& value) {
  const auto schema = site.child(value, Looks::Deeper);
  if (!schema) return std::unexpected(schema.error());
  return {};
}

void demand_hushed(Site& site, const constraints::Constraint& constraint, std::string reason) {
  site.demand(Hushed{.schema = site.wrapped(constraint), .reason = std::move(reason)});
}

Read add_properties(Site& site, const json::Value* properties, const json::Value* additional) {
  constraints::PropertiesConstraint constraint;
  if (properties != nullptr) {
    for (const auto& [name, schema] : TRY(read_members(site, *properties, "properties"))) {
      constraint.addPropertySubschema(name, TRY(site.child(schema, Looks::Deeper)));
    }
  }
  constraint.setAdditionalPropertiesSubschema(
      additional == nullptr ? site.anything() : TRY(site.child(*additional, Looks::Deeper)));
  site.add(constraint);
  return {};
}

}  // namespace

Read read_dependencies(Site& site, const json::Value& value) {
  constraints::DependenciesConstraint constraint;
  for (const auto& [name, needs] : TRY(read_members(site, value, "dependencies"))) {
    if (needs.kind == json::Kind::Array) {
      auto names = TRY(read_names(site, needs, "dependencies"));
      site.demand(Required{.names = std::move(names), .trigger = name, .is_triggered = true});
    } else {
      constraint.addSchemaDependency(name, TRY(site.child(needs, Looks::AtTheSame)));
    }
  }
  site.add(constraint);
  return {};
}

Read read_property_names(Site& site, const json::Value& value) {
  const Subschema* schema = TRY(site.child(value, Looks::Deeper));
  site.demand(PropertyNames{.schema = schema});
  return {};
}

Read read_properties(Site& site, const json::Value& value) {
  return add_properties(site, &value, site.find("additionalProperties"));
}

Read read_additional_properties(Site& site, const json::Value& value) {
  if (site.find("properties") != nullptr) return {};  // read with these
  return add_properties(site, nullptr, &value);
}

Read read_items(Site& site, const json::Value& value) {
  if (value.kind != json::Kind::Array) {
    constraints::SingularItemsConstraint constraint;
    constraint.setItemsSubschema(TRY(site.child(value, Looks::Deeper)));
    site.add(constraint);
    return {};
  }
  constraints::LinearItemsConstraint constraint;
  for (const json::Value& schema : TRY(read_list(site, value, "items"))) {
    constraint.addItemSubschema(TRY(site.child(schema, Looks::Deeper)));
  }
  const json::Value* additional = site.find("additionalItems");
  constraint.setAdditionalItemsSubschema(
      additional == nullptr ? site.anything() : TRY(site.child(*additional, Looks::Deeper)));
  site.add(constraint);
  return {};
}

/// It matters beside a list of items, and is read there; here its form alone is checked.
Read read_additional_items(Site& site, const json::Value& value) {
  return check_form(site, value);
}

Read read_contains(Site& site, const json::Value& value) {
  constraints::ContainsConstraint constraint;
  constraint.setSubschema(TRY(site.child(value, Looks::Deeper)));
  demand_hushed(site, constraint, "must have an item that fits 'contains'");
  return {};
}

Read read_all_of(Site& site, const json::Value& value) {
  site.add(TRY(read_group<constraints::AllOfConstraint>(site, value, "allOf")));
  return {};
}

Read read_any_of(Site& site, const json::Value& value) {
  const auto group = TRY(read_group<constraints::AnyOfConstraint>(site, value, "anyOf"));
  demand_hushed(site, group, "must fit one of the schemas of 'anyOf'");
  return {};
}

Read read_one_of(Site& site, const json::Value& value) {
  const auto group = TRY(read_group<constraints::OneOfConstraint>(site, value, "oneOf"));
  demand_hushed(site, group, "must fit exactly one of the schemas of 'oneOf'");
  return {};
}

Read read_not(Site& site, const json::Value& value) {
  constraints::NotConstraint constraint;
  constraint.setSubschema(TRY(site.child(value, Looks::AtTheSame)));
  demand_hushed(site, constraint, "must not fit the schema of 'not'");
  return {};
}

Read read_if(Site& site, const json::Value& value) {
  constraints::ConditionalConstraint constraint;
  constraint.setIfSubschema(TRY(site.child(value, Looks::AtTheSame)));
  if (const json::Value* then = site.find("then")) {
    constraint.setThenSubschema(TRY(site.child(*then, Looks::AtTheSame)));
  }
  if (const json::Value* otherwise = site.find("else")) {
    constraint.setElseSubschema(TRY(site.child(*otherwise, Looks::AtTheSame)));
  }
  site.add(constraint);
  return {};
}

/// `then` and `else` matter beside `if`, and are read there; here their form alone is checked.
Read read_branch(Site& site, const json::Value& value) {
  return check_form(site, value);
}

Read read_definitions(Site& site, const json::Value& value) {
  for (const auto& [name, schema] : TRY(read_members(site, value, "definitions"))) {
    TRY(check_form(site, schema));
  }
  return {};
}

}  // namespace carillon::json_schema
