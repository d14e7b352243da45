// What is told on standard error: in words, or with --json as one object a line.
#pragma once

#include <string>

#include "apps/carillon/client_flags.hpp"
#include "client/outgoing.hpp"
#include "core/position.hpp"
#include "core/time.hpp"

namespace carillon::app {

class Notices {
 public:
  explicit Notices(OutputForm form) : form_(form) {}

  /// Returns the exit code that goes with it.
  int failed(const client::Failure& failure);
  /// Something that is not a server's answer, e.g. input that cannot be sent.
  int failed(const std::string& text);
  void lost(const client::Failure& failure, Duration wait);
  void gap(const std::string& channel, const Position& position);
  void not_contiguous();
  /// Where to go on from; `after` is a position list.
  void stopped_at(const std::string& after);

 private:
  void words(const std::string& text);

  OutputForm form_;
  bool told_how_to_start_ = false;
};

}  // namespace carillon::app
