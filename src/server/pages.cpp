#include "server/pages.hpp"

#include <memory>
#include <string>

#include "net/reactor.hpp"
#include "transport/assets/static_files.hpp"
#include "transport/common/worker.hpp"
#include "web/assets.hpp"

namespace carillon::server {

void add_pages(transport::Router& router) {
  auto files = std::make_shared<transport::StaticFiles>();
  for (const web::Asset& asset : web::assets()) {
    files->add("/" + std::string(asset.path), {.media_type = std::string(asset.media_type),
                                               .etag = std::string(asset.etag),
                                               .identity = SharedBytes(asset.bytes),
                                               .gzip = SharedBytes(asset.gzip),
                                               .brotli = SharedBytes(asset.brotli)});
  }
  router.set_fallback({.handler =
                           [files](transport::Worker& worker, transport::Exchange& exchange) {
                             files->serve(exchange, worker.reactor().wall_clock());
                           }},
                      [files](Bytes path) { return files->has(std::string(path)); });
}

}  // namespace carillon::server
