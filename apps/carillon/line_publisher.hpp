// `carillon pub --lines`: a message for each line, in order, until one is not published.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "apps/carillon/caller.hpp"
#include "apps/carillon/notices.hpp"
#include "apps/carillon/output.hpp"
#include "apps/carillon/pub.hpp"

namespace carillon::app {

/// Lifetime: all that it is given outlives it.
class LinePublisher {
 public:
  LinePublisher(const PubCommand& command, Caller& caller, Notices& notices, Output& output)
      : command_(command), caller_(caller), notices_(notices), output_(output) {}

  /// Reads standard input to its end. As many lines as are there go in one request, so that a slow
  /// pipe is prompt and a fast one quick. Returns the exit code.
  int run();

 private:
  int publish_batch(const std::vector<std::string>& lines);
  int send_batch(std::string body, std::size_t count);
  int read_results(Bytes answer, std::size_t count);
  int fail_lines(client::Failure failure, std::size_t first, std::size_t refused,
                 std::size_t count);
  int fail_batch(client::Failure failure);
  int finish();

  const PubCommand& command_;
  Caller& caller_;
  Notices& notices_;
  Output& output_;
  std::size_t line_number_ = 1;  // of the first line of the batch
};

}  // namespace carillon::app
