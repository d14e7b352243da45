#include "protocol/json_schema/run.hpp"

#include <utility>

#include "core/check.hpp"
#include "protocol/json_schema/document.hpp"

namespace carillon::json_schema {
namespace {

thread_local Run* running = nullptr;

/// A pointer that is quoted in an answer is cut here; the data may hold longer names.
constexpr std::size_t kMostPointerBytes = 256;

std::string pointer_of(const Path& path) {
  std::string pointer;
  for (std::size_t i = 1; i < path.size(); ++i) {
    const Bytes token = path[i];
    append_token(pointer, token.substr(1, token.size() - 2));
  }
  if (pointer.size() <= kMostPointerBytes) return pointer;
  std::size_t end = kMostPointerBytes;
  while ((static_cast<unsigned char>(pointer[end]) & 0xC0U) == 0x80) --end;  // not within UTF-8
  pointer.resize(end);
  return pointer + "…";
}

}  // namespace

Run::Run(std::uint64_t steps) : steps_left_(steps) {
  CARILLON_CHECK(running == nullptr);
  running = this;
}

Run::~Run() {
  running = nullptr;
}

Run& Run::current() {
  return *running;
}

bool Run::fail(const Path& path, std::string reason) {
  if (hushes_ == 0) violation_ = {.pointer = pointer_of(path), .reason = std::move(reason)};
  return false;
}

}  // namespace carillon::json_schema
