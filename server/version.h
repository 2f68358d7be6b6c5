/* SPDX-License-Identifier: MIT */
#pragma once
/*
 * The version that --version, GET / and rpc.discover name
 *
 * The build defines it from the project's version in CMakeLists.txt.
 */
#ifndef VMARIUM_VERSION
#error "VMARIUM_VERSION is not defined: build with CMake"
#endif
