/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Stands before libc for everything in this process: one chosen call fails, and log lines are printed.
 * (An executable's symbols win over those of the libraries.)
 */
#undef _FORTIFY_SOURCE /* it would make a macro of syslog */

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <syslog.h>
#include <time.h>

#include "client.h"

#define NS_PER_S 1000000000LL

static unsigned failing; /* calls left until the one that fails; 0: none does */
static int failed;
static int longest;      /* see inject_longest_wait */
static int slowness = 1; /* see inject_slow_clock ... */
static struct timespec slow_since;
static const char *watched; /* see inject_watch */

void inject_failure(unsigned n)
{
    failing = n;
    failed = 0;
    longest = 0;
}

void inject_watch(const char *answer)
{
    watched = answer;
}

int inject_ended(void)
{
    failing = 0;
    return failed;
}

int inject_longest_wait(void)
{
    return longest;
}

void inject_slow_clock(unsigned factor)
{
    (void)clock_gettime(CLOCK_BOOTTIME, &slow_since);
    slowness = (int)factor;
}

static int fails_now(int error)
{
    if (failing == 0 || --failing > 0)
        return 0;
    failed = 1;
    errno = error;
    return 1;
}

/* The next definition of the function in the search order: libc's. */
#define REAL(name) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))

/* libc's own parameter names are reserved ones. */
/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */

int socket(int domain, int type, int protocol)
{
    return fails_now(EMFILE) ? -1 : REAL(socket)(domain, type, protocol);
}

int setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
    return fails_now(ENOPROTOOPT) ? -1 : REAL(setsockopt)(fd, level, name, value, size);
}

int getsockopt(int fd, int level, int name, void *value, socklen_t *size)
{
    return fails_now(ENOPROTOOPT) ? -1 : REAL(getsockopt)(fd, level, name, value, size);
}

ssize_t send(int fd, const void *bytes, size_t n, int flags)
{
    return fails_now(ENOBUFS) ? -1 : REAL(send)(fd, bytes, n, flags);
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
    return fails_now(ENOMEM) ? -1 : REAL(recvmsg)(fd, message, flags);
}

int poll(struct pollfd *at, nfds_t count, int milliseconds)
{
    if (milliseconds > longest)
        longest = milliseconds;
    if (milliseconds > INT_MAX / slowness)
        milliseconds = INT_MAX / slowness;
    return REAL(poll)(at, count, milliseconds * slowness);
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    const int status = REAL(clock_gettime)(clock, now);
    int64_t passed;

    if (status != 0 || clock != CLOCK_BOOTTIME || slowness == 1)
        return status;
    passed = (now->tv_sec - slow_since.tv_sec) * NS_PER_S + now->tv_nsec - slow_since.tv_nsec;
    passed = slow_since.tv_nsec + passed / slowness;
    *now = (struct timespec){.tv_sec = slow_since.tv_sec + passed / NS_PER_S, .tv_nsec = passed % NS_PER_S};
    return 0;
}

int pam_set_item(pam_handle_t *pamh, int type, const void *item)
{
    return fails_now(0) ? PAM_BUF_ERR : REAL(pam_set_item)(pamh, type, item);
}

int pam_putenv(pam_handle_t *pamh, const char *entry)
{
    return fails_now(0) ? PAM_BUF_ERR : REAL(pam_putenv)(pamh, entry);
}

int getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t size, struct passwd **ret_entry)
{
    if (!fails_now(EIO))
        return REAL(getpwnam_r)(name, entry, buffer, size, ret_entry);
    *ret_entry = NULL;
    return EIO;
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
extern void *__libc_malloc(size_t size);
extern void __libc_free(void *memory);

void free(void *memory)
{
    if (memory && memory == watched) {
        watched = NULL;
        if (*(const char *)memory != '\0')
            (void)puts("changed answer_not_erased");
    }
    __libc_free(memory);
}

/* Whether libc itself does without a buffer is libc's affair: only the module's and libpam's own calls count.
 */
static int caller_is_watched(const void *caller)
{
    Dl_info info;

    return failing != 0 && dladdr(caller, &info) != 0 && info.dli_fname &&
           (strstr(info.dli_fname, "/pam_frontdesk.so") || strstr(info.dli_fname, "/libpam.so"));
}

void *malloc(size_t size)
{
    if (caller_is_watched(__builtin_return_address(0)) && fails_now(ENOMEM))
        return NULL;
    return __libc_malloc(size);
}
#endif

/* The host's timer would interrupt a write into a full pipe, and stdio then drops what it had. */
void print_hex(const char *word, const char *text)
{
    sigset_t timer, before;

    (void)sigemptyset(&timer);
    (void)sigaddset(&timer, SIGALRM);
    (void)sigprocmask(SIG_BLOCK, &timer, &before);
    (void)printf("%s ", word);
    for (; *text != '\0'; text++)
        (void)printf("%02x", (unsigned char)*text);
    (void)putchar('\n');
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
}

__attribute__((format(printf, 2, 0))) static void print_log(int priority, const char *format,
                                                            va_list arguments)
{
    char line[4096], word[16];
    const unsigned armed = failing;

    failing = 0;
    (void)vsnprintf(line, sizeof line, format, arguments);
    (void)snprintf(word, sizeof word, "log %d", LOG_PRI(priority));
    print_hex(word, line);
    failing = armed;
}

void syslog(int priority, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    print_log(priority, format, arguments);
    va_end(arguments);
}

/* What _FORTIFY_SOURCE makes of syslog. */
void __syslog_chk(int priority, int flag, const char *format, ...) __attribute__((format(printf, 3, 4)));
void __syslog_chk(int priority, int flag, const char *format, ...)
{
    va_list arguments;

    (void)flag;
    va_start(arguments, format);
    print_log(priority, format, arguments);
    va_end(arguments);
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
