// The embedded pages, served at every path that no route has.
#pragma once

#include "transport/common/router.hpp"

namespace carillon::server {

void add_pages(transport::Router& router);

}  // namespace carillon::server
