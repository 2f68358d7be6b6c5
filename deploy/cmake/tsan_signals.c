/* SPDX-License-Identifier: MIT */
/*
 * For programs under ThreadSanitizer: signals are not lost in their first wait
 *
 * Its run time keeps, for each thread, what signals struck it at a bad moment.
 * It makes that room at the thread's first call that may block (or signal), and
 * gcc 12's forgets a signal that strikes while it does. So the room is made
 * before main(), when nobody knows the process yet. A thread that is begun later
 * needs the signals blocked.
 */
#include <time.h>

__attribute__((constructor)) static void make_first_call(void)
{
	nanosleep(&(struct timespec){ 0 }, NULL);
}
