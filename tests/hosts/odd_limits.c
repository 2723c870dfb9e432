/* SPDX-License-Identifier: BSD-2-Clause */
/* Hosts that have run out of something. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "odd_host.h"

#define TABLE 64 /* descriptors of a small table; the report is beyond it */

/* So many descriptors are left when the module is asked. */
void odd_descriptors(const struct odd *odd, int left)
{
    pam_handle_t *pamh = odd_start(odd, "alice", NULL);
    const struct rlimit small = {.rlim_cur = TABLE, .rlim_max = TABLE};
    int last;

    if (setrlimit(RLIMIT_NOFILE, &small) != 0)
        odd_fail("RLIMIT_NOFILE");
    do
        last = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    while (last >= 0);
    for (int fd = TABLE - 1; fd >= TABLE - left; fd--)
        (void)close(fd);
    odd_all_entries(odd, pamh);
}

/* No more memory than there is and so many pages of it. */
void odd_address_space(const struct odd *odd, int pages)
{
    pam_handle_t *pamh = odd_start(odd, "alice", NULL);
    FILE *file = fopen("/proc/self/statm", "re");
    struct rlimit limit = {0};
    unsigned long now = 0;

    if (!file || fscanf(file, "%lu", &now) != 1)
        odd_fail("statm");
    (void)fclose(file);
    limit.rlim_cur = limit.rlim_max = (now + (unsigned long)pages) * (unsigned long)getpagesize();
    if (setrlimit(RLIMIT_AS, &limit) != 0)
        odd_fail("RLIMIT_AS");
    odd_all_entries(odd, pamh);
}

/* Nothing to write, to lock or to start, and little stack: none of it is needed. */
void odd_small(const struct odd *odd, int stack_kib)
{
    pam_handle_t *pamh = odd_start(odd, "alice", NULL);
    const struct rlimit none = {0}, stack = {.rlim_cur = (rlim_t)stack_kib * 1024, .rlim_max = RLIM_INFINITY};

    if (setrlimit(RLIMIT_MEMLOCK, &none) != 0 || setrlimit(RLIMIT_NPROC, &none) != 0 ||
        setrlimit(RLIMIT_CORE, &none) != 0 || setrlimit(RLIMIT_STACK, &stack) != 0)
        odd_fail("setrlimit");
    odd_all_entries(odd, pamh);
}

/* A file system without the socket and without accounts. */
void odd_no_root(const struct odd *odd, int nothing)
{
    pam_handle_t *pamh = odd_start(odd, "alice", NULL);

    (void)nothing;
    if (chroot("/proc/self/fdinfo") != 0 || chdir("/") != 0)
        odd_fail("chroot");
    odd_all_entries(odd, pamh);
}
