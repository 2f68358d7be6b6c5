# SPDX-License-Identifier: MIT
#
# vmarium-walk: the kernel underneath beside the engine. Where nothing needs
# shared libraries it is static, so that it also runs alone in a machine that
# conformance/boot/run boots.

vmarium_sources(walk_sources conformance/walk)
add_executable(vmarium-walk ${walk_sources})
target_link_libraries(vmarium-walk PRIVATE vmarium_gnu core)
set_target_properties(vmarium-walk PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
if(NOT SANITIZE AND NOT COVERAGE)
  target_link_options(vmarium-walk PRIVATE -static)
endif()

if(VMARIUM_TESTS)
  add_test(NAME conformance/walk COMMAND vmarium-walk --steps 10000)
  # A walk beside another release finds a difference, and shrinks it.
  add_test(NAME conformance/walk_finds
    COMMAND vmarium-walk --steps 600 --mix core --profile 4.0)
  set_tests_properties(conformance/walk_finds PROPERTIES
    PASS_REGULAR_EXPRESSION "MAP_FIXED_NOREPLACE, [^\n]* = -1 EEXIST [^\n]*\n    the kernel")
  set_tests_properties(conformance/walk conformance/walk_finds PROPERTIES
    TIMEOUT 900 SKIP_RETURN_CODE 77)
endif()
