#include "apps/carillon/sub.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <utility>

#include "apps/carillon/exit_code.hpp"
#include "apps/carillon/notices.hpp"
#include "apps/carillon/output.hpp"
#include "apps/carillon/printable.hpp"
#include "client/follower.hpp"
#include "net/reactor.hpp"
#include "net/signals.hpp"
#include "protocol/native/position_list.hpp"

namespace carillon::app {
namespace {

/// Lines gathered within one tick before they are written; otherwise they leave at its end.
constexpr std::size_t kGatheredBytes = 64 * 1024;

Duration seconds_of(double seconds) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

client::FollowOptions follow_options(const SubCommand& command) {
  client::FollowOptions options{
      .client = client_options(command.client),
      .read = {.channels = command.channels, .poll_interval = seconds_of(command.poll_interval_s)},
      .transport = command.transport,
      .history = command.history};
  options.client.silence = seconds_of(command.silence_s);
  if (!command.after.empty()) options.after = native::parse_position_list(command.after).value();
  return options;
}

class Subscriber final : private client::FollowListener, private net::TickHook {
 public:
  explicit Subscriber(const SubCommand& command)
      : command_(command),
        notices_(command.client.form),
        output_(STDOUT_FILENO),
        follower_(reactor_, follow_options(command), *this) {}

  int run() {
    const net::SignalWatch signals(reactor_, [this](int) {
      tell_position();
      end(kExitOk);
    });
    reactor_.add_tick_hook(*this);
    follower_.start();
    reactor_.run();
    write();
    reactor_.remove_tick_hook(*this);
    return exit_code_;
  }

 private:
  void on_message(const std::string& channel, const client::Message& message) override {
    print(channel, message.json, message.data);
  }
  void on_ephemeral(const std::string& channel, const client::Ephemeral& ephemeral) override {
    print(channel, ephemeral.json, ephemeral.data);
  }
  void on_gap(const std::string& channel, const Position& position) override {
    write();  // what came before it is on the terminal before it
    notices_.gap(channel, position);
  }
  void on_not_contiguous() override { notices_.not_contiguous(); }
  void on_lost(const client::Failure& failure, Duration wait) override {
    write();
    notices_.lost(failure, wait);
  }
  void on_refused(const client::Failure& failure) override {
    write();
    end(notices_.failed(failure));
  }
  bool on_tick_end() override {
    write();
    return false;
  }

  void print(const std::string& channel, Bytes json, Bytes data) {
    if (ended_) return;
    if (command_.client.form == OutputForm::Json) {
      output_.add_line(printable_json(json));
    } else {
      const bool is_one_of_many = command_.channels.size() > 1;
      output_.add_line((is_one_of_many ? channel + '\t' : std::string{}) + data_line(data));
    }
    if (++printed_ == command_.count) return end(kExitOk);
    if (output_.pending_bytes() > kGatheredBytes) write();
  }

  void write() {
    const Output::State before = output_.state();
    if (before != Output::State::Open || output_.flush() == Output::State::Open) return;
    if (output_.state() == Output::State::Failed) {
      return end(notices_.failed("cannot write to standard output: " + output_.failure()));
    }
    end(kExitOk);
  }

  void tell_position() {
    const auto& positions = follower_.positions();
    const auto is_known = [](const auto& position) { return position.has_value(); };
    if (std::ranges::none_of(positions, is_known)) return;
    std::string after;
    native::append_position_list(after, positions);
    notices_.stopped_at(after);
  }

  void end(int code) {
    if (std::exchange(ended_, true)) return;
    exit_code_ = code;
    follower_.stop();
    reactor_.stop();
  }

  const SubCommand& command_;
  Notices notices_;
  Output output_;
  net::Reactor reactor_;
  client::Follower follower_;
  std::size_t printed_ = 0;
  int exit_code_ = kExitOk;
  bool ended_ = false;
};

void check_sub(const SubCommand& sub) {
  auto channels = sub.channels;
  std::ranges::sort(channels);
  if (std::ranges::adjacent_find(channels) != channels.end()) {
    throw CLI::ValidationError("channel", "a channel stands there twice");
  }
  if (sub.after.empty()) return;
  const auto after = native::parse_position_list(sub.after);
  if (!after || after->size() != sub.channels.size()) {
    throw CLI::ValidationError("--after",
                               "write EPOCH:OFFSET for each channel, in their order, with "
                               "commas between, and - where it is not known");
  }
}

}  // namespace

CLI::App* add_sub(CLI::App& app, SubCommand& sub) {
  CLI::App* command =
      app.add_subcommand("sub", "Print the messages of channels, one a line, as they come");
  command->add_option("channel", sub.channels, "The channels, up to 100")
      ->type_name("CHANNEL")
      ->required()
      ->expected(1, static_cast<int>(native::kMaxChannelsPerRequest))
      ->check(check_channel);
  command
      ->add_option_function<std::string>(
          "--transport",
          [&sub](const std::string& name) {
            sub.transport = client::parse_transport(name).value_or(sub.transport);
          },
          "How to hear them: WebSocket, Server-Sent Events, long or short polling")
      ->check(CLI::IsMember({"ws", "sse", "longpoll", "poll"}))
      ->type_name("TRANSPORT")
      ->default_str("ws");
  CLI::Option* after =
      command
          ->add_option("--after", sub.after,
                       "Go on after this position, EPOCH:OFFSET; one for each channel, with commas")
          ->type_name("POSITION");
  command
      ->add_option("--history", sub.history,
                   "First the latest N messages, of all channels together")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, client::limits::kPageMessages).description({}))
      ->excludes(after);
  command->add_option("--count", sub.count, "End after N messages")
      ->type_name("N")
      ->check(CLI::PositiveNumber.description({}));
  command->add_option("--interval", sub.poll_interval_s, "Between two short polls without news")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.01, 3600.0).description({}))
      ->default_str("1");
  command
      ->add_option("--silence", sub.silence_s,
                   "Take a link for dead that is silent for so long, and make a new one")
      ->type_name("SECONDS")
      ->check(CLI::Range(1.0, 3600.0).description({}))
      ->default_str("45");
  add_client_flags(*command, sub.client);
  command->final_callback([&sub] { check_sub(sub); });
  return command;
}

int sub(const SubCommand& command) {
  const net::PreparedSignals signals;
  return Subscriber(command).run();
}

}  // namespace carillon::app
