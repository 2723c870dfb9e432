/* SPDX-License-Identifier: BSD-2-Clause */
/* A throw-away configuration folder for tests. */
#ifndef TESTS_CONFIG_FOLDER_H
#define TESTS_CONFIG_FOLDER_H

#include <assert.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FOLDER_PATH_MAX 256

struct folder {
    char path[FOLDER_PATH_MAX];
};

static inline void folder_path(const struct folder *folder, const char *name, char ret_path[FOLDER_PATH_MAX])
{
    const int n = snprintf(ret_path, FOLDER_PATH_MAX, "%.120s/%.120s", folder->path, name);

    assert(n > 0 && n < FOLDER_PATH_MAX);
    (void)n;
}

static inline void folder_make(struct folder *ret_folder)
{
    char connections[FOLDER_PATH_MAX];
    const char *made;

    (void)snprintf(ret_folder->path, sizeof ret_folder->path, "/tmp/frontdesk-test-XXXXXX");
    made = mkdtemp(ret_folder->path);
    assert(made != NULL);
    (void)made;
    (void)chmod(ret_folder->path, 0755);
    folder_path(ret_folder, "connections.d", connections);
    (void)mkdir(connections, 0755);
}

static inline void folder_write_bytes(const struct folder *folder, const char *name, const void *bytes,
                                      size_t length)
{
    char path[FOLDER_PATH_MAX];
    FILE *file;

    folder_path(folder, name, path);
    file = fopen(path, "we");
    assert(file != NULL);
    (void)fwrite(bytes, 1, length, file);
    (void)fclose(file);
    (void)chmod(path, 0644);
}

static inline void folder_write(const struct folder *folder, const char *name, const char *text)
{
    folder_write_bytes(folder, name, text, strlen(text));
}

static inline void folder_remove(const struct folder *folder)
{
    const pid_t pid = fork();

    if (pid == 0) {
        (void)execlp("rm", "rm", "-rf", "--", folder->path, (char *)NULL);
        _exit(127);
    }
    (void)waitpid(pid, NULL, 0);
}

/* A connection with all that is required, and these lines more. */
static inline void folder_write_connection(const struct folder *folder, const char *name, const char *more)
{
    char text[8192];

    (void)snprintf(text, sizeof text,
                   "[connection]\nissuer = https://idp.example\nclient_id = desk\nservices = sshd login\n%s",
                   more);
    folder_write(folder, name, text);
}

/* For tests whose state is one folder. */
static inline int folder_set_up(void **state)
{
    static struct folder folder;

    folder_make(&folder);
    *state = &folder;
    return 0;
}

static inline int folder_tear_down(void **state)
{
    folder_remove(*state);
    return 0;
}

#endif
