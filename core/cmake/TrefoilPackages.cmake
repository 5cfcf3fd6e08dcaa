# `cpack` in the build folder makes two Debian packages: trefoil, to run experiments, and trefoil-dev, to write plugins.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VENDOR "Trefoil")
set(CPACK_PACKAGE_CONTACT "the founding engineers of Trefoil <trefoil@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL runtime dev)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)

set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME trefoil)
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION "${PROJECT_DESCRIPTION}\n The program runner, its plugins, and the quickstart.")
# dpkg-shlibdeps finds the packages of the libraries that it needs. Its own libraries are in the build folder.
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${CMAKE_LIBRARY_OUTPUT_DIRECTORY})

set(CPACK_DEBIAN_DEV_PACKAGE_NAME trefoil-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_COMPONENT_DEV_DESCRIPTION "${PROJECT_DESCRIPTION}: plugins\n Headers, the CMake package, and trefoil-new-plugin.")
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "trefoil (= ${PROJECT_VERSION}), libtorch-dev, cmake, g++, make | ninja-build")
set(CPACK_DEBIAN_DEV_PACKAGE_SUGGESTS "catch2")

include(CPack)
