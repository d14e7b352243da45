// Our validator against another parser, and the readers of objects and arrays against it.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "core/check.hpp"
#include "core/utf8.hpp"
#include "protocol/json/object.hpp"
#include "protocol/json/scalar.hpp"
#include "protocol/json/validator.hpp"
#include "protocol/json/writer.hpp"

namespace {

using namespace carillon;

/// What we refuse on purpose, and another parser takes.
bool is_stricter(json::ErrorKind kind) {
  return kind == json::ErrorKind::DuplicateKey || kind == json::ErrorKind::TooDeep ||
         kind == json::ErrorKind::ByteOrderMark;
}

/// The other parser's verdict, as far as it has one: it takes a zero octet for the text's end, and
/// refuses numbers that no double can hold.
std::optional<bool> other_verdict(Bytes text) {
  if (text.find('\0') != Bytes::npos) return std::nullopt;
  try {
    static_cast<void>(nlohmann::json::parse(text));
    return true;
  } catch (const nlohmann::json::out_of_range&) {
    return std::nullopt;
  } catch (const nlohmann::json::parse_error&) {
    return false;
  }
}

void check_items(Bytes text) {
  if (const auto object = json::parse_object(text)) {
    for (const json::Member& member : object->members()) {
      CARILLON_CHECK(json::validate(member.key));
      CARILLON_CHECK(json::validate(member.value.raw));
      CARILLON_CHECK(object->find(json::decode_string(member.key)) == &member.value);
    }
  }
  if (const auto array = json::parse_array(text)) {
    for (const json::Value& element : *array) CARILLON_CHECK(json::validate(element.raw));
  }
}

void check_string(Bytes text) {
  const std::string decoded = json::decode_string(text);
  CARILLON_CHECK(is_utf8(decoded));
  CARILLON_CHECK(decoded == nlohmann::json::parse(text).get<std::string>());
  std::string written;
  json::append_string(written, decoded);
  CARILLON_CHECK(json::string_is(written, decoded));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes text(reinterpret_cast<const char*>(data), size);
  const auto result = json::validate(text);
  if (!result) CARILLON_CHECK(result.error().offset <= size);
  if (result || !is_stricter(result.error().kind)) {
    CARILLON_CHECK(other_verdict(text).value_or(result.has_value()) == result.has_value());
  }
  std::string quoted;
  json::append_string(quoted, text);
  CARILLON_CHECK(json::validate(quoted));
  if (!result) return 0;
  std::string line(text);
  json::compact_newlines(line);
  CARILLON_CHECK(json::validate(line) && !json::has_newlines(line));
  check_items(text);
  if (text.front() == '"' && text.back() == '"') check_string(text);
  return 0;
}
