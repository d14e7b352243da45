# Turns a folder of finished files into a library that carries them, with their compressed forms.

# carillon_embed_assets(<target> FOLDER <folder> STAMP <file that changes with the folder>)
function(carillon_embed_assets target)
  cmake_parse_arguments(embed "" "FOLDER;STAMP" "" ${ARGN})
  set(generated "${CMAKE_CURRENT_BINARY_DIR}/embedded")
  set(script "${CMAKE_SOURCE_DIR}/tools/embed_assets.mjs")
  add_custom_command(
    OUTPUT "${generated}/assets.cpp" "${generated}/assets.S"
    COMMAND "${CARILLON_WEB_NODE}" "${script}" "${embed_FOLDER}" "${generated}"
    DEPENDS "${embed_STAMP}" "${script}"
    COMMENT "Embedding ${embed_FOLDER}"
    VERBATIM)
  add_library(${target} STATIC "${generated}/assets.cpp" "${generated}/assets.S")
  target_include_directories(${target} PUBLIC "${CMAKE_SOURCE_DIR}")
  # The assembler reads the files behind the compiler's back: it must run when they change.
  set_source_files_properties("${generated}/assets.S" PROPERTIES OBJECT_DEPENDS "${embed_STAMP}"
                              COMPILE_OPTIONS "-Wa,--noexecstack")
endfunction()
