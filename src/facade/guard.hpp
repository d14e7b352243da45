// The boundary to the application: what its handlers throw ends here.
#pragma once

#include <exception>
#include <utility>

#include "core/log.hpp"

namespace carillon::facade {

/// Calls `call`; false where it threw, which is logged.
template <class Call>
bool guarded(const char* handler, Call&& call) {
  try {
    std::forward<Call>(call)();
    return true;
  } catch (const std::exception& error) {
    log::error("{} threw: {}", handler, error.what());
  } catch (...) {
    log::error("{} threw what is no std::exception", handler);
  }
  return false;
}

}  // namespace carillon::facade
