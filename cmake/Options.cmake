# What a preset can choose, and the flags that follow from it.

option(CARILLON_TESTS "Build the unit tests" ON)
option(CARILLON_LINT "Register the lint tests" OFF)
option(CARILLON_FUZZ "Build the libFuzzer targets (clang only)" OFF)
option(CARILLON_BENCH "Build the benchmarks and the guard of the hot paths" OFF)
option(CARILLON_EXAMPLES "Build the examples of the library" ON)
option(BUILD_SHARED_LIBS "Build libcarillon as a shared library" OFF)
set(CARILLON_SANITIZE "" CACHE STRING "Sanitizers of the whole build, e.g. address,undefined")

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}")

if(BUILD_SHARED_LIBS)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  set(CMAKE_CXX_VISIBILITY_PRESET hidden)
  set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
endif()

find_program(CARILLON_CCACHE ccache)
if(CARILLON_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CARILLON_CCACHE}")
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Werror)
# Options are structs with defaults: naming only what differs is the point of them.
add_compile_options(-Wno-missing-field-initializers)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # gcc 12 sees ghosts in its own library once it has inlined or instrumented the code.
  add_compile_options(-Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-stringop-overread
                      -Wno-array-bounds -Wno-restrict -Wno-tsan)
endif()

if(CARILLON_SANITIZE)
  add_compile_options(-fsanitize=${CARILLON_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${CARILLON_SANITIZE})
  if(CARILLON_SANITIZE MATCHES "undefined")
    # Null and vtable checks double the time to compile, and AddressSanitizer traps what they find.
    add_compile_options(-fno-sanitize-recover=undefined -fno-sanitize=null,vptr)
  endif()
endif()

if(CARILLON_FUZZ)
  # gcc 12's library uses what it calls deprecated, which only clang tells.
  add_compile_options(-fsanitize=fuzzer-no-link -Wno-deprecated-declarations)
endif()

# How a test program starts: gcc 12's ThreadSanitizer aborts where the kernel randomises addresses
# more than it expects, and a report must fail the test.
set(CARILLON_TEST_LAUNCHER "")
if(CARILLON_SANITIZE MATCHES "thread")
  set(CARILLON_TEST_LAUNCHER setarch -R)
endif()
set(CARILLON_TEST_ENVIRONMENT
    "ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1"
    "UBSAN_OPTIONS=print_stacktrace=1"
    "TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1")
