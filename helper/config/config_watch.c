/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Configuration in use: what the files' own numbers say, compared before every sign-in, so that `enabled =
 * no` counts at once and an unchanged folder costs a few stats.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>

#include "cleanup.h"
#include "config/config.h"
#include "config/settings.h"
#include "log.h"

struct config_watch {
    char *directory, *connections;
    char *seen; /* fingerprint of what `config` was read from */
    struct config *config;
    struct config *nothing; /* broken: stands in when memory is short */
};

static void add_status(FILE *fingerprint, const char *folder, const char *name)
{
    AUTO_FREE char *path = setting_sentence("%s/%s", folder, name);
    struct stat s;

    if (!path || lstat(path, &s) != 0)
        (void)fprintf(fingerprint, "%s %d\n", name, errno);
    else
        (void)fprintf(fingerprint, "%s %ju %ju %jd %jd.%09ld %jd.%09ld\n", name, (uintmax_t)s.st_dev,
                      (uintmax_t)s.st_ino, (intmax_t)s.st_size, (intmax_t)s.st_mtim.tv_sec, s.st_mtim.tv_nsec,
                      (intmax_t)s.st_ctim.tv_sec, s.st_ctim.tv_nsec);
}

/* Names, inodes, sizes, times (ctime tells chmod and chown, too) as one text; NULL: no memory. */
static char *take_fingerprint(const struct config_watch *watch)
{
    struct dirent **entries = NULL;
    char *text = NULL;
    size_t size;
    FILE *fingerprint = open_memstream(&text, &size);

    if (!fingerprint)
        return NULL;
    add_status(fingerprint, watch->directory, ".");
    add_status(fingerprint, watch->directory, "frontdesk.conf");
    const int count = scandir(watch->connections, &entries, NULL, alphasort);

    for (int i = 0; i < count; i++) {
        if (strcmp(entries[i]->d_name, "..") != 0)
            add_status(fingerprint, watch->connections, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    if (fclose(fingerprint) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

struct config_watch *config_watch_new(const char *directory)
{
    struct config_watch *watch = calloc(1, sizeof *watch);

    if (!watch)
        return NULL;
    watch->directory = strdup(directory);
    watch->connections = setting_sentence("%s/connections.d", directory);
    watch->nothing = calloc(1, sizeof *watch->nothing);
    if (!watch->directory || !watch->connections || !watch->nothing) {
        config_watch_free(watch);
        return NULL;
    }
    watch->nothing->references = 1;
    watch->nothing->broken = true;
    return watch;
}

void config_watch_free(struct config_watch *watch)
{
    if (!watch)
        return;
    free(watch->directory);
    free(watch->connections);
    free(watch->seen);
    config_unref(watch->config);
    config_unref(watch->nothing);
    free(watch);
}

static void tell(int level, const struct config_fault *remarks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (remarks[i].line)
            log_line(level, "%s:%u: %s", remarks[i].file, remarks[i].line, remarks[i].why);
        else
            log_line(level, "%s: %s", remarks[i].file, remarks[i].why);
}

struct config *config_watch_current(struct config_watch *watch)
{
    /* Taken before the files are read: what changes in between shows next time. */
    char *now = take_fingerprint(watch);

    if (now && watch->config && strcmp(now, watch->seen) == 0) {
        free(now);
        return watch->config;
    }
    config_unref(watch->config);
    watch->config = now ? config_read(watch->directory) : NULL;
    free(watch->seen);
    watch->seen = now;
    if (!watch->config) {
        log_line(LOG_ERR, "no memory to read the configuration");
        return watch->nothing;
    }
    tell(LOG_ERR, watch->config->faults, watch->config->fault_count);
    tell(LOG_NOTICE, watch->config->notices, watch->config->notice_count);
    return watch->config;
}
