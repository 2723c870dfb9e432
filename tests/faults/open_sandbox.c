/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Preloaded: with $SANDBOX_LEFT_OPEN the system call filter is not installed. strace lets a call fail by
 * making it none, for which the filter would kill.
 */
#include <dlfcn.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ARGUMENTS 6

static int is_left_open;

/* Before the program forgets its environment. */
__attribute__((constructor)) static void find_wish(void)
{
    is_left_open = getenv("SANDBOX_LEFT_OPEN") != NULL;
}

/* What libseccomp asks the kernel beforehand has no program. */
static int installs_filter(long number, const long arguments[ARGUMENTS])
{
    return number == SYS_seccomp && arguments[0] == SECCOMP_SET_MODE_FILTER && arguments[2] != 0;
}

long syscall(long sysno, ...)
{
    long (*next)(long, ...) = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    long given[ARGUMENTS];
    va_list arguments;

    va_start(arguments, sysno);
    for (int i = 0; i < ARGUMENTS; i++)
        given[i] = va_arg(arguments, long);
    va_end(arguments);
    if (is_left_open && installs_filter(sysno, given))
        return 0;
    return next(sysno, given[0], given[1], given[2], given[3], given[4], given[5]);
}
