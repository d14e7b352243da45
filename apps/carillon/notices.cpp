#include "apps/carillon/notices.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "apps/carillon/exit_code.hpp"
#include "apps/carillon/printable.hpp"
#include "protocol/json/writer.hpp"

namespace carillon::app {
namespace {

using client::FailureKind;

constexpr const char* kHowToStart =
    "start a server with 'carillon serve', or name another one with --server or CARILLON_URL";

void print_line(const std::string& line) {
  fmt::print(stderr, "{}\n", line);
}

std::string in_words(const client::Failure& failure) {
  if (failure.kind != FailureKind::Refused) return failure.text;
  const std::string status = failure.status == 0 ? "" : fmt::format(" ({})", failure.status);
  return fmt::format("the server refused, {}{}: {}", failure.code, status, failure.text);
}

json::ObjectWriter& add_failure(json::ObjectWriter& object, const client::Failure& failure) {
  if (!failure.code.empty()) object.text("code", failure.code);
  if (failure.status != 0) object.integer("status", failure.status);
  return object.text("message", failure.text);
}

}  // namespace

void Notices::words(const std::string& text) {
  print_line("carillon: " + printable(text));
}

int Notices::failed(const client::Failure& failure) {
  const bool unreachable = failure.kind == FailureKind::Unreachable;
  if (form_ == OutputForm::Json) {
    std::string json;
    json::ObjectWriter object(json);
    add_failure(object.text("type", "error"), failure).finish();
    print_line(json);
  } else {
    words(in_words(failure) + (unreachable ? std::string("; ") + kHowToStart : ""));
  }
  return unreachable ? kExitUnreachable : kExitFailure;
}

int Notices::failed(const std::string& text) {
  return failed(client::Failure{.kind = FailureKind::NotOurs, .text = text});
}

void Notices::lost(const client::Failure& failure, Duration wait) {
  const auto wait_ms = std::chrono::ceil<std::chrono::milliseconds>(wait).count();
  if (form_ == OutputForm::Json) {
    std::string json;
    json::ObjectWriter object(json);
    add_failure(object.text("type", "lost"), failure).integer("wait_ms", wait_ms).finish();
    return print_line(json);
  }
  const bool explains = failure.kind == FailureKind::Unreachable && !told_how_to_start_;
  if (explains) told_how_to_start_ = true;
  words(fmt::format("{}; trying again in {:.1f} s{}", in_words(failure),
                    static_cast<double>(wait_ms) / 1000,
                    explains ? std::string(" (") + kHowToStart + ")" : ""));
}

void Notices::gap(const std::string& channel, const Position& position) {
  if (form_ == OutputForm::Json) {
    std::string json;
    json::ObjectWriter(json)
        .text("type", "gap")
        .text("channel", channel)
        .text("position", to_text(position))
        .finish();
    return print_line(json);
  }
  words(fmt::format("gap in {}: messages may be missing here; going on after {}", channel,
                    to_text(position)));
}

void Notices::not_contiguous() {
  if (form_ == OutputForm::Json) return print_line(R"({"type":"not_contiguous"})");
  words("the server gives slow readers of a channel only its latest messages, without a gap");
}

void Notices::stopped_at(const std::string& after) {
  if (form_ == OutputForm::Json) {
    std::string json;
    json::ObjectWriter(json).text("type", "stopped").text("after", after).finish();
    return print_line(json);
  }
  words("stopped; go on with --after " + after);
}

}  // namespace carillon::app
