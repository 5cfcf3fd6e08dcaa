# trefoil_add_plugin(NAME FILE.cpp …) adds a plugin library. It works in this tree and, after find_package(trefoil), in any other.
#
# Only the descriptor is visible outside the library. Undefined symbols are an error at link time, not when the plugin is loaded.
function(trefoil_add_plugin name)
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE trefoil::core)
  set_target_properties(
    ${name}
    PROPERTIES PREFIX ""
               CXX_VISIBILITY_PRESET hidden
               VISIBILITY_INLINES_HIDDEN ON
               DEFINE_SYMBOL ""
               UNITY_BUILD OFF)
  if(NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize" AND NOT TREFOIL_SANITIZE)
    target_link_options(${name} PRIVATE -Wl,--no-undefined)
  endif()
endfunction()

# trefoil_add_plugin_tests(NAME TEST.cpp … [SET KEY=VALUE …]) adds two tests:
# - NAME.rules runs `runner plugins check` with the parameters after SET. Parameters without a default must be among them.
# - NAME.test is a Catch2 program of TEST.cpp … and the sources of the plugin (trefoil/testing.h).
function(trefoil_add_plugin_tests name first)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" SET)
  set(settings "")
  foreach(setting ${arg_SET})
    list(APPEND settings --set ${setting})
  endforeach()
  set(runner ${TREFOIL_RUNNER})
  if(NOT runner)
    set(runner $<TARGET_FILE:runner>)
  endif()
  add_test(NAME ${name}.rules COMMAND ${runner} plugins check $<TARGET_FILE:${name}> ${settings})

  find_package(Catch2 QUIET)
  if(NOT Catch2_FOUND)
    message(WARNING "Catch2 was not found (Debian package catch2), so there is no test ${name}.test")
    return()
  endif()
  get_target_property(sources ${name} SOURCES)
  add_executable(${name}_test ${first} ${arg_UNPARSED_ARGUMENTS} ${sources})
  set_target_properties(${name}_test PROPERTIES UNITY_BUILD OFF)
  target_link_libraries(${name}_test PRIVATE trefoil::core)
  if(TARGET Catch2::Catch2WithMain)
    target_link_libraries(${name}_test PRIVATE Catch2::Catch2WithMain)
  else() # Catch2 version 2: the first source defines main
    target_link_libraries(${name}_test PRIVATE Catch2::Catch2)
    set_source_files_properties(${first} PROPERTIES COMPILE_DEFINITIONS CATCH_CONFIG_MAIN)
  endif()
  add_test(NAME ${name}.test COMMAND ${name}_test)
endfunction()
