#include "facade/socket_io/handshake.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>

#include "carillon/request.hpp"
#include "protocol/http1/query.hpp"

namespace carillon::facade {
namespace {

std::string lower_case(std::string_view name) {
  std::string out(name);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char each) { return static_cast<char>(std::tolower(each)); });
  return out;
}

std::string_view take(std::string_view& rest) {
  const std::string_view piece = rest.substr(0, rest.find('\0'));
  rest.remove_prefix(std::min(piece.size() + 1, rest.size()));
  return piece;
}

std::map<std::string, std::string> parameters_of(std::string_view target) {
  std::map<std::string, std::string> all;
  const std::size_t begin = target.find('?');
  if (begin == std::string_view::npos) return all;
  const auto query = http1::QueryParameters::parse(target.substr(begin + 1));
  for (std::size_t i = 0; query && i < query->size(); ++i) {
    const auto [name, value] = query->at(i);
    all.emplace(name, value);
  }
  return all;
}

}  // namespace

SocketIoHandshake::SocketIoHandshake(const transport::Request& request) {
  const Request asked(request);
  const auto keep = [this](std::string_view piece) { text_.append(piece).push_back('\0'); };
  keep(asked.address());
  keep(request.target);
  for (const auto& [name, value] : asked.headers()) {
    keep(name);
    keep(value);
  }
  text_.shrink_to_fit();
  using Milliseconds = std::chrono::milliseconds;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  issued_ms_ = std::chrono::duration_cast<Milliseconds>(now).count();
  xdomain_ = asked.origin().has_value();
  secure_ = asked.is_secure();
}

socket_io::Handshake SocketIoHandshake::unfold(std::string_view auth) const {
  socket_io::Handshake handshake;
  std::string_view rest = text_;
  handshake.address = take(rest);
  handshake.url = take(rest);
  handshake.query = parameters_of(handshake.url);
  while (!rest.empty()) {
    std::string& all = handshake.headers[lower_case(take(rest))];
    if (!all.empty()) all.append(", ");
    all.append(take(rest));
  }
  handshake.xdomain = xdomain_;
  handshake.secure = secure_;
  handshake.issued = issued_ms_;
  if (!auth.empty()) handshake.auth = socket_io::Value::json(auth);
  return handshake;
}

}  // namespace carillon::facade
