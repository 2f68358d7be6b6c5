# SPDX-License-Identifier: MIT
#
# One CUnit executable per folder, one suite per file test_*.c: see
# support/suite.h. Other .c files of the folder are linked as they are.

add_library(cunit_main STATIC support/cunit_main.c)
target_link_libraries(cunit_main PUBLIC vmarium_flags PkgConfig::cunit)

# write_suites(FILE NAME...): the C table of the suites NAME...
function(write_suites file)
  set(tables "")
  set(rows "")
  foreach(suite IN LISTS ARGN)
    string(APPEND tables "extern CU_TestInfo test_${suite}[];\n")
    string(APPEND rows "\t{ .pName = \"${suite}\", .pTests = test_${suite} },\n")
  endforeach()
  file(CONFIGURE OUTPUT ${file} @ONLY CONTENT
"#include \"tests/support/suite.h\"

@tables@
static CU_SuiteInfo suites[] = {
@rows@\tCU_SUITE_INFO_NULL,
};

CU_SuiteInfo *test_suites(void)
{
\treturn suites;
}
")
endfunction()

# unit_tests(FOLDER LINK TARGET...): the executable test-FOLDER
function(unit_tests folder)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINK")
  vmarium_sources(sources ${folder})
  set(suites ${sources})
  list(FILTER suites INCLUDE REGEX "/test_[a-z0-9_]+\\.c$")
  if(NOT suites)
    return()
  endif()
  list(TRANSFORM suites REPLACE ".*/test_([a-z0-9_]+)\\.c$" "\\1")

  set(table ${CMAKE_CURRENT_BINARY_DIR}/suites_${folder}.c)
  write_suites(${table} ${suites})
  add_executable(test-${folder} ${sources} ${table})
  target_link_libraries(test-${folder} PRIVATE
    cunit_main test_support vmarium_gnu ${arg_LINK})
  # CU_ASSERT_EQUAL(ret, 0x1000ULL): clang blames us for what the macro
  # compares. Set on the files, since only that comes after -Wextra.
  set_source_files_properties(${sources} PROPERTIES
    COMPILE_OPTIONS $<$<C_COMPILER_ID:Clang>:-Wno-sign-compare>)
  foreach(suite IN LISTS suites)
    add_test(NAME ${folder}/${suite} COMMAND test-${folder} ${suite})
  endforeach()
endfunction()

unit_tests(core LINK core)
unit_tests(proto LINK proto PkgConfig::zlib)
unit_tests(server LINK vmarium_server)
unit_tests(cli LINK vmarium_cli)
unit_tests(loadgen LINK vmarium_loadgen)
unit_tests(model LINK core)
unit_tests(behaviours LINK core)
target_sources(test-behaviours PRIVATE core/world_fixture.c)

# support/fail_malloc.h
foreach(folder IN ITEMS proto server)
  target_link_options(test-${folder} PRIVATE
    LINKER:--wrap=malloc,--wrap=calloc,--wrap=realloc)
endforeach()
