# libcarillon: the façade and everything below it in one library, and what a stranger needs to use
# it. Static, or shared with -DBUILD_SHARED_LIBS=ON.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

# What may stand below the façade and is no part of this project:
# target | what find_dependency() takes | name for pkg-config | what is linked, if not the target.
# No name: its headers alone are used.
set(carillon_externals
    "OpenSSL::Crypto|OpenSSL 3 COMPONENTS Crypto|libcrypto|"
    "OpenSSL::SSL|OpenSSL 3 COMPONENTS SSL|libssl|"
    "fmt::fmt|fmt|fmt|"
    "spdlog::spdlog|spdlog|spdlog|"
    "ZLIB::ZLIB|ZLIB|zlib|"
    "PkgConfig::liburing||liburing|uring"
    "PkgConfig::nghttp2||libnghttp2|nghttp2"
    "nlohmann_json::nlohmann_json|||"
    "Threads::Threads|||"
    "carillon_flags|||")

# carillon_walk(<target>): notes what a module links, directly or not, in two global properties.
function(carillon_walk target)
  get_property(seen GLOBAL PROPERTY CARILLON_LIBRARY_MODULES)
  if("${target}" IN_LIST seen)
    return()
  endif()
  set_property(GLOBAL APPEND PROPERTY CARILLON_LIBRARY_MODULES "${target}")
  get_target_property(linked "${target}" LINK_LIBRARIES)
  get_target_property(interface "${target}" INTERFACE_LINK_LIBRARIES)
  foreach(other IN LISTS linked interface)
    if("${other}" MATCHES "^carillon_" AND NOT "${other}" STREQUAL "carillon_flags")
      carillon_walk("${other}")
    elseif(other)
      set_property(GLOBAL APPEND PROPERTY CARILLON_LIBRARY_EXTERNALS "${other}")
    endif()
  endforeach()
endfunction()

carillon_walk(carillon_facade)
get_property(modules GLOBAL PROPERTY CARILLON_LIBRARY_MODULES)
get_property(externals GLOBAL PROPERTY CARILLON_LIBRARY_EXTERNALS)
list(REMOVE_DUPLICATES externals)

set(objects)
foreach(module IN LISTS modules)
  get_target_property(type ${module} TYPE)
  if(NOT type STREQUAL "INTERFACE_LIBRARY")
    list(APPEND objects "$<TARGET_OBJECTS:${module}>")
  endif()
endforeach()

set(carillon_dependencies "find_dependency(Threads)")
set(carillon_pc_requires)
set(carillon_links Threads::Threads)
foreach(external IN LISTS externals)
  set(row ${carillon_externals})
  list(FILTER row INCLUDE REGEX "^${external}\\|")
  if(NOT row)
    message(FATAL_ERROR "libcarillon links ${external}, which cmake/Library.cmake does not know")
  endif()
  string(REPLACE "|" ";" row "${row}|")  # so that the last column may be empty
  list(GET row 1 package)
  list(GET row 2 pc_name)
  list(GET row 3 link)
  if(pc_name)
    list(APPEND carillon_pc_requires "${pc_name}")
    if(link)
      list(APPEND carillon_links "${link}")
    else()
      list(APPEND carillon_links "${external}")
    endif()
  endif()
  if(package)
    string(APPEND carillon_dependencies "\nfind_dependency(${package})")
  endif()
endforeach()
list(JOIN carillon_pc_requires ", " carillon_pc_requires)

find_package(Threads REQUIRED)
add_library(libcarillon ${objects})
add_library(carillon::carillon ALIAS libcarillon)
set_target_properties(libcarillon PROPERTIES
  OUTPUT_NAME carillon EXPORT_NAME carillon LINKER_LANGUAGE CXX VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
target_compile_features(libcarillon PUBLIC cxx_std_20)
target_link_libraries(libcarillon PRIVATE ${carillon_links})
file(GLOB public_headers CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/include/carillon/*.hpp")
target_sources(libcarillon PUBLIC FILE_SET HEADERS BASE_DIRS "${CMAKE_SOURCE_DIR}/include"
                                  FILES ${public_headers})

# A shared library needs the others only inside; with an archive the program has to link them.
if(BUILD_SHARED_LIBS)
  set(carillon_map "${CMAKE_SOURCE_DIR}/cmake/libcarillon.map")
  target_link_options(libcarillon PRIVATE "LINKER:--version-script=${carillon_map}"
                                          "LINKER:--no-undefined")
  set_property(TARGET libcarillon APPEND PROPERTY LINK_DEPENDS "${carillon_map}")
  set(carillon_dependencies "")
  set(carillon_pc_lines "Libs: -L\${libdir} -lcarillon\nRequires.private: ${carillon_pc_requires}")
else()
  set(carillon_pc_lines "Libs: -L\${libdir} -lcarillon -pthread\nRequires: ${carillon_pc_requires}")
endif()

set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/carillon")
configure_package_config_file(cmake/carillonConfig.cmake.in
  "${CMAKE_BINARY_DIR}/carillonConfig.cmake" INSTALL_DESTINATION "${package_folder}")
# Before 1.0 every minor version may change what is public; SOVERSION says the same.
write_basic_package_version_file("${CMAKE_BINARY_DIR}/carillonConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion)
# Wherever it is moved to, the file finds its library beside it.
file(RELATIVE_PATH carillon_pc_up "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
configure_file(cmake/carillon.pc.in "${CMAKE_BINARY_DIR}/carillon.pc" @ONLY)

install(TARGETS libcarillon EXPORT carillonTargets COMPONENT library FILE_SET HEADERS
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
        LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(EXPORT carillonTargets NAMESPACE carillon:: DESTINATION "${package_folder}"
        COMPONENT library)
install(FILES "${CMAKE_BINARY_DIR}/carillonConfig.cmake"
              "${CMAKE_BINARY_DIR}/carillonConfigVersion.cmake"
        DESTINATION "${package_folder}" COMPONENT library)
install(FILES "${CMAKE_BINARY_DIR}/carillon.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig"
        COMPONENT library)
