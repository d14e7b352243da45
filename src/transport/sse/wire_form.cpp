#include "transport/sse/wire_form.hpp"

#include "core/check.hpp"
#include "protocol/sse/encode.hpp"
#include "transport/common/publication_json.hpp"

namespace carillon::transport {

void encode_event(const hub::Publication& publication, std::string& out) {
  thread_local std::string json;
  json.clear();
  append_publication(json, publication);
  CARILLON_CHECK(sse::append_body(out, event_name(publication), json));
}

void encode_event_with_id(const hub::Publication& publication, std::string& out) {
  if (publication.is_kept()) {
    CARILLON_CHECK(sse::append_id(out, to_text(publication.position)));
  }
  encode_event(publication, out);
}

}  // namespace carillon::transport
