// What a reader or a follower tells, as lines that read well in a failure.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "client/reader.hpp"

namespace carillon::client::test {

class Heard final : public ReaderListener {
 public:
  void on_message(std::size_t channel, const Message& message) override {
    add("message", channel, to_text(message.position) + " " + std::string(message.data));
  }
  void on_ephemeral(std::size_t channel, const Ephemeral& ephemeral) override {
    add("ephemeral", channel, std::string(ephemeral.data));
  }
  void on_position(std::size_t channel, const Position& position) override {
    add("position", channel, to_text(position));
  }
  void on_gap(std::size_t channel, const Position& position) override {
    add("gap", channel, to_text(position));
  }
  void on_not_contiguous() override { lines.emplace_back("not contiguous"); }
  void on_reader_done() override { lines.emplace_back("done"); }
  void on_reader_failed(const Failure& failure) override {
    lines.push_back("failed " + failure.code);
    failures.push_back(failure);
  }

  std::vector<std::string> lines;
  std::vector<Failure> failures;
  std::function<void()> on_line = {};  // e.g. stops the reader

 private:
  void add(const std::string& what, std::size_t channel, const std::string& text) {
    lines.push_back(what + " " + std::to_string(channel) + " " + text);
    if (on_line) on_line();
  }
};

}  // namespace carillon::client::test
