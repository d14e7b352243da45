// Where a server is, as users write it.
#pragma once

#include <cstdint>
#include <string>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace carillon::outgoing {

/// Shape: `http://host[:port][/base_path]`, `https://…` likewise, or
/// `unix:/path/of/socket[:/base_path]`.
class ServerUrl {
 public:
  /// Errors: a sentence for the user that quotes `text` and says what to write instead.
  static Result<ServerUrl, std::string> parse(Bytes text);

  /// Over TLS.
  bool is_secure() const { return secure_; }
  bool is_unix() const { return !unix_path_.empty(); }
  /// A name, or an IP address without brackets.
  const std::string& host() const { return host_; }
  std::uint16_t port() const { return port_; }
  const std::string& unix_path() const { return unix_path_; }

  /// The value of Host: with the port unless it is its scheme's own; `localhost` over a Unix
  /// socket.
  std::string authority() const;
  /// `path` below the server's base path; begins with `/`.
  std::string target(Bytes path) const { return base_path_ + std::string(path); }
  /// As `parse` reads it.
  std::string to_text() const;

  bool operator==(const ServerUrl&) const = default;

 private:
  static Result<ServerUrl, std::string> parse_unix(Bytes text);
  static Result<ServerUrl, std::string> parse_http(Bytes text);
  bool set_base_path(Bytes path);

  std::string host_;
  std::uint16_t port_ = 80;
  bool secure_ = false;
  std::string unix_path_;
  std::string base_path_;  // empty, or `/…` without a slash at its end
};

}  // namespace carillon::outgoing
