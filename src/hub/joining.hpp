// How a subscribe comes to its answer: the rules, without the sending.
#pragma once

#include <optional>

#include "hub/member.hpp"
#include "hub/page.hpp"

namespace carillon::hub {

/// What the home is asked first.
ReadRequest first_join_request(const SubscribeRequest& request);

/// The answer at once, where it needs no home: the wished start is where this reactor's channel
/// stands (`live_position`).
std::optional<Subscribed> joined_here(const SubscribeRequest& request,
                                      const Position& live_position);

/// Takes in what the home answered to the last request.
void take_page(Joining& joining, Page page);

/// What to ask the home next, if the channel here has heard more (it stands at `position`) than
/// the answer holds so far: only where a broker answers late. Empty: the answer is complete.
std::optional<ReadRequest> next_join_request(Joining& joining, const Position& position);

}  // namespace carillon::hub
