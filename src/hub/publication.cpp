#include "hub/publication.hpp"

#include <utility>

namespace carillon::hub {
namespace {

/// What a string holds outside of itself.
std::size_t heap_bytes(const std::string& text) {
  static const std::size_t inside = std::string().capacity();
  return text.capacity() > inside ? text.capacity() + 1 : 0;
}

}  // namespace

std::size_t Publication::footprint_bytes() const {
  constexpr std::size_t kReferenceCounts = 16;
  return sizeof(Publication) + kReferenceCounts + heap_bytes(channel) + heap_bytes(data) +
         heap_bytes(user) + heap_bytes(key);
}

PublicationPtr make_publication(PublicationDraft draft, PublicationKind kind, Position position,
                                Timestamp timestamp) {
  return std::make_shared<Publication>(Publication{.channel = std::move(draft.channel),
                                                   .data = std::move(draft.data),
                                                   .user = std::move(draft.publisher.user),
                                                   .key = std::move(draft.key),
                                                   .position = position,
                                                   .timestamp = timestamp,
                                                   .client = draft.publisher.client,
                                                   .data_kind = draft.data_kind,
                                                   .kind = kind});
}

PublicationPtr make_presence_publication(std::string channel, PresenceChange change,
                                         Timestamp timestamp) {
  return std::make_shared<Publication>(
      Publication{.channel = std::move(channel),
                  .data = {},
                  .user = {},
                  .key = {},
                  .position = {},
                  .timestamp = timestamp,
                  .client = {},
                  .kind = PublicationKind::Presence,
                  .change = std::make_unique<const PresenceChange>(std::move(change))});
}

}  // namespace carillon::hub
