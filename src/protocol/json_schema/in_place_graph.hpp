// Which schemas look at the same piece of data as others: what a check cannot get out of by going
// deeper into the data.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace carillon::json_schema {

class InPlaceGraph {
 public:
  enum class Fault { Cycle, TooLong };
  struct Found {
    Fault fault;
    std::size_t node;  // where it was noticed
  };

  std::size_t add_node();
  void add_edge(std::size_t from, std::size_t to) { edges_[from].push_back(to); }

  /// A node that is followed by itself, or by more than `most_nodes` others in a row.
  std::optional<Found> find_fault(std::size_t most_nodes) const;

 private:
  struct Search;

  std::vector<std::vector<std::size_t>> edges_;
};

}  // namespace carillon::json_schema
