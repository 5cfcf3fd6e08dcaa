# Installs the build and works with the installation only: builds a selector outside the tree against it, and runs an
# experiment with it; then makes a plugin of each kind by trefoil-new-plugin, builds them, and runs their tests.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE failure OUTPUT_VARIABLE out ERROR_VARIABLE err)
  if(failure)
    message(FATAL_ERROR "failed (${failure}): ${ARGN}\n${out}\n${err}")
  endif()
  set(output "${out}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK_DIR})
set(prefix ${WORK_DIR}/prefix)
run(${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${prefix})

file(GLOB_RECURSE headers RELATIVE ${prefix}/include ${prefix}/include/*)
foreach(header ${headers})
  if(NOT header MATCHES "^trefoil/[a-z_]+\\.h$")
    message(FATAL_ERROR "something else than the public headers was installed: ${header}")
  endif()
endforeach()

run(${SOURCE_DIR}/runpath_test ${prefix})

set(flags "")
if(SANITIZE)
  set(flags "-DCMAKE_CXX_FLAGS=-fsanitize=${SANITIZE}")
endif()
macro(build source into)
  run(${CMAKE_COMMAND} -G ${GENERATOR} -S ${source} -B ${into} -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_BUILD_TYPE=${BUILD_TYPE} ${flags})
  run(${CMAKE_COMMAND} --build ${into})
endmacro()
build(${SOURCE_DIR}/selector_outside ${WORK_DIR}/build)

run(${MAKE_FEATURES} --out ${WORK_DIR}/data --classes 6 --groups 2 --zero-shot 1 --width 40 --queries 50)
file(WRITE ${WORK_DIR}/outside.toml [[
plugin_path = ["build"]

[data]
layout         = "features"
root           = "data"
text           = "text.npy"
support        = "support.npy"
support_labels = "support_labels.npy"
query          = "query.npy"

[selector]
plugin = "first_channels"
q      = 3
last   = true

[relation]
plugin = "ape"
]])
set(output "")
run(${prefix}/bin/runner ${WORK_DIR}/outside.toml --out ${WORK_DIR}/runs --json)
file(READ ${WORK_DIR}/runs/outside/latest/summary.json summary)
string(REGEX REPLACE "[ \n]" "" summary "${summary}")
if(NOT summary MATCHES "\"kept\":\\[39,38,37\\]" OR NOT summary MATCHES "\"selector/first_channels.width\":40")
  message(FATAL_ERROR "the outside selector was not used:\n${summary}")
endif()
file(STRINGS ${WORK_DIR}/runs/outside/latest/result.txt lines)
list(LENGTH lines count)
if(NOT count EQUAL 50)
  message(FATAL_ERROR "result.txt has ${count} lines, not 50")
endif()

# A plugin alone is a project; several may be one.
set(own ${WORK_DIR}/own)
set(project "cmake_minimum_required(VERSION 3.22)\nproject(own LANGUAGES CXX)\nfind_package(trefoil REQUIRED)\nenable_testing()\n")
foreach(kind selector relation head adapter encoder)
  run(${prefix}/bin/trefoil-new-plugin ${kind} my_${kind} --out ${own}/my_${kind})
  if(NOT kind STREQUAL "selector")
    string(APPEND project "add_subdirectory(my_${kind})\n")
  endif()
endforeach()
file(WRITE ${own}/CMakeLists.txt ${project})
foreach(source ${own}/my_selector ${own})
  build(${source} ${source}/build)
  run(${CTEST} --test-dir ${source}/build --output-on-failure --no-tests=error)
  message(STATUS "${output}")
endforeach()

# The experiment of the selectors' tutorial, as far as it can be tried without pictures.
file(COPY ${SOURCE_DIR}/mine.toml DESTINATION ${prefix}/share/trefoil/experiments)
set(ENV{TREFOIL_PLUGIN_PATH} ${own}/my_selector/build)
run(${prefix}/bin/runner ${prefix}/share/trefoil/experiments/mine.toml --dry-run)
if(NOT output MATCHES "63 jobs" OR NOT output MATCHES "my_selector")
  message(FATAL_ERROR "the tutorial's experiment has other jobs:\n${output}")
endif()
file(REMOVE_RECURSE ${WORK_DIR})
