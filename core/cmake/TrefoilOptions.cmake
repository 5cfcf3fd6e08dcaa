# Options for all targets in this tree.

set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release or RelWithDebInfo" FORCE)
endif()

option(TREFOIL_WERROR "Treat warnings as errors" OFF)
set(TREFOIL_SANITIZE "" CACHE STRING "Sanitizers, as in -fsanitize= (for example address,undefined)")

# The build tree has the same folders as an installation, so that the runner finds its plugins by one rule in both.
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/${CMAKE_INSTALL_BINDIR})
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/${CMAKE_INSTALL_LIBDIR})
set(TREFOIL_PLUGIN_DIR ${CMAKE_INSTALL_LIBDIR}/trefoil/plugins)

# The search path of libraries (RUNPATH) is written at link time, and is the same in the build tree and in an installation. Without
# this, CMake would pad the path in the build tree with empty entries, which the loader reads as the current directory. If LibTorch is
# not in a system folder, its full path is added.
set(CMAKE_BUILD_WITH_INSTALL_RPATH ON)
set(CMAKE_INSTALL_RPATH_USE_LINK_PATH ON)
set(CMAKE_INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")

# LibTorch needs no exception from the warnings, because its headers are included as system headers.
add_library(trefoil_warnings INTERFACE)
target_compile_options(trefoil_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor)
# GCC 12 warns about overflows in string concatenations that do not exist (GCC bugs 105329 and 105651).
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
