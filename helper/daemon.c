/* SPDX-License-Identifier: BSD-2-Clause */
/* The first second of both daemons, when they may still be root: short, and every step checked. */
#include "daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "cleanup.h"
#include "command_line.h"
#include "frontdesk/paths.h"
#include "secret.h"
#include "sockets.h"

#define STATUS_USAGE 2

static const struct option known_options[] = {
    {"listen", no_argument, NULL, 'l'},
    {"config-dir", required_argument, NULL, 'c'},
    {"vendor-dir", required_argument, NULL, 'V'},
    {"audit-file", required_argument, NULL, 'a'},
    {"state-dir", required_argument, NULL, 's'},
    {"runtime-dir", required_argument, NULL, 'r'},
    {"log", required_argument, NULL, 'o'},
    {"debug", no_argument, NULL, 'd'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'v'},
    {NULL, 0, NULL, 0},
};

static void print_usage(FILE *to, const struct command_line *line)
{
    const struct daemon_face *face = line->face;

    (void)fprintf(to,
                  "Usage: %s [--listen] [OPTION]...\n"
                  "%s\n\n"
                  "  --listen            make the socket (started as root; else systemd passes it)\n"
                  "  --config-dir=DIR    configuration (default " FD_SYSCONFDIR ")\n"
                  "  --vendor-dir=DIR    configuration of the vendor's (default " FD_VENDORDIR ")\n"
                  "  --state-dir=DIR     members and their index (default " FD_STATEDIR ")\n"
                  "  --runtime-dir=DIR   sockets (default " FD_RUNDIR ")\n"
                  "  --audit-file=FILE   the keeper's records (default " FD_AUDIT_PATH ")\n"
                  "  --log=TARGET        syslog or stderr (default syslog)\n"
                  "  --debug             log more\n"
                  "  --help, --version\n",
                  face->program, face->summary);
}

static bool take_option(void *taken, int option, const char *value)
{
    struct daemon_options *options = taken;

    switch (option) {
    case 'l':
        options->listen = true;
        return true;
    case 'c':
        return command_line_take_path(value, &options->config_dir);
    case 'V':
        return command_line_take_path(value, &options->vendor_dir);
    case 'a':
        return command_line_take_path(value, &options->audit_file);
    case 's':
        return command_line_take_path(value, &options->state_dir);
    case 'r':
        return command_line_take_path(value, &options->runtime_dir);
    case 'o':
        return command_line_take_log(value, &options->log);
    case 'd':
        options->debug = true;
        return true;
    default:
        return false;
    }
}

bool daemon_options_read(int argc, char **argv, const struct daemon_face *face,
                         struct daemon_options *ret_options, int *ret_status)
{
    const struct command_line line = {.program = face->program,
                                      .known = known_options,
                                      .take = take_option,
                                      .print_usage = print_usage,
                                      .face = face,
                                      .status_if_bad = STATUS_USAGE};
    struct daemon_options options = {.config_dir = FD_SYSCONFDIR,
                                     .vendor_dir = FD_VENDORDIR,
                                     .audit_file = FD_AUDIT_PATH,
                                     .state_dir = FD_STATEDIR,
                                     .runtime_dir = FD_RUNDIR,
                                     .log = LOG_TO_SYSLOG};

    if (!command_line_read(&line, argc, argv, &options, ret_status))
        return false;
    *ret_options = options;
    return true;
}

static void keep_few_names(void)
{
    static const char *const kept[] = {"LANG", "TZ", "CREDENTIALS_DIRECTORY", "ASAN_OPTIONS",
                                       "UBSAN_OPTIONS"};
    char *values[sizeof kept / sizeof kept[0]];

    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        const char *value = getenv(kept[i]);

        values[i] = value ? strdup(value) : NULL;
    }
    (void)clearenv();
    (void)setenv("PATH", "/usr/bin:/bin", 1);
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        if (values[i])
            (void)setenv(kept[i], values[i], 1);
        free(values[i]);
    }
}

/* A descriptor opened later must never be taken for standard error. */
static void open_standard_descriptors(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    while (fd >= 0 && fd <= STDERR_FILENO && fcntl(fd, F_SETFD, 0) == 0);
    if (fd > STDERR_FILENO)
        (void)close(fd);
}

int daemon_begin(const struct daemon_face *face, const struct daemon_options *options)
{
    int other;

    return daemon_begin_with(face, options, NULL, &other);
}

/* last: the descriptor behind which none is kept. */
static void begin(const struct daemon_face *face, const struct daemon_options *options, int last)
{
    open_standard_descriptors();
    (void)close_range(last < STDERR_FILENO ? STDERR_FILENO + 1 : (unsigned)last + 1, UINT_MAX, 0);
    (void)umask(077);
    (void)!chdir("/");
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a failed write, not the end */
    keep_few_names();
    log_open(face->program, options->log);
    log_set_debug(options->debug);
}

int daemon_begin_with(const struct daemon_face *face, const struct daemon_options *options, const char *other,
                      int *ret_other)
{
    const int passed = sockets_from_systemd(other, ret_other);

    begin(face, options, *ret_other > passed ? *ret_other : passed);
    return passed;
}

int daemon_begin_passed(const struct daemon_face *face, const struct daemon_options *options)
{
    const int count = sockets_passed();

    begin(face, options, SOCKETS_PASSED_FIRST + count - 1);
    return count;
}

/* It has its name only once it has its owner and mode: a start that broke off leaves none that the next
 * cannot use. */
static bool make_whole(const char *path, mode_t mode, const struct user_ids *owner)
{
    char fresh[PATH_MAX];

    if (snprintf(fresh, sizeof fresh, "%s.frontdesk-new", path) >= (int)sizeof fresh) {
        errno = ENAMETOOLONG;
        return false;
    }
    (void)rmdir(fresh);
    return mkdir(fresh, 0700) == 0 && chown(fresh, owner->uid, owner->gid) == 0 && chmod(fresh, mode) == 0 &&
           rename(fresh, path) == 0;
}

bool daemon_make_folder(const char *path, mode_t mode, const struct user_ids *owner)
{
    struct stat status;

    if (lstat(path, &status) == 0 || make_whole(path, mode, owner))
        return true;
    log_line(LOG_ERR, "cannot make %s: %s", path, strerror(errno));
    return false;
}

int daemon_listen(const struct daemon_face *face, const struct daemon_options *options)
{
    const struct user_ids root = {0, 0};
    struct user_ids owner, group;
    char path[PATH_MAX];
    int fd;

    if (!options->listen) {
        log_line(LOG_ERR, "no socket: start by systemd, or with --listen");
        return -1;
    }
    if (!users_find(face->user, &owner) || !users_find(face->socket_group_user, &group)) {
        log_line(LOG_ERR, "the users %s and %s are needed: systemd-sysusers makes them", FD_KEEPER_USER,
                 FD_HELPER_USER);
        return -1;
    }
    if (geteuid() == 0 && !daemon_make_folder(options->runtime_dir, 0755, &root))
        return -1;
    if (snprintf(path, sizeof path, "%s/%s", options->runtime_dir, face->socket_name) >= (int)sizeof path)
        return -1;
    fd = socket_listen(path, face->socket_mode, owner.uid, group.gid);
    if (fd < 0)
        log_line(LOG_ERR, "cannot listen on %s: %s", path, strerror(errno));
    return fd;
}

bool daemon_drop(const struct daemon_face *face, const struct user_ids *ids)
{
    if (!users_become(ids)) {
        log_line(LOG_ERR, "cannot become the user %s for good: start as root, or as that user", face->user);
        return false;
    }
    if (!secret_forbid_dumps() || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        log_line(LOG_ERR, "cannot forbid core dumps and new privileges");
        return false;
    }
    return true;
}
