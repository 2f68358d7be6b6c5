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
vmarium_package(libcrypto libssl-dev)
vmarium_package(libedit libedit-dev)
vmarium_package(libcurl libcurl4-openssl-dev)

# vmarium_library_package(NAME LIBRARY HEADER DEBIAN_PACKAGE): a library that
# ships no pkg-config file, as the target NAME
function(vmarium_library_package name library header package)
  string(TOUPPER ${name} upper)
  find_library(${upper}_LIBRARY ${library})
  find_path(${upper}_INCLUDE ${header})
  mark_as_advanced(${upper}_LIBRARY ${upper}_INCLUDE)
  if(NOT ${upper}_LIBRARY OR NOT ${upper}_INCLUDE)
    message(FATAL_ERROR "${library} was not found. Run deploy/deps, or install "
      "the package ${package}.")
  endif()
  add_library(${name} UNKNOWN IMPORTED GLOBAL)
  set_target_properties(${name} PROPERTIES
    IMPORTED_LOCATION ${${upper}_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${${upper}_INCLUDE})
endfunction()

vmarium_library_package(http_parser http_parser http_parser.h
  libhttp-parser-dev)
vmarium_library_package(wslay wslay wslay/wslay.h libwslay-dev)

if(VMARIUM_TESTS)
  vmarium_package(cunit libcunit1-dev)
endif()
