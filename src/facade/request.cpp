#include "carillon/request.hpp"

#include <algorithm>

#include "access/cookie.hpp"
#include "protocol/websocket/field_value.hpp"
#include "transport/common/request.hpp"

namespace carillon {

std::string_view Request::method() const {
  return request_->method;
}

std::string_view Request::path() const {
  return request_->path;
}

std::string_view Request::parameter(std::string_view name) const {
  const auto& parameters = request_->path_parameters;
  const auto found = std::ranges::find(parameters, name, &transport::PathParameter::name);
  return found == parameters.end() ? std::string_view{} : std::string_view(found->value);
}

std::optional<std::string_view> Request::query(std::string_view name) const {
  return request_->query.find(name);
}

std::vector<std::string_view> Request::query_all(std::string_view name) const {
  return request_->query.find_all(name);
}

std::optional<std::string_view> Request::header(std::string_view name) const {
  return request_->fields->find(name);
}

std::vector<std::pair<std::string_view, std::string_view>> Request::headers() const {
  std::vector<std::pair<std::string_view, std::string_view>> all;
  for (std::size_t i = 0; i < request_->fields->size(); ++i) {
    const http1::Field field = request_->fields->at(i);
    all.emplace_back(field.name, field.value);
  }
  return all;
}

std::optional<std::string_view> Request::cookie(std::string_view name) const {
  for (const auto& [field, value] : headers()) {
    if (!websocket::equals_ignoring_case(field, "cookie")) continue;
    if (const auto found = access::find_cookie(value, name)) return found;
  }
  return std::nullopt;
}

std::vector<std::string_view> Request::subprotocols() const {
  std::vector<std::string_view> lines;
  for (const auto& [field, value] : headers()) {
    if (websocket::equals_ignoring_case(field, "sec-websocket-protocol")) lines.push_back(value);
  }
  return websocket::parse_tokens(lines).value_or(std::vector<std::string_view>{});
}

std::string_view Request::host() const {
  return request_->requester.authority;
}

std::string Request::address() const {
  const auto& address = request_->requester.address;
  if (address) return address->text();
  return request_->peer.is_relayed() ? "unknown" : "unix";
}

bool Request::is_secure() const {
  return request_->requester.scheme == access::Scheme::Https;
}

std::string_view Request::body() const {
  return request_->body;
}

}  // namespace carillon
