#include "transport/common/publication_json.hpp"

#include "protocol/native/channel_name.hpp"
#include "protocol/native/encode.hpp"

namespace carillon::transport {
namespace {

Bytes word_of(hub::PresenceEvent event) {
  switch (event) {
    case hub::PresenceEvent::Join:
      return "join";
    case hub::PresenceEvent::Leave:
      return "leave";
    case hub::PresenceEvent::Update:
      return "update";
  }
  return {};
}

Bytes word_of(hub::LeaveCause cause) {
  switch (cause) {
    case hub::LeaveCause::Left:
      return "left";
    case hub::LeaveCause::Closed:
      return "closed";
    case hub::LeaveCause::Lost:
      return "lost";
    case hub::LeaveCause::Ended:
      return "ended";
  }
  return {};
}

void append_change(std::string& out, Bytes channel, const hub::PresenceChange& change,
                   std::string& client, native::Encoding encoding) {
  const bool leaves = change.event == hub::PresenceEvent::Leave;
  native::append_presence(out,
                          {.channel = channel,
                           .event = word_of(change.event),
                           .member = member_view(*change.member, client),
                           .counts = {.clients = change.counts.clients,
                                      .users = change.counts.users,
                                      .version = change.version},
                           .cause = leaves ? word_of(change.cause) : Bytes{}},
                          encoding);
}

}  // namespace

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

Bytes event_name(const hub::Publication& publication) {
  switch (publication.kind) {
    case hub::PublicationKind::Kept:
      return native::is_client_channel(publication.channel) ? Bytes("signal") : Bytes();
    case hub::PublicationKind::Ephemeral:
      return "ephemeral";
    case hub::PublicationKind::Presence:
      return "presence";
  }
  return {};
}

native::Member member_view(const hub::PresenceMember& member, std::string& client) {
  client = hub::to_text(member.profile.client);
  return {.client = client,
          .user = member.profile.user,
          .info = member.profile.info,
          .data = member.data,
          .since = member.since};
}

PresenceText::PresenceText(Bytes channel, const hub::PresencePage& page)
    : channel_(channel), page_(page), clients_(page.members.size()) {
  members_.reserve(clients_.size());
  for (std::size_t i = 0; i < clients_.size(); ++i) {
    members_.push_back(member_view(*page.members[i], clients_[i]));
  }
}

native::PresencePage PresenceText::view() const {
  const bool goes_on = !page_.at_end && !clients_.empty();
  return {.channel = channel_,
          .members = members_,
          .counts = {.clients = page_.counts.clients,
                     .users = page_.counts.users,
                     .version = page_.version},
          .next = goes_on ? Bytes(clients_.back()) : Bytes{}};
}

void append_publication(std::string& out, const hub::Publication& publication,
                        native::Encoding encoding) {
  thread_local std::string client;
  if (publication.change) {
    return append_change(out, publication.channel, *publication.change, client, encoding);
  }
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
