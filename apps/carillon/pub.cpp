#include "apps/carillon/pub.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <csignal>
#include <utility>

#include "apps/carillon/caller.hpp"
#include "apps/carillon/exit_code.hpp"
#include "apps/carillon/line_publisher.hpp"
#include "apps/carillon/line_reader.hpp"
#include "apps/carillon/message_data.hpp"
#include "apps/carillon/notices.hpp"
#include "apps/carillon/output.hpp"
#include "apps/carillon/receipt.hpp"
#include "client/query.hpp"
#include "protocol/json/writer.hpp"

namespace carillon::app {
namespace {

constexpr std::array<std::pair<const char*, DataType>, 4> kDataTypes{
    {{"auto", DataType::Auto},
     {"json", DataType::Json},
     {"text", DataType::Text},
     {"binary", DataType::Binary}}};

DataType data_type(const std::string& name) {
  const auto* found =
      std::ranges::find(kDataTypes, name, [](const auto& each) { return each.first; });
  return found != kDataTypes.end() ? found->second : DataType::Auto;
}

/// The Content-Type that makes the server read the body so; empty: JSON if it is, else a string.
Bytes content_type(DataType type) {
  switch (type) {
    case DataType::Json:
      return "application/json";
    case DataType::Text:
      return "text/plain; charset=utf-8";
    case DataType::Binary:
      return "application/octet-stream";
    case DataType::Auto:
      break;
  }
  return {};
}

class Publisher {
 public:
  explicit Publisher(const PubCommand& command)
      : command_(command),
        caller_(client_options(command.client)),
        notices_(command.client.form),
        output_(STDOUT_FILENO) {}

  int run() {
    std::signal(SIGPIPE, SIG_IGN);
    if (!command_.lines && !command_.data && ::isatty(STDIN_FILENO) != 0) {
      notices_.failed("what is to be published? Give DATA, or pipe it in, or type it after -");
      return kExitUsage;
    }
    if (command_.lines) return LinePublisher(command_, caller_, notices_, output_).run();
    std::string data;
    if (command_.data && *command_.data != "-") {
      data = *command_.data;
      if (data.empty() && command_.type == DataType::Auto) data = "\"\"";  // asked for, so meant
    } else {
      auto input = LineReader(STDIN_FILENO).rest();
      if (!input) return fail_input(input.error());
      if (input->empty()) return fail_input("it is empty, so there is nothing to publish");
      data = std::move(*input);
    }
    return command_.ephemeral ? send_ephemeral(data) : publish_one(std::move(data));
  }

 private:
  int publish_one(std::string data) {
    client::HttpRequest request{.method = "POST", .target = "/api/messages"};
    client::append_parameter(request.target, "channel", command_.channel);
    if (!command_.key.empty()) client::append_parameter(request.target, "key", command_.key);
    if (!command_.dedupe.empty()) request.fields.add("Idempotency-Key", command_.dedupe);
    if (const Bytes type = content_type(command_.type); !type.empty()) {
      request.fields.add("Content-Type", type);
    }
    request.body = std::move(data);
    auto answer = caller_.call(std::move(request));
    if (!answer) return notices_.failed(answer.error());
    output_.add_line(receipt_line(command_.client.form, answer->body));
    return finish();
  }

  int send_ephemeral(Bytes data) {
    auto json = json_of(data, command_.type);
    if (!json) return fail_data(json.error());
    client::HttpRequest request{.method = "POST", .target = "/api/commands"};
    request.fields.add("Content-Type", "application/json");
    json::ObjectWriter(request.body)
        .text("type", "ephemeral")
        .integer("id", 1)
        .text("channel", command_.channel)
        .raw("data", *json)
        .finish();
    auto answer = caller_.call(std::move(request));
    if (!answer) return notices_.failed(answer.error());
    if (const auto problem = client::parse_problem(answer->body)) {
      return notices_.failed(client::refusal(*problem, 0));
    }
    if (command_.client.form == OutputForm::Json) output_.add_line(answer->body);
    return finish();
  }

  int finish() {
    if (output_.flush() != Output::State::Failed) return kExitOk;
    return notices_.failed("cannot write to standard output: " + output_.failure());
  }
  int fail_input(const std::string& what) { return notices_.failed("standard input: " + what); }
  int fail_data(const std::string& what) { return notices_.failed("the data: " + what); }

  const PubCommand& command_;
  Caller caller_;
  Notices notices_;
  Output output_;
};

}  // namespace

CLI::App* add_pub(CLI::App& app, PubCommand& pub) {
  CLI::App* command = app.add_subcommand("pub", "Publish a message, and print its position");
  command->add_option("channel", pub.channel, "The channel")
      ->type_name("CHANNEL")
      ->required()
      ->check(check_channel);
  CLI::Option* data =
      command
          ->add_option("data", pub.data,
                       "The message: JSON if it is valid JSON, otherwise a string; -, or none with "
                       "input from a pipe or file: standard input")
          ->type_name("DATA");
  CLI::Option* lines = command->add_flag(
      "--lines", pub.lines, "Publish each line of standard input as a message, as it comes");
  lines->excludes(data);
  command
      ->add_option_function<std::string>(
          "--type", [&pub](const std::string& name) { pub.type = data_type(name); },
          "What the data is; auto: JSON if it is valid JSON, otherwise a string")
      ->check(CLI::IsMember({"auto", "json", "text", "binary"}))
      ->type_name("TYPE")
      ->default_str("auto");
  command
      ->add_option("--key", pub.key,
                   "The conflation key: of two messages with one key the newer replaces the older")
      ->type_name("KEY");
  CLI::Option* dedupe = command
                            ->add_option("--dedupe,--idempotency-key", pub.dedupe,
                                         "A key that makes a repetition within 5 minutes harmless")
                            ->type_name("KEY");
  CLI::Option* ephemeral = command->add_flag(
      "--ephemeral", pub.ephemeral, "Send to who listens now, and keep nothing: no position");
  dedupe->excludes(lines)->excludes(ephemeral);
  ephemeral->excludes(lines);
  add_client_flags(*command, pub.client);
  command->final_callback([&pub] {
    if (pub.type == DataType::Binary && (pub.lines || pub.ephemeral)) {
      throw CLI::ValidationError("--type", "binary data is one message, and kept");
    }
    if (pub.ephemeral && !pub.key.empty()) {
      throw CLI::ValidationError("--key",
                                 "an ephemeral message is not kept, so nothing replaces it");
    }
  });
  return command;
}

int pub(const PubCommand& command) {
  return Publisher(command).run();
}

}  // namespace carillon::app
