// Paths with parameters: `/rooms/:room`, `/files/*`.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.hpp"

namespace carillon::transport {

struct PathParameter {
  std::string name;  // `*` for the rest
  std::string value;
  bool operator==(const PathParameter&) const = default;
};

/// A path whose parts between slashes may be parameters.
class PathPattern {
 public:
  /// Shape:  begins with `/`; a part `:name` stands for one part that is not empty, `*` at the end
  ///         for the rest, which may be empty. Names are `[A-Za-z_][A-Za-z0-9_]*`, each once.
  /// Errors: empty for anything else.
  static std::optional<PathPattern> parse(Bytes text);

  /// False: it stands for its own text alone.
  bool has_parameters() const;
  /// The parameters where `path` (decoded) fits.
  std::optional<std::vector<PathParameter>> match(Bytes path) const;
  /// Whether this one is to be tried first: from the left, a text says more than a parameter, and
  /// a parameter more than the rest.
  bool says_more_than(const PathPattern& other) const;
  /// Whether both fit the same paths.
  bool same_shape(const PathPattern& other) const;

 private:
  enum class Kind : std::uint8_t { Text, Parameter, Rest };
  struct Part {
    Kind kind = Kind::Text;
    std::string text;  // the parameter's name
  };
  std::vector<Part> parts_;
};

}  // namespace carillon::transport
