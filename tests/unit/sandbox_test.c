/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a sandbox leaves: each attempt runs in a process of its own that entered it (as an ordinary user, as
 * in life), once with Landlock and once in a kernel that answers as if it had none. What it takes away is
 * tried in the real processes, by tests/confinement/attempts.py.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "confinement/hide_landlock.h"
#include "sandbox.h"

#define ORDINARY_USER   61234
#define COULD_NOT_ENTER 250

/* Where an attempt may look: a folder that the keeper may write, and one that anybody could. */
static struct {
    char writable[64], elsewhere[64];
} place;

/* 0: it worked; else errno. */
typedef int (*attempt)(void);

static int or_errno(long result)
{
    return result < 0 ? errno : 0;
}

/* 0, an errno or COULD_NOT_ENTER. */
static int try_once(enum sandbox_kind kind, bool landlock, attempt attempted)
{
    int status = -1;
    const pid_t pid = fork();

    if (pid == 0) {
        const struct rlimit none = {0, 0};

        if (setrlimit(RLIMIT_CORE, &none) != 0 ||
            (!landlock && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || !hide_landlock())) ||
            (geteuid() == 0 && setresuid(ORDINARY_USER, ORDINARY_USER, ORDINARY_USER) != 0) ||
            !sandbox_enter(kind, kind == SANDBOX_KEEPER ? place.writable : NULL))
            _exit(COULD_NOT_ENTER);
        _exit(attempted());
    }
    assert_true(pid > 0 && waitpid(pid, &status, 0) == pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : COULD_NOT_ENTER;
}

static void expect(enum sandbox_kind kind, attempt attempted, int wanted)
{
    if (sandbox_has_landlock())
        assert_int_equal(try_once(kind, true, attempted), wanted);
    assert_int_equal(try_once(kind, false, attempted), wanted);
}

/* 0, or the errno of one call. */
#define ATTEMPT(name, call)                                                                                  \
    static int name(void)                                                                                    \
    {                                                                                                        \
        return or_errno(call);                                                                               \
    }

ATTEMPT(read_proc, open("/proc/self/maps", O_RDONLY | O_CLOEXEC))
ATTEMPT(read_elsewhere, open(place.elsewhere, O_RDONLY | O_DIRECTORY | O_CLOEXEC))

static int write_into(const char *folder, int flags)
{
    char path[96];

    (void)snprintf(path, sizeof path, "%s/file", folder);
    return open(path, flags | O_CLOEXEC, 0600);
}

static int write_in_own_folder(void)
{
    char from[96], to[96];

    (void)snprintf(from, sizeof from, "%s/file", place.writable);
    (void)snprintf(to, sizeof to, "%s/other", place.writable);
    return write_into(place.writable, O_RDWR | O_CREAT) < 0 ? errno
           : rename(from, to) != 0                          ? errno
                                                            : or_errno(unlink(to));
}

ATTEMPT(write_elsewhere, write_into(place.elsewhere, O_WRONLY | O_CREAT))
ATTEMPT(write_to_etc, write_into("/etc", O_WRONLY | O_CREAT))

static void *do_nothing(void *nothing)
{
    return nothing;
}

static int run_a_thread(void)
{
    pthread_t thread;
    const int error = pthread_create(&thread, NULL, do_nothing, NULL);

    return error != 0 ? error : pthread_join(thread, NULL);
}

/* The answer hangs on the machine's files; that the resolver may do its work does not. */
static int resolve_a_name(void)
{
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    const int error = getaddrinfo("localhost", "443", &hints, &found);

    if (error == 0)
        freeaddrinfo(found);
    return error == EAI_SYSTEM || error == EAI_MEMORY ? errno : 0;
}

static int look_up_users(void)
{
    return getpwnam("root") && !getpwnam("no-such-user-here") ? 0 : ENOENT;
}

static void a_child_reads_system_folders_only(void **state)
{
    (void)state;
    if (!sandbox_has_landlock())
        skip();
    assert_int_equal(try_once(SANDBOX_CHILD, true, read_proc), EACCES);
    assert_int_equal(try_once(SANDBOX_CHILD, true, read_elsewhere), EACCES);
}

static void a_keeper_writes_in_its_folder(void **state)
{
    (void)state;
    expect(SANDBOX_KEEPER, write_in_own_folder, 0);
    expect(SANDBOX_KEEPER, write_to_etc, EACCES);
}

static void a_keeper_writes_nowhere_else(void **state)
{
    (void)state;
    if (!sandbox_has_landlock())
        skip();
    assert_int_equal(try_once(SANDBOX_KEEPER, true, write_elsewhere), EACCES);
    assert_int_equal(try_once(SANDBOX_KEEPER, true, read_elsewhere), 0);
}

static void a_child_may_run_threads_and_resolve_names(void **state)
{
    (void)state;
    expect(SANDBOX_CHILD, run_a_thread, 0);
    expect(SANDBOX_CHILD, resolve_a_name, 0);
}

static void a_keeper_may_look_up_users(void **state)
{
    (void)state;
    expect(SANDBOX_KEEPER, look_up_users, 0);
}

static void a_keeper_without_a_folder_is_refused(void **state)
{
    (void)state;
    assert_false(sandbox_enter(SANDBOX_KEEPER, NULL));
    assert_false(sandbox_enter(SANDBOX_CHILD, "/tmp"));
}

static int make_places(void **state)
{
    (void)state;
    (void)snprintf(place.writable, sizeof place.writable, "%s", "/tmp/sandbox_test.XXXXXX");
    (void)snprintf(place.elsewhere, sizeof place.elsewhere, "%s", "/tmp/sandbox_test.XXXXXX");
    return mkdtemp(place.writable) && mkdtemp(place.elsewhere) && chmod(place.writable, 0777) == 0 &&
                   chmod(place.elsewhere, 0777) == 0
               ? 0
               : -1;
}

static int remove_places(void **state)
{
    char path[96];

    (void)state;
    (void)snprintf(path, sizeof path, "%s/file", place.elsewhere);
    (void)unlink(path);
    return rmdir(place.writable) == 0 && rmdir(place.elsewhere) == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_reads_system_folders_only),
        cmocka_unit_test(a_keeper_writes_in_its_folder),
        cmocka_unit_test(a_keeper_writes_nowhere_else),
        cmocka_unit_test(a_child_may_run_threads_and_resolve_names),
        cmocka_unit_test(a_keeper_may_look_up_users),
        cmocka_unit_test(a_keeper_without_a_folder_is_refused),
    };

    return cmocka_run_group_tests(tests, make_places, remove_places);
}
