// What one check keeps in mind. valijson hands no state through to constraints, so it is found by
// the thread that checks: the constraints themselves are shared and immutable.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/json_schema/schema.hpp"

namespace carillon::json_schema {

/// Where a check is, as valijson has it: "<root>", then "[name]" or "[index]".
using Path = std::vector<std::string>;

/// Ends a check whose steps are used up; caught where the check begins.
struct OutOfSteps {};

/// Lifetime: from the beginning of a check to its end, on one thread.
class Run {
 public:
  explicit Run(std::uint64_t steps);
  ~Run();
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  /// The check that this thread is in.
  static Run& current();

  void spend(std::uint64_t steps) {
    if (steps > steps_left_) throw OutOfSteps();
    steps_left_ -= steps;
  }

  /// Notes what is wrong, and is false. In a hushed part it does not matter: there a schema may
  /// fail without the data being wrong.
  bool fail(const Path& path, std::string reason);

  /// For as long as it lives, nothing is noted.
  class Hush {
   public:
    explicit Hush(Run& run) : run_(run) { ++run_.hushes_; }
    ~Hush() { --run_.hushes_; }
    Hush(const Hush&) = delete;
    Hush& operator=(const Hush&) = delete;

   private:
    Run& run_;
  };

  std::optional<Violation>& violation() { return violation_; }

 private:
  std::uint64_t steps_left_;
  std::size_t hushes_ = 0;
  std::optional<Violation> violation_;
};

}  // namespace carillon::json_schema
