// Publications as the protocol's objects: JSON, which every transport sends, or CBOR.
#pragma once

#include <span>
#include <string>

#include "hub/publication.hpp"
#include "protocol/native/encoding.hpp"
#include "protocol/native/message.hpp"

namespace carillon::transport {

/// Lifetime: a view of both; `client` is filled with the publisher's id as text.
native::MessageView message_view(const hub::Publication& publication, std::string& client);

/// Appends the message object of docs/protocol.md §1, or that of an ephemeral.
void append_publication(std::string& out, const hub::Publication& publication,
                        native::Encoding encoding = native::Encoding::Json);

/// Appends a JSON array of them.
void append_publications(std::string& out, std::span<const hub::PublicationPtr> publications);

/// The wire form of polls: the object and a comma, so that a batch of them is an array but for
/// its brackets and the last comma. Ephemerals are left out: who polls is not there in between.
void encode_list_item(const hub::Publication& publication, std::string& out);

}  // namespace carillon::transport
