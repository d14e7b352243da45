#include "hub/joining.hpp"

#include <algorithm>
#include <utility>

namespace carillon::hub {
namespace {

bool is_live(const SubscribeRequest& request) {
  return std::holds_alternative<Live>(request.start);
}

void add_missed(Joining& joining, std::vector<PublicationPtr> publications) {
  const SubscribeRequest& request = joining.request;
  const bool leaves_out = request.echo == Echo::NotMyOwn && request.client;
  for (PublicationPtr& publication : publications) {
    if (leaves_out && publication->client == request.client) continue;
    joining.answer.missed.push_back(std::move(publication));
  }
}

}  // namespace

ReadRequest first_join_request(const SubscribeRequest& request) {
  ReadRequest read{.channel = request.channel, .start = Latest{}, .limit = 0};
  if (const After* const after = std::get_if<After>(&request.start)) read.start = *after;
  if (!is_live(request)) read.limit = std::min(request.limit, limits::kPagePublications);
  return read;
}

std::optional<Subscribed> joined_here(const SubscribeRequest& request,
                                      const Position& live_position) {
  const After* const after = std::get_if<After>(&request.start);
  const bool is_there = after != nullptr && after->position == live_position;
  if (!is_there && !is_live(request)) return std::nullopt;
  Subscribed answer;
  answer.begin = live_position;
  answer.missed_until = live_position;
  answer.position = live_position;
  return answer;
}

void take_page(Joining& joining, Page page) {
  Subscribed& answer = joining.answer;
  const bool is_first = joining.rounds++ == 0;
  if (is_first || page.continuity != Continuity::Unbroken) {
    // Broken in a later round: a gap at this page's begin tells of all that is left out.
    answer.missed.clear();
    answer.begin = page.begin;
    answer.continuity = page.continuity;
    answer.more_missed = false;
  }
  if (!answer.more_missed) {
    add_missed(joining, std::move(page.publications));
    answer.missed_until = page.position;
    answer.more_missed = !page.at_end;
  }
  answer.position = page.top;
}

std::optional<ReadRequest> next_join_request(Joining& joining, const Position& position) {
  Subscribed& answer = joining.answer;
  const bool has_fallen_behind =
      answer.position.epoch == position.epoch && answer.position.offset < position.offset;
  if (!has_fallen_behind) return std::nullopt;
  if (is_live(joining.request)) {
    // What came meanwhile was before "from now on".
    answer.begin = position;
    answer.missed_until = position;
    answer.position = position;
    return std::nullopt;
  }
  ReadRequest read{.channel = joining.request.channel, .start = Latest{}, .limit = 0};
  if (!answer.more_missed) {
    read.start = After{answer.missed_until};
    read.limit = limits::kPagePublications;
  }
  return read;
}

}  // namespace carillon::hub
