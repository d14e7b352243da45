#include "transport/common/channel_query.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "protocol/native/channel_name.hpp"
#include "transport/common/operations.hpp"

namespace carillon::transport {
namespace {

using native::ProblemCode;

std::unexpected<Problem> bad_request(std::string detail) {
  return std::unexpected(Problem{.code = ProblemCode::BadRequest, .detail = std::move(detail)});
}

std::optional<Bytes> named_twice(std::vector<Bytes> names) {
  std::ranges::sort(names);
  const auto found = std::ranges::adjacent_find(names);
  return found == names.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

Result<std::vector<std::string>, Problem> channels_of(const Request& request,
                                                      const access::Identity& identity) {
  std::vector<Bytes> names = request.query.find_all("channel");
  if (names.empty() && identity.claims) {
    names.assign(identity.claims->join.begin(), identity.claims->join.end());
  }
  if (names.empty()) return std::vector{std::string(native::kDefaultChannel)};
  if (names.size() > native::kMaxChannelsPerRequest) {
    return bad_request(fmt::format("{} channels in one request; at most {} are allowed",
                                   names.size(), native::kMaxChannelsPerRequest));
  }
  for (const Bytes name : names) TRY(check_channel(name));
  if (const auto twice = named_twice(names)) {
    return bad_request(fmt::format("'{}' is named twice", *twice));
  }
  return std::vector<std::string>(names.begin(), names.end());
}

Result<native::PositionList, Problem> positions_of(Bytes text, std::size_t channel_count) {
  auto positions = native::parse_position_list(text);
  if (!positions) return bad_request("a position list is epoch:offset or -, comma-separated");
  if (positions->size() != channel_count) {
    return bad_request(
        fmt::format("{} positions for {} channels", positions->size(), channel_count));
  }
  return std::move(*positions);
}

Result<std::optional<std::uint64_t>, Problem> number_of(const Request& request, Bytes name,
                                                        std::uint64_t least, std::uint64_t most) {
  const std::optional<Bytes> text = request.parameter(name);
  if (!text) return std::optional<std::uint64_t>{};
  std::uint64_t number = 0;
  const char* last = text->data() + text->size();
  const auto [end, error] = std::from_chars(text->data(), last, number);
  if (error != std::errc{} || end != last || number < least || number > most) {
    return bad_request(fmt::format("'{}' is a whole number from {} to {}", name, least, most));
  }
  return std::optional(number);
}

std::string position_text(const native::PositionList& positions) {
  std::string text;
  native::append_position_list(text, positions);
  return text;
}

}  // namespace carillon::transport
