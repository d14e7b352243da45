// The hubs of one process as they see each other.
#pragma once

#include <vector>

namespace carillon::hub {

class Home;
class Hub;
class SessionDirectory;

/// By reactor index. Filled before the first reactor runs, constant from then on.
/// Thread:   an object in it is touched on its own reactor only: by a task sent there.
/// Lifetime: all of them outlive the last task.
struct Peers {
  std::vector<Hub*> hubs;
  std::vector<Home*> homes;
  std::vector<SessionDirectory*> session_directories;
};

}  // namespace carillon::hub
