#include "server/schema_files.hpp"

#include <fmt/format.h>

#include "server/text_file.hpp"

namespace carillon::server {

Result<json_schema::Schema, std::string> read_schema(const std::string& path) {
  const auto text = read_text_file(path);
  if (!text) return std::unexpected(fmt::format("{}: {}", path, text.error()));
  auto schema = json_schema::Schema::compile(*text);
  if (schema) return *std::move(schema);
  const json_schema::SchemaError& error = schema.error();
  return std::unexpected(fmt::format("{}:{}: {}", path, error.line, error.message));
}

}  // namespace carillon::server
