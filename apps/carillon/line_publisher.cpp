#include "apps/carillon/line_publisher.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <optional>
#include <utility>

#include "apps/carillon/exit_code.hpp"
#include "apps/carillon/line_reader.hpp"
#include "apps/carillon/message_data.hpp"
#include "apps/carillon/receipt.hpp"
#include "protocol/json/object.hpp"
#include "protocol/json/writer.hpp"

namespace carillon::app {

int LinePublisher::run() {
  LineReader reader(STDIN_FILENO);
  while (true) {
    auto lines = reader.next();
    if (!lines) return notices_.failed("standard input: " + lines.error());
    if (lines->empty()) return finish();
    if (const int code = publish_batch(*lines); code != kExitOk) return code;
    if (output_.flush() != Output::State::Open) return finish();
    line_number_ += lines->size();
  }
}

/// What can be sent of the lines is, and what cannot is told.
int LinePublisher::publish_batch(const std::vector<std::string>& lines) {
  std::string body;
  std::size_t count = 0;
  std::optional<std::string> fault;
  for (; count < lines.size(); ++count) {
    auto json = json_of(lines[count], command_.type);
    if (!json) {
      fault = json.error();
      break;
    }
    body.push_back(count == 0 ? '[' : ',');
    json::ObjectWriter item(body);
    item.text("channel", command_.channel).raw("data", *json);
    if (!command_.key.empty()) item.text("key", command_.key);
    item.finish();
  }
  if (count > 0) {
    if (const int code = send_batch(body + "]", count); code != kExitOk) return code;
  }
  if (!fault) return kExitOk;
  finish();
  return notices_.failed(
      fmt::format("line {}: {}; nothing from it on was sent", line_number_ + count, *fault));
}

int LinePublisher::send_batch(std::string body, std::size_t count) {
  client::HttpRequest request{.method = "POST", .target = "/api/messages", .body = std::move(body)};
  request.fields.add("Content-Type", "application/json");
  auto answer = caller_.call(std::move(request));
  return answer ? read_results(answer->body, count) : fail_batch(answer.error());
}

/// One receipt or one problem for each line, in their order.
int LinePublisher::read_results(Bytes answer, std::size_t count) {
  const auto results = json::parse_array(answer, {.depth = 8});
  if (!results || results->size() != count) {
    return notices_.failed("the answer is no list of receipts");
  }
  std::size_t refused = 0;
  std::size_t first_refused = 0;
  client::Failure failure;
  for (std::size_t i = 0; i < count; ++i) {
    const Bytes result = (*results)[i].raw;
    if (const auto problem = client::parse_problem(result); !problem) {
      output_.add_line(receipt_line(command_.client.form, result));
    } else if (refused++ == 0) {
      first_refused = line_number_ + i;
      failure = client::refusal(*problem, 0);
    }
  }
  return refused == 0 ? kExitOk : fail_lines(std::move(failure), first_refused, refused, count);
}

/// An array is not atomic: what is not refused is published, and its receipt printed.
int LinePublisher::fail_lines(client::Failure failure, std::size_t first, std::size_t refused,
                              std::size_t count) {
  finish();
  failure.text += fmt::format(" (line {}{}; nothing after line {} was sent)", first,
                              refused > 1 ? fmt::format(" and {} more", refused - 1) : "",
                              line_number_ + count - 1);
  return notices_.failed(failure);
}

int LinePublisher::fail_batch(client::Failure failure) {
  using client::FailureKind;
  finish();
  const bool is_unsure = failure.kind == FailureKind::Lost || failure.kind == FailureKind::Silent;
  failure.text +=
      fmt::format("; {}line {} and those after it are {}published{}", is_unsure ? "whether " : "",
                  line_number_, is_unsure ? "" : "not ", is_unsure ? " is not known" : "");
  return notices_.failed(failure);
}

int LinePublisher::finish() {
  if (output_.flush() != Output::State::Failed) return kExitOk;
  return notices_.failed("cannot write to standard output: " + output_.failure());
}

}  // namespace carillon::app
