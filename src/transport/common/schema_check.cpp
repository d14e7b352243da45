#include "transport/common/schema_check.hpp"

#include <fmt/format.h>

#include "protocol/native/channel_name.hpp"

namespace carillon::transport {

Result<void, Problem> check_schema(Worker& worker, Bytes channel, hub::DataKind kind, Bytes data) {
  const Schemas& schemas = worker.settings().schemas;
  if (schemas.empty()) return {};
  const Bytes name = native::channel_namespace(channel);
  const auto found = schemas.find(name);
  if (found == schemas.end()) return {};
  const auto refuse = [&](const std::string& why) {
    ++worker.probe().refused_by_schema;
    return std::unexpected(Problem{
        .code = native::ProblemCode::Invalid,
        .detail = fmt::format("data does not fit the schema of [namespace.{}]: {}", name, why)});
  };
  if (kind != hub::DataKind::Json) return refuse("it is binary, and must be JSON");
  const auto checked = found->second.check(data);
  if (!checked) return refuse(describe(checked.error()));
  return {};
}

}  // namespace carillon::transport
