#include "apps/carillon/message_data.hpp"

#include "core/utf8.hpp"
#include "protocol/json/validator.hpp"
#include "protocol/json/writer.hpp"

namespace carillon::app {

Result<std::string, std::string> json_of(Bytes text, DataType type) {
  if (type != DataType::Text) {
    const auto valid = json::validate(text);
    if (valid) return std::string(text);
    if (type == DataType::Json) return std::unexpected(json::describe(valid.error()));
  }
  if (!is_utf8(text)) return std::unexpected("it is not UTF-8; --type binary takes any bytes");
  std::string json;
  json::append_string(json, text);
  return json;
}

}  // namespace carillon::app
