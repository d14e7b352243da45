# One target per module: its link line is the arrow in docs/ARCHITECTURE.md, and a test holds
# the include lines against the same table.

add_library(carillon_flags INTERFACE)
target_include_directories(carillon_flags INTERFACE "${CMAKE_SOURCE_DIR}/src")

# The test programs that `./dev test` also builds with ThreadSanitizer.
add_custom_target(threaded_tests)

# carillon_module(<name> SOURCES <file>... DEPENDS <target>...)
function(carillon_module name)
  cmake_parse_arguments(module "" "" "SOURCES;DEPENDS" ${ARGN})
  if(module_SOURCES)
    add_library(carillon_${name} STATIC ${module_SOURCES})
    target_link_libraries(carillon_${name} PUBLIC carillon_flags ${module_DEPENDS})
  else()
    add_library(carillon_${name} INTERFACE)
    target_link_libraries(carillon_${name} INTERFACE carillon_flags ${module_DEPENDS})
  endif()
endfunction()

# carillon_unit_tests(<name> DEPENDS <target>...): every *_test.cpp of this folder, one program.
# One that starts threads also runs under ThreadSanitizer; its includes tell.
function(carillon_unit_tests name)
  cmake_parse_arguments(tests "" "" "DEPENDS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*_test.cpp")
  add_executable(unit_${name} ${sources})
  target_link_libraries(unit_${name} PRIVATE ${tests_DEPENDS} GTest::gtest_main GTest::gmock)
  target_include_directories(unit_${name} PRIVATE "${CMAKE_SOURCE_DIR}")
  carillon_add_test(NAME unit.${name} COMMAND $<TARGET_FILE:unit_${name}> LABELS unit)

  foreach(source IN LISTS sources)
    file(STRINGS "${source}" thread_lines REGEX "#include <thread>|std::jthread|ReactorPool")
    if(thread_lines)
      set_property(TEST unit.${name} PROPERTY LABELS unit threads)
      add_dependencies(threaded_tests unit_${name})
      break()
    endif()
  endforeach()
endfunction()

# carillon_add_test(NAME <name> COMMAND <word>... LABELS <label>... [TIMEOUT <seconds>]
#                   [ENVIRONMENT <name=value>...]): with what each sanitizer needs around it.
function(carillon_add_test)
  cmake_parse_arguments(test "" "NAME;TIMEOUT" "COMMAND;LABELS;ENVIRONMENT" ${ARGN})
  if(NOT test_TIMEOUT)
    set(test_TIMEOUT 120)
  endif()
  add_test(NAME ${test_NAME} COMMAND ${CARILLON_TEST_LAUNCHER} ${test_COMMAND}
           WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
  set_tests_properties(${test_NAME} PROPERTIES TIMEOUT ${test_TIMEOUT} LABELS "${test_LABELS}"
                       ENVIRONMENT "${CARILLON_TEST_ENVIRONMENT};${test_ENVIRONMENT}")
endfunction()
