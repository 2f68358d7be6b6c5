# SPDX-License-Identifier: MIT
#
# vmarium_flags: what every target of the project is compiled and linked with.
# vmarium_hardened: what code that meets strangers' bytes gets on top. The
# engine does without: it sees checked numbers only, and its speed is a promise.
# vmarium_gnu: for code that talks to Linux. core and proto are plain C11.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# Our asserts are macros of our own, so NDEBUG would only surprise libraries.
# What a jump leads to is not aligned: the gaps would be an eighth of what the
# instruction cache holds of the way through a request.
set(CMAKE_C_FLAGS_RELEASE "-O2 -fno-align-jumps")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g")

add_library(vmarium_flags INTERFACE)
target_include_directories(vmarium_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_definitions(vmarium_flags INTERFACE MM_DEBUG=${MM_DEBUG})
target_compile_options(vmarium_flags INTERFACE
  -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
  -Wundef -Wcast-qual $<$<BOOL:${WERROR}>:-Werror>)

if(SANITIZE)
  set(flags -fsanitize=${SANITIZE} -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  target_compile_options(vmarium_flags INTERFACE ${flags})
  target_link_options(vmarium_flags INTERFACE ${flags})
endif()

if(COVERAGE)
  target_compile_options(vmarium_flags INTERFACE --coverage)
  target_link_options(vmarium_flags INTERFACE --coverage)
endif()

if(VMARIUM_FUZZ)
  if(NOT CMAKE_C_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "VMARIUM_FUZZ needs libFuzzer, so clang: "
      "set CMAKE_C_COMPILER=clang, as the fuzz preset does")
  endif()
  target_compile_options(vmarium_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

add_library(vmarium_gnu INTERFACE)
# Defined as nothing, as #define _GNU_SOURCE in a file would: no redefinition.
target_compile_definitions(vmarium_gnu INTERFACE _GNU_SOURCE=)

add_library(vmarium_hardened INTERFACE)
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT SANITIZE)
  target_compile_options(vmarium_hardened INTERFACE
    -fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  target_link_options(vmarium_hardened INTERFACE -Wl,-z,relro,-z,now)

  include(CheckIPOSupported)
  check_ipo_supported(RESULT ipo LANGUAGES C)
  set(CMAKE_INTERPROCEDURAL_OPTIMIZATION ${ipo})
endif()
