// How a peer's or the environment's fault travels up: a value or an error, never an exception.
#pragma once

#include <expected>
#include <utility>

namespace carillon {

template <class Value, class Error>
using Result = std::expected<Value, Error>;

}  // namespace carillon

/// Only as the whole right-hand side of a statement: inside a braced initialiser, gcc 12 forgets to
/// destroy the members that were made before the error returned.
/// Evaluates to the value of a `Result` (nothing for `Result<void, …>`), or returns its error
/// from the enclosing function. One may stand inside another, but not within the braces that
/// initialise an aggregate: gcc 12 would leave, and leak, the members already made.
#define TRY(expression) CARILLON_TRY(expression, __COUNTER__)
#define CARILLON_TRY(expression, number) CARILLON_TRY_NAMED(expression, number)
#define CARILLON_TRY_NAMED(expression, number)                    \
  __extension__({                                                 \
    auto&& result_##number = (expression);                        \
    if (!result_##number) [[unlikely]]                            \
      return std::unexpected(std::move(result_##number).error()); \
    *std::move(result_##number);                                  \
  })
