#include "transport/common/response_date.hpp"

#include <chrono>
#include <cstdint>
#include <string>

#include "protocol/http1/date.hpp"

namespace carillon::transport {

Bytes date_at(Timestamp now) {
  thread_local std::int64_t second = -1;
  thread_local std::string text;
  const std::int64_t current = now.microseconds / 1'000'000;
  if (current != second) {
    second = current;
    text = http1::format_date(std::chrono::sys_seconds(std::chrono::seconds(current)));
  }
  return text;
}

}  // namespace carillon::transport
