#include "load/server_metrics.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <sstream>

#include "load/http_wire.hpp"
#include "net/unique_fd.hpp"

namespace carillon::bench {
namespace {

std::string get(std::uint16_t port, const std::string& path) {
  const net::UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw WireError("metrics: no connection");
  }
  const std::string request =
      "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
  ::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL);
  std::string text;
  std::array<char, 16 * 1024> buffer;
  for (ssize_t count = 1; count > 0;) {
    count = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
    if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  std::string_view input = text;
  const auto head = take_head(input);
  if (!head || head->status != 200) throw WireError("metrics: " + text.substr(0, 300));
  std::string body;
  BodyReader(*head).read(input, body);
  return body;
}

}  // namespace

Counters fetch_counters(std::uint16_t port, const std::string& path,
                        const std::vector<std::string>& families) {
  Counters counters;
  if (path.empty()) return counters;
  std::istringstream lines(get(port, path));
  for (std::string line; std::getline(lines, line);) {
    const std::string name = line.substr(0, line.find_first_of("{ "));
    for (const std::string& family : families) {
      if (name == family) counters[family] += std::stod(line.substr(line.rfind(' ')));
    }
  }
  return counters;
}

Counters difference(const Counters& begin, const Counters& end) {
  Counters growth;
  for (const auto& [name, value] : end) {
    const auto before = begin.find(name);
    growth[name] = value - (before == begin.end() ? 0 : before->second);
  }
  return growth;
}

}  // namespace carillon::bench
