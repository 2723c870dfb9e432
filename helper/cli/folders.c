/* SPDX-License-Identifier: BSD-2-Clause */
/* Tried, not computed from modes: a process becomes the user and asks the kernel. */
#include "cli/folders.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/output.h"
#include "config/settings.h"
#include "frontdesk/paths.h"

#define COMPONENTS_MAX 200 /* of a path: the answer travels as an exit status */

/* Length of the path's first n components; the whole length when it has fewer. */
static size_t prefix_length(const char *path, unsigned n)
{
    size_t at = 0;

    while (n-- > 0 && path[at] != '\0') {
        at += strspn(path + at, "/");
        at += strcspn(path + at, "/");
    }
    return at;
}

/* Which component (from 1) this process cannot pass; 0: none. What is missing is no obstacle, and a disk that
 * takes nothing is the store's to tell. */
static unsigned find_obstacle(const char *path, int mode)
{
    for (unsigned n = 1; n < COMPONENTS_MAX; n++) {
        const size_t length = prefix_length(path, n);
        AUTO_FREE char *prefix = strndup(path, length);
        const bool is_last = path[length + strspn(path + length, "/")] == '\0';

        if (!prefix)
            return n;
        if (access(prefix, is_last ? mode : X_OK) != 0)
            return errno == ENOENT || errno == EROFS ? 0 : n;
        if (is_last)
            return 0;
    }
    return COMPONENTS_MAX;
}

/* The same as another user. */
static unsigned find_obstacle_of(const struct user_ids *ids, const char *path, int mode)
{
    int status = 0;
    const pid_t pid = fork();

    if (pid == 0)
        _exit(users_become(ids) ? (int)find_obstacle(path, mode) : COMPONENTS_MAX);
    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
        return COMPONENTS_MAX;
    return (unsigned)WEXITSTATUS(status);
}

/* The path's first `length` bytes are there, but a folder they are not. */
static bool is_no_folder(const char *path, int length)
{
    AUTO_FREE char *prefix = strndup(path, (size_t)length);
    struct stat status;

    if (!prefix)
        return false;
    return stat(prefix, &status) == 0 ? !S_ISDIR(status.st_mode) : errno == ENOTDIR;
}

/* ids NULL: this process's own user, whom nobody else needs to be. */
static bool can_work_in(const char *name, const struct user_ids *ids, const char *path, int mode)
{
    const unsigned n = ids ? find_obstacle_of(ids, path, mode) : find_obstacle(path, mode);
    const int length = (int)prefix_length(path, n);
    char number[16];
    const char *user = name;

    if (n == 0)
        return true;
    if (!ids) {
        (void)snprintf(number, sizeof number, "%u", geteuid());
        user = number;
    }
    if (is_no_folder(path, length))
        output_error("%.*s is no folder: choose another one", length, path);
    else if (path[(size_t)length + strspn(path + length, "/")] != '\0')
        output_error("the user %s cannot enter %.*s: run `chmod o+x %.*s`, or choose another folder", user,
                     length, path, length, path);
    else if (mode & W_OK)
        output_error(
            "the user %s cannot write in %s: run `chown %s: %s && chmod u+rwx %s`, or choose another folder",
            user, path, user, path, path);
    else
        output_error("the user %s cannot read %s: run `chmod o+rx %s`", user, path, path);
    return false;
}

static bool find_both(struct cli_users *ret_users)
{
    const bool keeper = users_find(FD_KEEPER_USER, &ret_users->keeper);
    const bool helper = users_find(FD_HELPER_USER, &ret_users->helper);
    const bool any = keeper || helper;

    if (keeper && helper)
        return true;
    output_error(
        "the user%s %s%s%s %s missing on this machine: run `for user in " FD_KEEPER_USER " " FD_HELPER_USER
        "; do id $user >/dev/null 2>&1 || useradd --system --user-group --no-create-home --home-dir / "
        "--shell /usr/sbin/nologin $user; done`",
        any ? "" : "s", keeper ? "" : FD_KEEPER_USER, any ? "" : " and ", helper ? "" : FD_HELPER_USER,
        any ? "is" : "are");
    return false;
}

/* Root sees what our users do not: without a word here, they would find less than root was shown. */
static bool can_read_settings(const char *name, const struct user_ids *ids, const struct cli *cli)
{
    AUTO_FREE char *connections = setting_sentence("%s/connections.d", cli->config_dir);

    return connections && can_work_in(name, ids, cli->config_dir, R_OK | X_OK) &&
           can_work_in(name, ids, connections, R_OK | X_OK);
}

bool folders_find_users(const struct cli *cli, struct cli_users *ret_users)
{
    *ret_users = (struct cli_users){.drop = geteuid() == 0};
    if (!ret_users->drop)
        return can_work_in(NULL, NULL, cli->config_dir, R_OK | X_OK);
    return find_both(ret_users) && can_read_settings(FD_KEEPER_USER, &ret_users->keeper, cli) &&
           can_read_settings(FD_HELPER_USER, &ret_users->helper, cli);
}

/* Tried before anything is made, so that no folder is left behind when another one cannot be. */
static bool can_be_made(const char *path)
{
    for (unsigned n = 1; n < COMPONENTS_MAX; n++) {
        const size_t length = prefix_length(path, n);
        AUTO_FREE char *prefix = strndup(path, length), *parent = strndup(path, prefix_length(path, n - 1));
        struct stat status;

        if (!prefix || !parent)
            break;
        if (stat(prefix, &status) == 0) {
            if (!S_ISDIR(status.st_mode)) {
                output_error("%s is no folder: choose another one", prefix);
                return false;
            }
            if (path[length + strspn(path + length, "/")] == '\0')
                return true;
        } else if (errno == ENOENT && access(parent[0] != '\0' ? parent : "/", W_OK | X_OK) == 0) {
            return true;
        } else {
            break;
        }
    }
    output_error("cannot make the folder %s: %s; choose another one", path, strerror(errno));
    return false;
}

#define FRESH ".frontdesk-new"

/*
 * A missing folder, made where its parent was opened, so that nobody can put another one in its place. It has
 * its name only once it has its owner: a run that broke off leaves none that the next one cannot use.
 */
static int make_folder(int parent, const char *name, const struct user_ids *owner)
{
    AUTO_CLOSE int fd = -1;
    struct stat status;
    int made;

    if ((unlinkat(parent, FRESH, AT_REMOVEDIR) != 0 && errno != ENOENT) || mkdirat(parent, FRESH, 0700) != 0)
        return -1;
    fd = openat(parent, FRESH, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) != 0 || status.st_uid != geteuid() ||
        (owner && fchown(fd, owner->uid, owner->gid) != 0) || renameat(parent, FRESH, parent, name) != 0) {
        const int why = errno;

        (void)unlinkat(parent, FRESH, AT_REMOVEDIR);
        errno = why;
        return -1;
    }
    made = fd;
    fd = -1;
    return made;
}

static bool make_path(const char *path, const struct user_ids *owner)
{
    AUTO_FREE char *copy = strdup(path);
    AUTO_CLOSE int folder = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    char *rest = copy, *name;

    while (copy && folder >= 0 && (name = strsep(&rest, "/")) != NULL) {
        int next;

        if (name[0] == '\0')
            continue;
        next = openat(folder, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (next < 0 && errno == ENOENT)
            next = make_folder(folder, name, owner);
        if (next < 0) {
            output_error("cannot make the folder %s: %s", path, strerror(errno));
            return false;
        }
        (void)close(folder);
        folder = next;
    }
    return copy && folder >= 0;
}

bool folders_prepare(const struct cli *cli, struct cli_users *ret_users)
{
    const struct user_ids *owner;

    if (!folders_find_users(cli, ret_users))
        return false;
    owner = ret_users->drop ? &ret_users->keeper : NULL;
    if (!can_work_in(FD_KEEPER_USER, owner, cli->state_dir, R_OK | W_OK | X_OK) ||
        !can_be_made(cli->state_dir) || (cli->runtime_dir_given && !can_be_made(cli->runtime_dir)))
        return false;
    /* The default runtime folder belongs to the services; nothing of it is used here. */
    return make_path(cli->state_dir, owner) &&
           (!cli->runtime_dir_given || make_path(cli->runtime_dir, owner));
}
