# How everything in this tree is compiled.

set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release or RelWithDebInfo" FORCE)
endif()

option(TREFOIL_WERROR "Treat warnings as errors" OFF)
set(TREFOIL_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize= (for example address,undefined)")

# The build tree has the layout of an installation, so that the runner finds its plugins in both by one rule.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/${CMAKE_INSTALL_BINDIR})
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/${CMAKE_INSTALL_LIBDIR})
set(TREFOIL_PLUGIN_DIR ${CMAKE_INSTALL_LIBDIR}/trefoil/plugins)

# Where libraries are looked for is written when they are linked, and is the same in the build tree and in an installation. CMake
# would otherwise pad the path of the build tree with empty entries, which the loader takes for the current directory. A LibTorch
# outside the system's folders is added with its full path.
set(CMAKE_BUILD_WITH_INSTALL_RPATH ON)
set(CMAKE_INSTALL_RPATH_USE_LINK_PATH ON)
set(CMAKE_INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")

# No warning is switched off for LibTorch's sake: its headers are system headers.
add_library(trefoil_warnings INTERFACE)
target_compile_options(trefoil_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor)
# GCC 12 sees overflows in joining strings that are not there (its bugs 105329 and 105651).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(trefoil_warnings INTERFACE -Wno-stringop-overflow -Wno-restrict -Wno-array-bounds)
endif()
if(TREFOIL_WERROR)
  target_compile_options(trefoil_warnings INTERFACE -Werror)
endif()

if(TREFOIL_SANITIZE)
  add_compile_options(-fsanitize=${TREFOIL_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  add_link_options(-fsanitize=${TREFOIL_SANITIZE})
endif()

find_program(CCACHE ccache)
if(CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE})
endif()

find_package(Torch REQUIRED)
find_package(Threads REQUIRED)
