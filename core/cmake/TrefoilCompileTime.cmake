# What keeps the build short. Nearly all of a source's compile time goes into reading headers: LibTorch's take about four
# seconds, those of nlohmann/json, fmt and the standard library two more.
#
# - One operator at a time. trefoil_core defines AT_PER_OPERATOR_HEADERS, so that a source reads the operators of LibTorch that it
#   includes (<ATen/ops/zeros.h>), not all 2,400. Plugins outside this tree get the definition with find_package(trefoil).
# - Precompiled headers. Those headers are read twice in all, once for core, the tools and the tests, and once for plugins, whose
#   symbols are hidden. CMAKE_DISABLE_PRECOMPILE_HEADERS=ON switches them off.
# - Unity builds. With CMAKE_UNITY_BUILD=ON, as in the preset `release`, the sources of one folder are compiled together. Names in
#   unnamed namespaces must therefore differ within a folder. The presets `dev` and `tidy` compile every source alone.
# - Less optimisation. -O2 compiles the code around CLI11 and nlohmann/json in two thirds of the time of -O3.
#   Kernels keep -O3 (trefoil_kernels).
#
# Measured with g++ 12 on two cores, in processor seconds of the whole tree: 1,969 before, about 580 with all of them.

string(REPLACE "-O3" "-O2" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")

# A library whose code changed, but not its interface, needs no new links of what uses it.
set(CMAKE_LINK_DEPENDS_NO_SHARED ON)

# One compiler flag for all targets, because a precompiled header can only be used with the flags that it was made with: CMake would
# compile executables with -fPIE instead.
add_compile_options(-fPIC)

# For ccache: the compiler must keep the name of the precompiled header (GCC), and write no time into it (clang).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-fpch-preprocess)
elseif(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
endif()

# trefoil_precompiled_headers(NAME [HIDDEN] [HEADERS <a.h> …] [LIBRARIES LIBRARY …]): a target whose precompiled headers, those of
# tensors, the standard library and these, are used by others: target_precompile_headers(TARGET REUSE_FROM NAME). The others must link
# the same libraries, and may link more.
function(trefoil_precompiled_headers name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "HIDDEN" "" "HEADERS;LIBRARIES")
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  file(CONFIGURE OUTPUT ${source} CONTENT "// No code: only the precompiled headers of this target are used.\n")
  add_library(${name} OBJECT ${source})
  target_compile_features(${name} PRIVATE cxx_std_17)
  target_compile_definitions(${name} PRIVATE AT_PER_OPERATOR_HEADERS)
  target_link_libraries(${name} PRIVATE trefoil_warnings ${TORCH_LIBRARIES} ${arg_LIBRARIES})
  target_include_directories(${name} SYSTEM PRIVATE ${TORCH_INCLUDE_DIRS})
  target_precompile_headers(
    ${name}
    PRIVATE
    <ATen/TensorOperators.h>
    <ATen/core/Tensor.h>
    <filesystem>
    <fstream>
    <functional>
    <map>
    <mutex>
    <optional>
    <set>
    <thread>
    ${arg_HEADERS})
  if(arg_HIDDEN)
    set_target_properties(${name} PROPERTIES CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  endif()
endfunction()

# trefoil_kernels(FILE…): sources of inner loops, in the folder of their target. Each is compiled alone, with -O3 in a release build;
# a precompiled header, which was made with another optimisation level, is of no use to them.
function(trefoil_kernels)
  set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS "$<$<CONFIG:Release>:-O3>" SKIP_PRECOMPILE_HEADERS ON)
endfunction()

# trefoil_unity_by_folder(TARGET): a unity build compiles the sources of each folder of the target together, a few at a time: after a
# change of one source, its neighbours are compiled too, and that should stay quick.
function(trefoil_unity_by_folder target)
  set(most 4)
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
  get_target_property(sources ${target} SOURCES)
  foreach(source ${sources})
    if(IS_ABSOLUTE ${source}) # generated, and compiled alone
      continue()
    endif()
    get_filename_component(folder ${source} DIRECTORY)
    string(MAKE_C_IDENTIFIER "${target}/${folder}" group)
    if(NOT DEFINED count_${group})
      set(count_${group} 0)
    endif()
    math(EXPR batch "${count_${group}} / ${most}")
    math(EXPR count_${group} "${count_${group}} + 1")
    set_property(SOURCE ${source} PROPERTY UNITY_GROUP ${group}_${batch})
  endforeach()
endfunction()
