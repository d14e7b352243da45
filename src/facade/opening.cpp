#include "facade/opening.hpp"

#include <algorithm>
#include <stdexcept>

#include "facade/header.hpp"

namespace carillon::facade {

void ApplicationOpening::refuse(int status, std::string_view reason) {
  if (status < 400 || status > 599) {
    throw std::invalid_argument("a refusal has a status from 400 to 599, not " +
                                std::to_string(status));
  }
  refused_status_ = status;
  refused_reason_ = reason;
}

void ApplicationOpening::set_header(std::string_view name, std::string_view value) {
  add_header(fields_, name, value);
}

void ApplicationOpening::choose_subprotocol(std::string_view name) {
  const auto found = std::ranges::find(offered_, name);
  if (found == offered_.end()) {
    throw std::invalid_argument("the client does not offer the subprotocol '" + std::string(name) +
                                "'");
  }
  subprotocol_ = *found;
}

std::optional<transport::Response> ApplicationOpening::refusal() const {
  if (refused_status_ == 0) return std::nullopt;
  transport::Response response{.head = {.status = refused_status_, .fields = {}},
                               .body = SharedBytes(refused_reason_)};
  add_fields(response.head);
  add_default(response.head, "Content-Type", "text/plain; charset=utf-8");
  return response;
}

void ApplicationOpening::add_fields(transport::ResponseHead& head) const {
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const http1::Field field = fields_.at(i);
    head.fields.add(field.name, field.value);
  }
}

void add_default(transport::ResponseHead& head, Bytes name, Bytes value) {
  if (!head.fields.has(name)) head.fields.add(name, value);
}

}  // namespace carillon::facade
