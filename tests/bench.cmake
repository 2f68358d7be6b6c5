# SPDX-License-Identifier: MIT
#
# Benchmarks print figures for people. No test times anything.

vmarium_sources(benches bench)
foreach(source IN LISTS benches)
  get_filename_component(name ${source} NAME_WE)
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE test_support core proto)
  set_target_properties(${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench)
endforeach()

# The yardstick of tests/bench/table/run.py.
add_executable(limit_server bench/table/limit_server.c)
target_link_libraries(limit_server PRIVATE vmarium_flags vmarium_gnu
  PkgConfig::libuv)
set_target_properties(limit_server PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench)
