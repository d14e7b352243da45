#include "transport/common/page_merge.hpp"

#include <algorithm>

namespace carillon::transport {
namespace {

struct Candidate {
  hub::PublicationPtr publication;
  std::size_t part;
};

std::vector<Candidate> by_time(std::vector<ChannelPart>& parts) {
  std::vector<Candidate> all;
  for (std::size_t part = 0; part < parts.size(); ++part) {
    for (hub::PublicationPtr& publication : parts[part].publications) {
      all.push_back({std::move(publication), part});
    }
  }
  // Stable: within a channel timestamps rise strictly, between channels the request's order
  // decides.
  std::ranges::stable_sort(
      all, {}, [](const Candidate& candidate) { return candidate.publication->timestamp; });
  return all;
}

}  // namespace

MergedPage merge_parts(std::vector<ChannelPart> parts, std::size_t limit, MergeKeep keep) {
  std::vector<Candidate> all = by_time(parts);
  const bool cut = all.size() > limit;
  if (cut && keep == MergeKeep::Newest) {
    all.erase(all.begin(), all.end() - static_cast<std::ptrdiff_t>(limit));
  } else if (cut) {
    all.resize(limit);
  }
  MergedPage page;
  const bool ends_are_reached = !cut || keep == MergeKeep::Newest;
  for (const ChannelPart& part : parts) {
    page.positions.push_back(ends_are_reached ? part.end : part.begin);
  }
  for (Candidate& candidate : all) {
    if (!ends_are_reached) page.positions[candidate.part] = candidate.publication->position;
    page.publications.push_back(std::move(candidate.publication));
  }
  return page;
}

}  // namespace carillon::transport
