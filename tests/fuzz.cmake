# SPDX-License-Identifier: MIT
#
# fuzz/fuzz_NAME.c is a libFuzzer target in the fuzz preset and a seeded replay
# of its corpus elsewhere. ctest runs a bounded piece of either. The corpus is
# fuzz/corpus/NAME, or fuzz/corpus/FIRST_WORD shared by several; fuzz/NAME.dict has
# words for libFuzzer.

set(fuzz_runs 100000)
set(fuzz_seconds 10)

vmarium_sources(fuzz_sources fuzz)
set(fuzzers ${fuzz_sources})
list(FILTER fuzzers INCLUDE REGEX "/fuzz_[a-z0-9_]+\\.c$")
list(FILTER fuzz_sources EXCLUDE REGEX "/(fuzz_[a-z0-9_]+|standalone_main)\\.c$")
vmarium_library(fuzz_support SOURCES ${fuzz_sources} LINK test_support)
if(fuzzers AND NOT VMARIUM_FUZZ)
  add_library(fuzz_main STATIC fuzz/standalone_main.c)
  target_link_libraries(fuzz_main PUBLIC vmarium_flags vmarium_gnu)
endif()

# What unit and end-to-end tests send is written anew before fuzz/rpc.
set(bodies ${CMAKE_BINARY_DIR}/fuzz-bodies)
file(MAKE_DIRECTORY ${bodies})

foreach(source IN LISTS fuzzers)
  get_filename_component(name ${source} NAME_WE)
  string(REGEX REPLACE "^fuzz_" "" subject ${name})
  string(REGEX REPLACE "_.*" "" family ${subject})

  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE
    fuzz_support core proto vmarium_cli vmarium_gnu PkgConfig::jansson)
  if(VMARIUM_FUZZ)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  else()
    target_link_libraries(${name} PRIVATE fuzz_main)
  endif()

  # libFuzzer writes what it finds into the first folder.
  set(corpora ${CMAKE_BINARY_DIR}/fuzz-found/${subject})
  file(MAKE_DIRECTORY ${corpora})
  foreach(corpus IN ITEMS ${subject} ${family})
    set(folder ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus/${corpus})
    if(EXISTS ${folder} AND NOT folder IN_LIST corpora)
      list(APPEND corpora ${folder})
    endif()
  endforeach()
  if(subject STREQUAL rpc)
    list(APPEND corpora ${bodies})
  endif()
  # Words that mutations hardly ever spell.
  set(dictionary ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/${subject}.dict)
  if(EXISTS ${dictionary})
    list(PREPEND corpora -dict=${dictionary})
  endif()
  add_test(NAME fuzz/${subject}
    COMMAND ${name} -seed=1 -runs=${fuzz_runs}
      -max_total_time=${fuzz_seconds} ${corpora})
endforeach()

if(TARGET fuzz_rpc AND TARGET test-proto AND TARGET vmariumd)
  add_test(NAME fuzz/bodies
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/collect ${CMAKE_BINARY_DIR} ${bodies})
  set_tests_properties(fuzz/bodies PROPERTIES FIXTURES_SETUP bodies TIMEOUT 900)
  set_tests_properties(fuzz/rpc PROPERTIES FIXTURES_REQUIRED bodies)
endif()
