// refuse_io_uring PROGRAM [ARGUMENT...]: runs it as in a container whose seccomp profile forbids
// io_uring.
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>

#include "tests/support/seccomp.hpp"

int main(int argc, char** argv) {
  if (argc < 2 || !carillon::test::refuse_system_call(SYS_io_uring_setup)) {
    std::perror("refuse_io_uring");
    return 2;
  }
  ::execvp(argv[1], argv + 1);
  std::perror(argv[1]);
  return 127;
}
