#include "apps/carillon/channels.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <optional>

#include "apps/carillon/caller.hpp"
#include "apps/carillon/exit_code.hpp"
#include "apps/carillon/notices.hpp"
#include "apps/carillon/output.hpp"
#include "client/message.hpp"
#include "client/query.hpp"
#include "protocol/json/object.hpp"
#include "protocol/json/scalar.hpp"

namespace carillon::app {
namespace {

/// The widths fit most; a longer name moves its line to the right and cuts nothing.
template <class... Values>
std::string row(Values... values) {
  return fmt::format("{:<32} {:<24} {:>12} {:>14} {:>13}", values...);
}

std::string row_of(const client::ServerObject& channel) {
  const auto number = [&](Bytes name) { return channel.integer(name).value_or(0); };
  return row(channel.channel(), channel.text("position"), number("publications"),
             number("history_bytes"), number("subscriptions"));
}

class Lister {
 public:
  explicit Lister(const ChannelsCommand& command)
      : command_(command),
        caller_(client_options(command.client)),
        notices_(command.client.form),
        output_(STDOUT_FILENO) {}

  int run() {
    std::signal(SIGPIPE, SIG_IGN);
    if (command_.client.form == OutputForm::Text) {
      output_.add_line(
          row("CHANNEL", "POSITION", "PUBLICATIONS", "HISTORY BYTES", "SUBSCRIPTIONS"));
    }
    std::string after;
    do {
      auto answer = caller_.call(request_after(after));
      if (!answer) return notices_.failed(answer.error());
      if (!print_page(answer->body)) {
        return notices_.failed(std::string("the answer is no list of channels"));
      }
      const auto page = client::ServerObject::parse(answer->body);
      const std::string next = page ? page->text("next") : std::string{};
      if (!next.empty() && next <= after) break;  // a server that goes round in circles
      after = next;
    } while (!after.empty() && output_.flush() == Output::State::Open);
    if (output_.flush() != Output::State::Failed) return kExitOk;
    return notices_.failed("cannot write to standard output: " + output_.failure());
  }

 private:
  client::HttpRequest request_after(const std::string& after) const {
    client::HttpRequest request{.target = "/api/channels"};
    if (!command_.prefix.empty())
      client::append_parameter(request.target, "prefix", command_.prefix);
    if (!after.empty()) client::append_parameter(request.target, "after", after);
    return request;
  }

  bool print_page(Bytes body) {
    const auto page = json::parse_object(body);
    const json::Value* list = page ? page->find("channels") : nullptr;
    const auto channels = list != nullptr ? json::parse_array(list->raw) : json::parse_array("");
    if (!channels) return false;
    for (const json::Value& each : *channels) {
      const auto channel = client::ServerObject::parse(each.raw);
      if (!channel) return false;
      const bool as_json = command_.client.form == OutputForm::Json;
      output_.add_line(as_json ? std::string(each.raw) : row_of(*channel));
    }
    return true;
  }

  const ChannelsCommand& command_;
  Caller caller_;
  Notices notices_;
  Output output_;
};

}  // namespace

CLI::App* add_channels(CLI::App& app, ChannelsCommand& channels) {
  CLI::App* command = app.add_subcommand(
      "channels", "List the channels of a server on this machine, and where they stand");
  command->add_option("--prefix", channels.prefix, "Only those whose names begin so")
      ->type_name("PREFIX");
  add_client_flags(*command, channels.client);
  return command;
}

int channels(const ChannelsCommand& command) {
  return Lister(command).run();
}

}  // namespace carillon::app
