#include "protocol/native/cbor_members.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "protocol/json/validator.hpp"
#include "protocol/json/writer.hpp"
#include "protocol/native/cbor_to_json.hpp"

namespace carillon::native {
namespace {

/// Without the white space around it, as a member's value in JSON comes.
Bytes trimmed(Bytes json) {
  constexpr Bytes kSpace = " \t\r\n";
  const std::size_t first = json.find_first_not_of(kSpace);
  return json.substr(first, json.find_last_not_of(kSpace) - first + 1);
}

/// Beyond it a double does not tell one microsecond from the next; the year 2255.
constexpr double kLargestMilliseconds = 9'007'199'254'740.992;

}  // namespace

bool CborMembers::has(Bytes name) const {
  const cbor::Item* item = map_.find(name);
  return item != nullptr && item->kind != cbor::Kind::Null;
}

std::optional<std::string> CborMembers::text(Bytes name) const {
  const cbor::Item* item = map_.find(name);
  if (item == nullptr || item->kind != cbor::Kind::Text) return std::nullopt;
  return cbor::read_string(*item);
}

std::optional<std::int64_t> CborMembers::integer(Bytes name, std::int64_t least,
                                                 std::int64_t most) const {
  const cbor::Item* item = map_.find(name);
  return item == nullptr ? std::nullopt : cbor::read_integer(*item, least, most);
}

std::optional<bool> CborMembers::boolean(Bytes name) const {
  const cbor::Item* item = map_.find(name);
  return item == nullptr ? std::nullopt : cbor::read_boolean(*item);
}

std::optional<Timestamp> CborMembers::timestamp(Bytes name) const {
  const cbor::Item* item = map_.find(name);
  const std::optional<double> milliseconds =
      item == nullptr ? std::nullopt : cbor::read_number(*item);
  // Written so that what is no number fails, too.
  if (!milliseconds || !(*milliseconds >= 0 && *milliseconds <= kLargestMilliseconds)) {
    return std::nullopt;
  }
  return Timestamp{std::llround(*milliseconds * 1000)};
}

std::optional<std::string> CborMembers::id() const {
  const cbor::Item* item = map_.find("id");
  if (item == nullptr) return std::nullopt;
  const bool is_id = item->kind == cbor::Kind::Integer || item->kind == cbor::Kind::Float ||
                     item->kind == cbor::Kind::Text;
  return is_id ? std::optional<std::string>(item->raw) : std::nullopt;
}

Result<std::optional<Data>, Fault> CborMembers::data() const {
  const cbor::Item* item = map_.find("data");
  if (item == nullptr) return std::optional<Data>();
  if (item->kind == cbor::Kind::Text) return std::optional(TRY(json_text(*item)));
  if (item->kind != cbor::Kind::Octets) {
    return std::unexpected(
        Fault(R"("data" must be a byte string, or a text string that holds JSON)"));
  }
  if (const auto whole = cbor::read_whole_string(*item)) {
    return std::optional(Data::borrowed(DataKind::Binary, *whole));
  }
  return std::optional(Data::owned(DataKind::Binary, *cbor::read_string(*item)));
}

Result<Data, Fault> CborMembers::json_text(const cbor::Item& item) const {
  const std::optional<Bytes> whole = cbor::read_whole_string(item);
  const std::string joined = whole ? std::string() : *cbor::read_string(item);
  const Bytes text = whole ? *whole : Bytes(joined);
  if (const auto valid = json::validate(text, limits_); !valid) {
    return std::unexpected(fmt::format(R"("data" is a text string, so it must hold JSON: {})",
                                       json::describe(valid.error())));
  }
  if (whole) return json_data(trimmed(text));
  std::string line(trimmed(text));
  json::compact_newlines(line);
  return Data::owned(DataKind::Json, std::move(line));
}

Result<Data, Fault> CborMembers::others() const {
  std::string others;
  json::ObjectWriter writer(others);
  for (const cbor::Member& member : map_.members()) {
    if (means_something_to_publish(member.key)) continue;
    TRY(append_json(writer.begin_any(member.key), member.value.raw));
  }
  writer.finish();
  return Data::owned(DataKind::Json, std::move(others));
}

}  // namespace carillon::native
