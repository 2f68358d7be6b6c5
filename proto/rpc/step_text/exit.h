/* SPDX-License-Identifier: MIT */
#pragma once
/* Words for the steps of whoever lets go of an address space. */
/* clang-format off */
#define STEP_TEXTS_EXIT(X) \
	X(EXIT_SHARED, \
	  "the address space stays: it still has {users} user(s)", \
	  "地址空间保留：还有 {users} 个使用者") \
	X(EXIT_MM, \
	  "the last user is gone: gives up {areas} area(s) with {pages} " \
	  "page(s)", \
	  "最后一个使用者离开了：删除全部 {areas} 个 VMA，共 {pages} 页") \
	X(EXIT_UNLOCKS, \
	  "{area} is locked: unlocks its {pages} page(s) first", \
	  "{area}是锁定的：先解锁它的 {pages} 页") \
	X(EXIT_GATHERS, \
	  "an mmu_gather is set up for the whole address space, with {pages} " \
	  "resident page(s)", \
	  "为整个地址空间初始化 mmu_gather，其中有 {pages} 个驻留页")
/* clang-format on */
