# SPDX-License-Identifier: MIT

# vmarium_sources(VAR FOLDER...): every .c file of the folders, found anew at
# each build, so that adding a file needs no edit here.
function(vmarium_sources var)
  list(TRANSFORM ARGN APPEND "/*.c" OUTPUT_VARIABLE patterns)
  file(GLOB found CONFIGURE_DEPENDS ${patterns})
  set(${var} ${found} PARENT_SCOPE)
endfunction()

# vmarium_library(NAME SOURCES FILE... LINK TARGET...): a static library. One
# without sources is an empty interface, so that its users need not ask.
function(vmarium_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  if(arg_SOURCES)
    add_library(${name} STATIC ${arg_SOURCES})
    target_link_libraries(${name} PUBLIC vmarium_flags ${arg_LINK})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE vmarium_flags ${arg_LINK})
  endif()
endfunction()

# vmarium_program(NAME SOURCES FILE... LINK TARGET...): an executable in bin/.
function(vmarium_program name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINK")
  if(arg_SOURCES)
    add_executable(${name} ${arg_SOURCES})
    target_link_libraries(${name} PRIVATE vmarium_flags ${arg_LINK})
    set_target_properties(${name} PROPERTIES
      RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
    if(SANITIZE STREQUAL "thread")
      target_sources(${name} PRIVATE
        ${CMAKE_SOURCE_DIR}/deploy/cmake/tsan_signals.c)
      target_link_libraries(${name} PRIVATE vmarium_gnu)
    endif()
  endif()
endfunction()
