# SPDX-License-Identifier: MIT
#
# Tests that use the programs as people do. Each finds them in the folder
# VMARIUM_BIN and starts a server of its own on port 0.

# program_test(NAME COMMAND...)
function(program_test name)
  add_test(NAME ${name} COMMAND ${ARGN})
  set_tests_properties(${name} PROPERTIES
    TIMEOUT 900
    ENVIRONMENT
      "VMARIUM_BIN=${CMAKE_BINARY_DIR}/bin;PYTHONDONTWRITEBYTECODE=1")
endfunction()

if(TARGET vmariumd AND TARGET vmarium)
  file(GLOB e2e CONFIGURE_DEPENDS e2e/test_*.py e2e/test_*.sh)
  foreach(script IN LISTS e2e)
    get_filename_component(name ${script} NAME_WE)
    string(REGEX REPLACE "^test_" "" name ${name})
    if(script MATCHES "\\.py$")
      program_test(e2e/${name} Python3::Interpreter ${script})
    else()
      program_test(e2e/${name} bash ${script})
    endif()
  endforeach()

  # Clients in other languages, installed as their users install them.
  file(GLOB client_tests CONFIGURE_DEPENDS clients/test_*.py)
  foreach(script IN LISTS client_tests)
    get_filename_component(name ${script} NAME_WE)
    string(REGEX REPLACE "^test_" "" name ${name})
    program_test(clients/${name} Python3::Interpreter ${script})
  endforeach()

  # What the service says of itself, beside what it does.
  program_test(openrpc Python3::Interpreter
    ${CMAKE_CURRENT_SOURCE_DIR}/openrpc/test_openrpc.py)

  # Recorded runs of real kernels, each replayed through a server.
  file(GLOB traces CONFIGURE_DEPENDS
    RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}/conformance/traces
    conformance/traces/*/*.jsonl)
  foreach(trace IN LISTS traces)
    string(REGEX REPLACE "\\.jsonl$" "" name ${trace})
    program_test(conformance/${name} Python3::Interpreter
      ${CMAKE_CURRENT_SOURCE_DIR}/conformance/replay.py
      ${CMAKE_CURRENT_SOURCE_DIR}/conformance/traces/${trace})
  endforeach()
endif()
