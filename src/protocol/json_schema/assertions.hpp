// The constraints that look at one value, and the ones around other schemas that valijson lacks.
// Its own for these stop strings at U+0000, take 3.5 for a multiple of 1, "7" for a number and
// 2^53 + 1 for 2^53, compare every item with every other, throw on a format, and tell no reason.
#pragma once

#include <cstdint>
#include <functional>
#include <new>
#include <string>
#include <unordered_set>
#include <utility>
#include <valijson/constraints/concrete_constraints.hpp>
#include <vector>

#include "core/hash.hpp"
#include "protocol/json_schema/number.hpp"
#include "protocol/json_schema/run.hpp"

namespace carillon::json_schema {

using valijson::Subschema;
using valijson::adapters::Adapter;

/// Values by their canonical text, which strangers choose.
using CanonicalSet = std::unordered_set<std::string, StringHash, std::equal_to<>>;

/// A constraint of our own: `Rule` has `bool holds(const Adapter&, const Path&, Run&) const`, which
/// notes in the run why not.
template <class Rule>
class Constraint final : public valijson::constraints::PolyConstraint {
 public:
  explicit Constraint(Rule rule) : rule_(std::move(rule)) {}

  bool validate(const Adapter& value, const std::vector<std::string>& path,
                valijson::ValidationResults* /*results*/) const override {
    return rule_.holds(value, path, Run::current());
  }

 private:
  valijson::constraints::Constraint* cloneInto(void* memory) const override {
    return new (memory) Constraint(*this);
  }
  std::size_t sizeOf() const override { return sizeof(Constraint); }

  Rule rule_;
};

/// The first of every schema: what it costs to look at a value with it.
struct Cost {
  std::uint64_t names = 0;  // of properties that are looked for
  bool holds(const Adapter& value, const Path& path, Run& run) const;
};

/// The schema `false`.
struct Nothing {
  std::string reason;
  bool holds(const Adapter& value, const Path& path, Run& run) const;
};

struct Types {
  enum Type : std::uint8_t {
    Null = 1,
    Boolean = 2,
    Integer = 4,
    AnyNumber = 8,
    String = 16,
    Array = 32,
    Object = 64
  };
  std::uint8_t types = 0;
  std::string reason;
  bool holds(const Adapter& value, const Path& path, Run& run) const;
};

/// `const` and `enum`; the values are canonical texts.
struct OneOfValues {
  CanonicalSet values;
  std::string reason;
  bool holds(const Adapter& value, const Path& path, Run& run) const;
};

struct Bound {
  enum class Side : std::uint8_t { Maximum, ExclusiveMaximum, Minimum, ExclusiveMinimum };
  Side side = Side::Maximum;
  Number bound;
  std::string reason;
  bool holds(const Adapter& value, const Path& path, Run& run) const;
};

struct MultipleOf {
  Number divisor;
  std::string reason;
  bool holds(const Adapter& value, const Path& path, Run& run) const;
};

/// Of strings in characters, of arrays in items, of objects in members.
struct Size {
  enum class Of : std::uint8_t { String, Array, Object };
  Of of = Of::String;
  std::uint64_t least = 0;
  std::uint64_t most = UINT64_MAX;
  std::string reason;
  bool holds(const Adapter& value, const Path& path, Run& run) const;
};

struct UniqueItems {
  bool holds(const Adapter& value, const Path& path, Run& run) const;
};

/// `required`, and `dependencies` that list names.
struct Required {
  std::vector<std::string> names;
  std::string trigger;  // only where this member is there
  bool is_triggered = false;
  bool holds(const Adapter& value, const Path& path, Run& run) const;
};

/// A schema within which things may fail without the data being wrong; that it fails as a whole is
/// told by its own reason.
struct Hushed {
  const Subschema* schema = nullptr;
  std::string reason;
  bool holds(const Adapter& value, const Path& path, Run& run) const;
};

struct PropertyNames {
  const Subschema* schema = nullptr;
  bool holds(const Adapter& value, const Path& path, Run& run) const;
};

}  // namespace carillon::json_schema
