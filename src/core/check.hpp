// The third kind of error: our own bug. Nothing that came from the wire may reach it.
#pragma once

#include <cstdio>
#include <cstdlib>

/// Ends the process with the place and the broken assumption.
#define CARILLON_CHECK(condition)                                                             \
  do {                                                                                        \
    if (!(condition)) [[unlikely]] {                                                          \
      std::fprintf(stderr, "%s:%d: broken assumption: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                           \
    }                                                                                         \
  } while (false)
