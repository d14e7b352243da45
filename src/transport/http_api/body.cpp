#include "transport/http_api/body.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "core/hash.hpp"
#include "protocol/json/scalar.hpp"
#include "protocol/native/position_list.hpp"
#include "transport/common/operations.hpp"

namespace carillon::transport {
namespace {

template <class Value>
Result<Value, Problem> to_result(Result<Value, native::Fault> read) {
  if (!read) return std::unexpected(bad_request(std::move(read.error())));
  return *std::move(read);
}

}  // namespace

Problem bad_request(std::string detail) {
  return {.code = native::ProblemCode::BadRequest, .detail = std::move(detail)};
}

Result<Body, Problem> Body::parse(Bytes text, std::initializer_list<Bytes> known) {
  auto object = json::parse_object(text);
  if (!object) return std::unexpected(bad_request(json::describe(object.error())));
  for (const json::Member& member : object->members()) {
    const auto is_it = [&](Bytes name) { return json::string_is(member.key, name); };
    if (std::ranges::any_of(known, is_it)) continue;
    return std::unexpected(bad_request(fmt::format("{} means nothing here", member.key)));
  }
  return Body(*std::move(object));
}

Result<std::optional<std::string>, Problem> Body::text(Bytes name, std::size_t most) const {
  const native::JsonMembers members(object_);
  return to_result(native::MemberReader(members).optional_text(name, most));
}

Result<std::optional<std::int64_t>, Problem> Body::integer(Bytes name, std::int64_t least,
                                                           std::int64_t most) const {
  if (!has(name)) return std::optional<std::int64_t>();
  const auto number = native::JsonMembers(object_).integer(name, least, most);
  if (number) return number;
  return std::unexpected(
      bad_request(fmt::format("\"{}\" must be an integer from {} to {}", name, least, most)));
}

Result<bool, Problem> Body::boolean(Bytes name, bool otherwise) const {
  const native::JsonMembers members(object_);
  return to_result(native::MemberReader(members).boolean(name, otherwise));
}

Result<native::Data, Problem> Body::data() const {
  const native::JsonMembers members(object_);
  return to_result(native::MemberReader(members).data());
}

Result<std::vector<std::string>, Problem> Body::channels() const {
  if (has("channel") == has("channels")) {
    return std::unexpected(bad_request(R"(give "channels", a list, or "channel", one)"));
  }
  const native::JsonMembers members(object_);
  if (has("channel")) {
    std::string channel = TRY(to_result(native::MemberReader(members).channel()));
    return std::vector{std::move(channel)};
  }
  const auto elements = json::parse_array(object_.find("channels")->raw,
                                          {.depth = 1, .items = native::kMaxChannelsPerRequest});
  if (!elements || elements->empty()) {
    return std::unexpected(bad_request(fmt::format("\"channels\" must be a list of 1 to {} names",
                                                   native::kMaxChannelsPerRequest)));
  }
  std::vector<std::string> names;
  std::unordered_set<std::string> seen;
  for (const json::Value& element : *elements) {
    const bool is_text = element.kind == json::Kind::String;
    std::string name = is_text ? json::decode_string(element.raw) : std::string();
    if (auto valid = check_channel(name); !valid) {
      return std::unexpected(bad_request("\"channels\": " + valid.error().detail));
    }
    if (!seen.insert(name).second) {
      return std::unexpected(bad_request(fmt::format("\"channels\" has '{}' twice", name)));
    }
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace carillon::transport
