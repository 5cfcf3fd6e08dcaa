# trefoil_add_plugin(NAME FILE.cpp …): a plugin library, in this tree and, after find_package(trefoil), in any other.
#
# Only the descriptor is visible outside, and nothing may be left undefined, so that a plugin that lacks something fails to
# link rather than to load.
function(trefoil_add_plugin name)
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE trefoil::core)
  set_target_properties(
    ${name}
    PROPERTIES PREFIX ""
               CXX_VISIBILITY_PRESET hidden
               VISIBILITY_INLINES_HIDDEN ON
               DEFINE_SYMBOL "")
  if(NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize" AND NOT TREFOIL_SANITIZE)
    target_link_options(${name} PRIVATE -Wl,--no-undefined)
  endif()
endfunction()
