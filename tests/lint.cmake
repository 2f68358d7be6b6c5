# SPDX-License-Identifier: MIT
#
# What a machine can check of the rules. A lint whose tool is missing is skipped
# for a person and fails when CI=true.

# lint(NAME ARGUMENT...)
function(lint name)
  add_test(NAME lint/${name}
    COMMAND Python3::Interpreter -B
      ${CMAKE_CURRENT_SOURCE_DIR}/lint/${name}.py ${ARGN})
  set_tests_properties(lint/${name} PROPERTIES SKIP_RETURN_CODE 77)
endfunction()

lint(behaviours)
lint(steps)
lint(docs)
lint(format)
lint(fuzz_words)
lint(headers)
lint(layers)
lint(shell)
lint(spelling)
lint(text)

# Sanitizers and coverage bring symbols of their own, so the engine is compiled
# once more without them.
get_target_property(core_sources core SOURCES)
if(core_sources)
  add_library(core_plain STATIC ${core_sources})
  target_include_directories(core_plain PRIVATE ${CMAKE_SOURCE_DIR})
  target_compile_definitions(core_plain PRIVATE MM_DEBUG=${MM_DEBUG})
  target_compile_options(core_plain PRIVATE -O2 -w) # core itself warns
  set_target_properties(core_plain PROPERTIES INTERPROCEDURAL_OPTIMIZATION OFF)
  lint(core_symbols $<TARGET_FILE:core_plain>)
endif()
