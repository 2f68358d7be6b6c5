/* SPDX-License-Identifier: MIT */
/*
 * main() of every CUnit executable: test-core [--list | SUITE...]
 */
#include "tests/support/suite.h"

#include <CUnit/TestDB.h>
#include <CUnit/TestRun.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static void print_failures(const CU_pTest test, const CU_pSuite suite,
			   const CU_pFailureRecord failure)
{
	CU_pFailureRecord f;

	for (f = failure; f; f = f->pNext)
		fprintf(stderr, "%s:%u: %s: %s: %s\n", f->strFileName,
			f->uiLineNumber, suite->pName, test->pName,
			f->strCondition);
}

static void print_broken_suite(const CU_pSuite suite)
{
	fprintf(stderr, "%s: the suite could not be set up\n", suite->pName);
}

static bool is_wanted(const CU_SuiteInfo *suite, int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++)
		if (!strcmp(suite->pName, argv[i]))
			return true;
	return argc == 1;
}

static int list_suites(void)
{
	const CU_SuiteInfo *suite;

	for (suite = test_suites(); suite->pName; suite++)
		puts(suite->pName);
	return 0;
}

/* Registers what the command line asks for; false if it names no suite. */
static bool register_suites(int argc, char **argv)
{
	CU_SuiteInfo *suite;
	int found = 0;

	for (suite = test_suites(); suite->pName; suite++) {
		CU_SuiteInfo one[] = { *suite, CU_SUITE_INFO_NULL };

		if (!is_wanted(suite, argc, argv))
			continue;
		if (CU_register_suites(one)) {
			fprintf(stderr, "%s: %s\n", suite->pName,
				CU_get_error_msg());
			return false;
		}
		found++;
	}
	if (argc > 1 && found < argc - 1) {
		fprintf(stderr, "unknown suite; %s --list names them all\n",
			argv[0]);
		return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	unsigned int failed;

	if (argc == 2 && !strcmp(argv[1], "--list"))
		return list_suites();
	if (CU_initialize_registry() || !register_suites(argc, argv)) {
		CU_cleanup_registry();
		return 2;
	}
	CU_set_test_complete_handler(print_failures);
	CU_set_suite_init_failure_handler(print_broken_suite);
	CU_run_all_tests();

	failed = CU_get_number_of_tests_failed() +
		 CU_get_number_of_suites_failed();
	printf("%u tests, %u asserts, %u failed\n",
	       CU_get_number_of_tests_run(), CU_get_number_of_asserts(),
	       failed);
	/* A suite that checks nothing proves nothing. */
	if (!CU_get_number_of_asserts()) {
		fprintf(stderr, "%s: nothing was asserted\n", argv[0]);
		failed++;
	}
	CU_cleanup_registry();
	return failed ? 1 : 0;
}
