// Publications as the protocol's objects: JSON, which every transport sends, or CBOR.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "hub/publication.hpp"
#include "protocol/native/encoding.hpp"
#include "protocol/native/message.hpp"

namespace carillon::transport {

/// Lifetime: a view of both; `client` is filled with the publisher's id as text.
native::MessageView message_view(const hub::Publication& publication, std::string& client);

/// What the word for it is, as the name of an event; empty: it needs none.
Bytes event_name(const hub::Publication& publication);

/// Lifetime: a view of both; `client` is filled with its id as text.
native::Member member_view(const hub::PresenceMember& member, std::string& client);

/// A page of members, with the texts that its view needs.
/// Lifetime: both outlive it.
class PresenceText {
 public:
  PresenceText(Bytes channel, const hub::PresencePage& page);
  native::PresencePage view() const;

 private:
  Bytes channel_;
  const hub::PresencePage& page_;
  std::vector<std::string> clients_;
  std::vector<native::Member> members_;
};

/// Appends the message object of docs/protocol.md §1, that of an ephemeral, or of a presence.
void append_publication(std::string& out, const hub::Publication& publication,
                        native::Encoding encoding = native::Encoding::Json);

/// Appends a JSON array of them.
void append_publications(std::string& out, std::span<const hub::PublicationPtr> publications);

/// The wire form of polls: the object and a comma, so that a batch of them is an array but for
/// its brackets and the last comma. Ephemerals are left out: who polls is not there in between.
void encode_list_item(const hub::Publication& publication, std::string& out);

}  // namespace carillon::transport
