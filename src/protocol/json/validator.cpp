#include "protocol/json/validator.hpp"

#include "protocol/json/scanner.hpp"

namespace carillon::json {

Result<void, Error> validate(Bytes text, const Limits& limits) {
  return Scanner(text, limits).run(nullptr);
}

}  // namespace carillon::json
