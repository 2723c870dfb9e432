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
#include "frontdesk/paths.h"
#include "log.h"
#include "trusted_path.h"

struct config_watch {
    char *directory, *vendor; /* vendor NULL: none */
    char *seen;               /* fingerprint of what `config` was read from */
    struct config *config;
    struct config *nothing; /* broken: stands in when memory is short */
};

/* True: it is a folder. */
static bool add_status(FILE *fingerprint, const char *path)
{
    struct stat s;

    if (lstat(path, &s) != 0) {
        (void)fprintf(fingerprint, "%s %d\n", path, errno);
        return false;
    }
    (void)fprintf(fingerprint, "%s %ju %ju %o %ju %ju %jd %jd.%09ld %jd.%09ld\n", path, (uintmax_t)s.st_dev,
                  (uintmax_t)s.st_ino, (unsigned)s.st_mode, (uintmax_t)s.st_uid, (uintmax_t)s.st_gid,
                  (intmax_t)s.st_size, (intmax_t)s.st_mtim.tv_sec, s.st_mtim.tv_nsec,
                  (intmax_t)s.st_ctim.tv_sec, s.st_ctim.tv_nsec);
    return S_ISDIR(s.st_mode);
}

/* A folder, what is in it and, `depth` deep, what is in the folders in it. */
static bool add_folder(FILE *fingerprint, const char *parent, const char *name, unsigned depth)
{
    AUTO_FREE char *path = setting_sentence("%s/%s", parent, name);
    struct dirent **entries = NULL;
    bool memory = path != NULL;
    int count;

    if (!path || !add_status(fingerprint, path) || depth == 0)
        return memory;
    count = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        if (strcmp(entries[i]->d_name, ".") != 0 && strcmp(entries[i]->d_name, "..") != 0)
            memory = memory && add_folder(fingerprint, path, entries[i]->d_name, depth - 1);
        free(entries[i]);
    }
    free(entries);
    return memory;
}

static bool add_layer(FILE *fingerprint, const char *directory)
{
    struct path_fault fault;

    (void)add_status(fingerprint, directory);
    /* Who may turn the path elsewhere stands above the folder. */
    if (!path_is_trusted(directory, &fault))
        (void)fprintf(fingerprint, "%s %s\n", fault.where, fault.why);
    return add_folder(fingerprint, directory, "frontdesk.conf", 0) &&
           add_folder(fingerprint, directory, "frontdesk.conf.d", 1) &&
           add_folder(fingerprint, directory, "connections.d", 2);
}

/* Names, inodes, owners, modes, sizes and times as one text; NULL: no memory. Modes stand there themselves:
 * ctime is as coarse as the clock's tick, and two changes may share one. */
static char *take_fingerprint(const struct config_watch *watch)
{
    char *text = NULL;
    size_t size;
    FILE *fingerprint = open_memstream(&text, &size);
    bool memory;

    if (!fingerprint)
        return NULL;
    memory =
        add_layer(fingerprint, watch->directory) && (!watch->vendor || add_layer(fingerprint, watch->vendor));
    if (fclose(fingerprint) != 0 || !memory) {
        free(text);
        return NULL;
    }
    return text;
}

struct config_watch *config_watch_new(const char *directory)
{
    return config_watch_new_layers(directory, FD_VENDORDIR);
}

struct config_watch *config_watch_new_layers(const char *directory, const char *vendor)
{
    struct config_watch *watch = calloc(1, sizeof *watch);

    if (!watch)
        return NULL;
    watch->directory = strdup(directory);
    watch->vendor = vendor ? strdup(vendor) : NULL;
    watch->nothing = calloc(1, sizeof *watch->nothing);
    if (watch->nothing)
        *watch->nothing = (struct config){.broken = true, .references = 1};
    if (!watch->directory || (vendor && !watch->vendor) || !watch->nothing) {
        config_watch_free(watch);
        return NULL;
    }
    return watch;
}

void config_watch_free(struct config_watch *watch)
{
    if (!watch)
        return;
    free(watch->directory);
    free(watch->vendor);
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
    watch->config = now ? config_read_layers(watch->directory, watch->vendor) : NULL;
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
