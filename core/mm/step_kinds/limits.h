/* SPDX-License-Identifier: MIT */
#pragma once
/* Steps of limits and commitments. */
/* clang-format off */
#define STEP_FN_MEMLOCK STEP_FN("mlock_future_check", "mlock_future_check", \
				"mlock_future_check", "mlock_future_ok")

#define STEP_KINDS_LIMITS(X) \
	X(LIMIT_AS_KEPT, "limit.as_kept", 3, STEP_ALL("may_expand_vm"), \
	  "pages:n total_vm:n limit:l") \
	X(LIMIT_AS_EXCEEDED, "limit.as_exceeded", 3, \
	  STEP_ALL("may_expand_vm"), "pages:n total_vm:n limit:l") \
	X(LIMIT_DATA_EXCEEDED, "limit.data_exceeded", 3, \
	  STEP_FN(NULL, "may_expand_vm", "may_expand_vm", "may_expand_vm"), \
	  "pages:n data_vm:n limit:l") \
	X(LIMIT_MEMLOCK_KEPT, "limit.memlock_kept", 3, STEP_FN_MEMLOCK, \
	  "pages:n locked_vm:n limit:l") \
	X(LIMIT_MEMLOCK_EXCEEDED, "limit.memlock_exceeded", 3, \
	  STEP_FN_MEMLOCK, "pages:n locked_vm:n limit:l") \
	X(LIMIT_MAY_NOT_LOCK, "limit.may_not_lock", 1, \
	  STEP_ALL("can_do_mlock"), "=ret:e") \
	X(COMMIT_KEPT, "commit.kept", 2, STEP_ALL("__vm_enough_memory"), \
	  "pages:n committed:n") \
	X(COMMIT_REFUSED, "commit.refused", 3, \
	  STEP_ALL("__vm_enough_memory"), "pages:n committed:n mode:n") \
	X(COMMIT_RETURNED, "commit.returned", 2, \
	  STEP_ALL("vm_unacct_memory"), "pages:n committed:n") \
	X(ACCOUNT_TOTAL, "account.total", 2, STEP_ALL("vm_stat_account"), \
	  "pages:i total_vm:n")
/* clang-format on */
