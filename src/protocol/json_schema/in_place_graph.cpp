#include "protocol/json_schema/in_place_graph.hpp"

#include <algorithm>

namespace carillon::json_schema {

/// Depth first; each node's longest way down is found once. It never goes deeper than is allowed.
struct InPlaceGraph::Search {
  const std::vector<std::vector<std::size_t>>& edges;
  std::size_t most;
  std::vector<std::size_t> longest;  // in nodes, its own one among them; 0: not known yet
  std::vector<std::size_t> way;

  std::optional<Found> visit(std::size_t node) {
    if (std::ranges::find(way, node) != way.end()) return Found{Fault::Cycle, node};
    if (way.size() > most) return Found{Fault::TooLong, node};
    if (longest[node] == 0) {
      way.push_back(node);
      std::size_t below = 0;
      for (const std::size_t next : edges[node]) {
        if (auto found = visit(next)) return found;
        below = std::max(below, longest[next]);
      }
      way.pop_back();
      longest[node] = below + 1;
    }
    if (way.size() + longest[node] > most + 1) return Found{Fault::TooLong, node};
    return std::nullopt;
  }
};

std::size_t InPlaceGraph::add_node() {
  edges_.emplace_back();
  return edges_.size() - 1;
}

std::optional<InPlaceGraph::Found> InPlaceGraph::find_fault(std::size_t most_nodes) const {
  Search search{.edges = edges_,
                .most = most_nodes,
                .longest = std::vector<std::size_t>(edges_.size()),
                .way = {}};
  for (std::size_t node = 0; node < edges_.size(); ++node) {
    if (auto found = search.visit(node)) return found;
  }
  return std::nullopt;
}

}  // namespace carillon::json_schema
