// Small GETs over HTTP/2, by nghttp2's own h2load.
#include <algorithm>

#include "load/helper.hpp"
#include "load/http_wire.hpp"
#include "load/meter.hpp"
#include "load/run.hpp"

namespace carillon::bench {
namespace {

constexpr std::size_t kStreamsAtATime = 10;

void ask(const Options& options, std::size_t count) {
  const std::string scheme = options.security == Security::Tls ? "https" : "http";
  const std::string said =
      run_helper({"h2load", "-n", std::to_string(count), "-c", std::to_string(options.connections),
                  "-m", std::to_string(options.streams == 0 ? kStreamsAtATime : options.streams),
                  scheme + "://127.0.0.1:" + std::to_string(options.port) + options.dialect.path});
  const std::size_t codes = said.find("status codes:");
  if (codes == std::string::npos || number_behind(said.substr(0, codes + 30), "codes:") != count) {
    throw WireError("not every request was answered 2xx: " + said);
  }
  if (said.find("Application protocol: h2") == std::string::npos) throw WireError("no HTTP/2");
}

}  // namespace

Report run_requests(const Options& options) {
  Meter meter(options);
  ask(options, std::max(options.warm_up, options.connections));
  Report report;
  meter.begin();
  ask(options, options.messages);
  meter.end(report);
  report.units = options.messages;
  return report;
}

}  // namespace carillon::bench
