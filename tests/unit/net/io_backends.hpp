// Both ways to send and receive, for suites that run over each of them.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <string>

#include "net/io_choice.hpp"
#include "net/io_loop.hpp"
#include "net/io_ring.hpp"

namespace carillon::net::test {

/// Says loudly, once, where the tests of io_uring are none.
inline bool ring_is_here() {
  static const bool here = [] {
    const auto ring = IoRing::make();
    if (ring) return true;
    std::fprintf(stderr,
                 "******** io_uring cannot be used here: %s\n"
                 "******** Its tests run over the fallback, which proves nothing about it.\n",
                 ring.error().c_str());
    return false;
  }();
  return here;
}

inline std::unique_ptr<IoBatch> make_batch(IoChoice choice) {
  if (choice == IoChoice::Uring && ring_is_here()) return std::move(*IoRing::make());
  return std::make_unique<IoLoop>();
}

inline std::string name_of(const testing::TestParamInfo<IoChoice>& info) {
  return info.param == IoChoice::Uring ? "Uring" : "Epoll";
}

}  // namespace carillon::net::test
