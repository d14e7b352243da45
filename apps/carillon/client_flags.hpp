// The flags of every command that speaks to a server.
#pragma once

#include <memory>
#include <string>

#include "client/outgoing.hpp"
#include "core/result.hpp"

namespace CLI {
class App;
}

namespace carillon::app {

inline constexpr const char* kDefaultServer = "http://127.0.0.1:8000";

enum class OutputForm : bool { Text, Json };

struct ClientFlags {
  std::string server = kDefaultServer;
  std::string token = {};
  /// Whom to trust over TLS; null: whom this machine trusts.
  std::shared_ptr<const net::TlsClientContext> trust = nullptr;
  OutputForm form = OutputForm::Text;
};

/// --server, --token, --ca, --insecure and --json.
void add_client_flags(CLI::App& command, ClientFlags& flags);

/// The flags were checked when they were parsed.
client::ClientOptions client_options(const ClientFlags& flags);

/// For CLI11: empty where the text is a channel's name, otherwise what is wrong.
std::string check_channel(const std::string& text);

}  // namespace carillon::app
