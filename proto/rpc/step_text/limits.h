/* SPDX-License-Identifier: MIT */
#pragma once
/* Words for the steps of limits and commitments. */
/* clang-format off */
#define STEP_TEXTS_LIMITS(X) \
	X(LIMIT_AS_KEPT, \
	  "total_vm {total_vm} and {pages} page(s) more keep RLIMIT_AS " \
	  "({limit})", \
	  "total_vm 是 {total_vm} 页，再加 {pages} 页没有超过 RLIMIT_AS" \
	  "（{limit}）") \
	X(LIMIT_AS_EXCEEDED, \
	  "total_vm {total_vm} and {pages} page(s) more would exceed " \
	  "RLIMIT_AS ({limit})", \
	  "total_vm 是 {total_vm} 页，再加 {pages} 页会超过 RLIMIT_AS" \
	  "（{limit}）") \
	X(LIMIT_DATA_EXCEEDED, \
	  "data_vm {data_vm} and {pages} page(s) more would exceed " \
	  "RLIMIT_DATA ({limit})", \
	  "data_vm 是 {data_vm} 页，再加 {pages} 页会超过 RLIMIT_DATA" \
	  "（{limit}）") \
	X(LIMIT_MEMLOCK_KEPT, \
	  "locked_vm {locked_vm} and {pages} page(s) more keep RLIMIT_MEMLOCK " \
	  "({limit})", \
	  "locked_vm 是 {locked_vm} 页，再锁 {pages} 页没有超过 " \
	  "RLIMIT_MEMLOCK（{limit}）") \
	X(LIMIT_MEMLOCK_EXCEEDED, \
	  "locked_vm {locked_vm} and {pages} page(s) more would exceed " \
	  "RLIMIT_MEMLOCK ({limit})", \
	  "locked_vm 是 {locked_vm} 页，再锁 {pages} 页会超过 " \
	  "RLIMIT_MEMLOCK（{limit}）") \
	X(LIMIT_MAY_NOT_LOCK, \
	  "RLIMIT_MEMLOCK is 0 and the process has no CAP_IPC_LOCK, so it may " \
	  "lock nothing: {ret}", \
	  "RLIMIT_MEMLOCK 是 0，进程又没有 CAP_IPC_LOCK，什么都不许锁：{ret}") \
	X(COMMIT_KEPT, \
	  "enough memory is left to commit {pages} page(s): vm_committed_as " \
	  "becomes {committed}", \
	  "内存足够，可以承诺 {pages} 页：vm_committed_as 变为 {committed}") \
	X(COMMIT_REFUSED, \
	  "overcommit_memory {mode} refuses {pages} page(s) more; " \
	  "vm_committed_as stays {committed}", \
	  "overcommit_memory 为 {mode}，不允许再承诺 {pages} 页；" \
	  "vm_committed_as 保持 {committed}") \
	X(COMMIT_RETURNED, \
	  "the commitment of {pages} page(s) is taken back: vm_committed_as " \
	  "becomes {committed}", \
	  "收回对 {pages} 页的承诺：vm_committed_as 变为 {committed}") \
	X(ACCOUNT_TOTAL, \
	  "the statistics change by {pages} page(s): total_vm becomes " \
	  "{total_vm}", \
	  "更新统计数据：变化 {pages} 页，total_vm 变为 {total_vm}")
/* clang-format on */
