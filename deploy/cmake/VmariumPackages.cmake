# SPDX-License-Identifier: MIT
#
# The libraries we use, each as one target. deploy/deps installs them.

find_package(PkgConfig QUIET)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

# vmarium_package(MODULE DEBIAN_PACKAGE): pkg-config's MODULE as PkgConfig::MODULE
function(vmarium_package module package)
  if(PKG_CONFIG_FOUND)
    pkg_check_modules(${module} QUIET IMPORTED_TARGET GLOBAL ${module})
  endif()
  if(NOT TARGET PkgConfig::${module})
    message(FATAL_ERROR "${module} was not found. Run deploy/deps, or install "
      "the packages pkg-config and ${package}.")
  endif()
endfunction()

vmarium_package(jansson libjansson-dev)
vmarium_package(libuv libuv1-dev)
vmarium_package(zlib zlib1g-dev)
vmarium_package(libedit libedit-dev)
vmarium_package(libcurl libcurl4-openssl-dev)

# http-parser ships no pkg-config file.
find_library(HTTP_PARSER_LIBRARY http_parser)
find_path(HTTP_PARSER_INCLUDE http_parser.h)
mark_as_advanced(HTTP_PARSER_LIBRARY HTTP_PARSER_INCLUDE)
if(NOT HTTP_PARSER_LIBRARY OR NOT HTTP_PARSER_INCLUDE)
  message(FATAL_ERROR "http-parser was not found. Run deploy/deps, or install "
    "the package libhttp-parser-dev.")
endif()
add_library(http_parser UNKNOWN IMPORTED GLOBAL)
set_target_properties(http_parser PROPERTIES
  IMPORTED_LOCATION ${HTTP_PARSER_LIBRARY}
  INTERFACE_INCLUDE_DIRECTORIES ${HTTP_PARSER_INCLUDE})

if(VMARIUM_TESTS)
  vmarium_package(cunit libcunit1-dev)
endif()
