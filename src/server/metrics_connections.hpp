// What `/metrics` says of connections, and of what is spoken over them.
#pragma once

#include <vector>

#include "server/metrics_per_reactor.hpp"

namespace carillon::server {

void write_connections(PerReactor& metrics, MetricsText& out);
void write_certificates(MetricsText& out, const std::vector<CertificateEnd>& certificates);

}  // namespace carillon::server
