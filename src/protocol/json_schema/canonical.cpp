#include "protocol/json_schema/canonical.hpp"

#include <array>
#include <charconv>

#include "protocol/json/writer.hpp"

namespace carillon::json_schema {
namespace {

using valijson::adapters::Adapter;

void append_number(std::string& out, const Number& number) {
  if (const auto* integer = std::get_if<std::int64_t>(&number)) {
    return json::append_integer(out, *integer);
  }
  std::array<char, 32> digits;  // the shortest text that reads back has 24 characters at most
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), std::get<double>(number));
  out.append(digits.data(), end.ptr);
}

}  // namespace

Number number_of(const Adapter& value) {
  if (value.isInteger()) return value.getInteger();
  return value.getDouble();
}

void append_canonical(std::string& out, const Adapter& value) {
  if (value.isNull()) {
    out += "null";
  } else if (value.isBool()) {
    out += value.getBool() ? "true" : "false";
  } else if (value.isNumber()) {
    append_number(out, number_of(value));
  } else if (value.isString()) {
    json::append_string(out, value.getString());
  } else if (value.isArray()) {
    out += '[';
    value.applyToArray([&out](const Adapter& element) {
      append_canonical(out, element);
      out += ',';
      return true;
    });
    out += ']';
  } else {
    out += '{';
    value.applyToObject([&out](const std::string& name, const Adapter& member) {
      json::append_string(out, name);
      out += ':';
      append_canonical(out, member);
      out += ',';
      return true;
    });
    out += '}';
  }
}

}  // namespace carillon::json_schema
