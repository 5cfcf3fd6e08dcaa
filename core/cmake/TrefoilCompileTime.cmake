# Settings that shorten the build. The compiler spends most of its time on headers: those of LibTorch take about four seconds for
# each source, those of nlohmann/json, fmt and the standard library two more.
#
# - Operator headers. trefoil_core defines AT_PER_OPERATOR_HEADERS, so that a source reads only the operators of LibTorch that it
#   includes (<ATen/ops/zeros.h>), not all 2,400. Plugins outside this tree get the definition from find_package(trefoil).
# - Precompiled headers. There are two sets: one for core, the tools and the tests, and one for plugins, because their symbols are
#   hidden. CMAKE_DISABLE_PRECOMPILE_HEADERS=ON turns them off.
# - Unity builds. With CMAKE_UNITY_BUILD=ON, as in the preset `release`, several sources of a folder are compiled together. Names in
#   unnamed namespaces must therefore be unique within a folder. The preset `dev` compiles every source alone.
# - Optimisation. -O2 compiles code with CLI11 and nlohmann/json in two thirds of the time of -O3. Kernels use -O3
#   (trefoil_kernels).
#
# The whole tree took 1,969 processor seconds without these settings and about 580 with them (g++ 12, two cores).

string(REPLACE "-O3" "-O2" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")

# When a shared library changes, targets that use it are not linked again.
set(CMAKE_LINK_DEPENDS_NO_SHARED ON)

# All targets use -fPIC, because a precompiled header can only be used with the flags that it was compiled with. By default, CMake
# would compile executables with -fPIE.
add_compile_options(-fPIC)

# Needed by ccache: GCC must keep the name of the precompiled header in its output, and clang must not write a time into it.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-fpch-preprocess)
elseif(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
endif()

# trefoil_precompiled_headers(NAME [HIDDEN] [HEADERS <a.h> …] [LIBRARIES LIBRARY …]) adds a target with precompiled headers: those of
# tensors and of the standard library, and HEADERS. Other targets use them with target_precompile_headers(TARGET REUSE_FROM NAME).
# They must link at least the same libraries. HIDDEN is for plugins, whose symbols are hidden.
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

# trefoil_kernels(FILE…) is for sources with inner loops. In a release build they are compiled with -O3. They use no precompiled
# header, because it was compiled with another optimisation level. Call it in the folder of the target.
function(trefoil_kernels)
  set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS "$<$<CONFIG:Release>:-O3>" SKIP_PRECOMPILE_HEADERS ON)
endfunction()

# trefoil_unity_by_folder(TARGET): in a unity build, at most TREFOIL_UNITY_SOURCES sources of one folder are compiled together. After a
# change of one source, the others of its group are compiled again too, so groups are small. The preset `tidy` has one group for each
# folder, because clang-tidy takes longer for LibTorch's headers than for our sources.
set(TREFOIL_UNITY_SOURCES 4 CACHE STRING "Largest number of sources of a folder that are compiled together in a unity build")
function(trefoil_unity_by_folder target)
  set(most ${TREFOIL_UNITY_SOURCES})
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
