#include "transport/common/publication_json.hpp"

#include "protocol/native/encode.hpp"

namespace carillon::transport {

native::MessageView message_view(const hub::Publication& publication, std::string& client) {
  client.clear();
  if (publication.client) hub::append_text(client, publication.client);
  const bool is_json = publication.data_kind == hub::DataKind::Json;
  return {.channel = publication.channel,
          .position = publication.position,
          .timestamp = publication.timestamp,
          .data = publication.data,
          .kind = is_json ? native::DataKind::Json : native::DataKind::Binary,
          .from = {.user = publication.user, .client = client},
          .key = publication.key};
}

void append_publication(std::string& out, const hub::Publication& publication,
                        native::Encoding encoding) {
  thread_local std::string client;
  const native::MessageView view = message_view(publication, client);
  if (publication.is_kept()) return native::append_message(out, view, encoding);
  native::append_ephemeral(
      out, {.channel = view.channel, .data = view.data, .kind = view.kind, .from = view.from},
      encoding);
}

void append_publications(std::string& out, std::span<const hub::PublicationPtr> publications) {
  out.push_back('[');
  for (const hub::PublicationPtr& publication : publications) {
    if (out.back() != '[') out.push_back(',');
    append_publication(out, *publication);
  }
  out.push_back(']');
}

void encode_list_item(const hub::Publication& publication, std::string& out) {
  if (!publication.is_kept()) return;
  append_publication(out, publication);
  out.push_back(',');
}

}  // namespace carillon::transport
