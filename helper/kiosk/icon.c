/* SPDX-License-Identifier: BSD-2-Clause */
/* Told by its first bytes, so that a name cannot make a page of it; the page shows it as a picture only. */
#include "kiosk/icon.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "cleanup.h"
#include "log.h"
#include "trusted_path.h"

static bool begins(const char *bytes, size_t length, const char *with, size_t with_length)
{
    return length >= with_length && memcmp(bytes, with, with_length) == 0;
}

/* NULL: no picture. */
static const char *type_of(const char *path, const char *bytes, size_t length)
{
    const char *ending = strrchr(path, '.');

    if (begins(bytes, length, "\x89PNG\r\n\x1a\n", 8))
        return "image/png";
    if (begins(bytes, length, "\xff\xd8\xff", 3))
        return "image/jpeg";
    if (length > 12 && begins(bytes, length, "RIFF", 4) && memcmp(bytes + 8, "WEBP", 4) == 0)
        return "image/webp";
    /* A text: that it stands within <img>, and under our policy, keeps its scripts from running. */
    return ending && strcasecmp(ending, ".svg") == 0 ? "image/svg+xml" : NULL;
}

/* malloc'd; NULL: not a file that the administrator alone writes, or too large. */
static char *read_whole(const char *path, size_t *ret_length)
{
    AUTO_CLOSE const int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct path_fault fault;
    struct stat status;
    char *bytes;

    if (fd < 0 || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size < 1 ||
        status.st_size > ICON_BYTES_MAX || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0 ||
        !path_is_trusted(path, &fault))
        return NULL;
    bytes = malloc((size_t)status.st_size);
    if (bytes && read(fd, bytes, (size_t)status.st_size) == status.st_size) {
        *ret_length = (size_t)status.st_size;
        return bytes;
    }
    free(bytes);
    return NULL;
}

struct page_file icon_read(const struct connection *connection)
{
    struct page_file icon = {0};
    char *bytes;

    if (!connection || !connection->icon)
        return icon;
    bytes = read_whole(connection->icon, &icon.length);
    icon.type = bytes ? type_of(connection->icon, bytes, icon.length) : NULL;
    if (!icon.type) {
        log_line(LOG_WARNING,
                 "the icon of %s cannot be shown: a PNG, JPEG, WebP or SVG file of 256 kB at "
                 "most, written by root alone",
                 connection->name);
        free(bytes);
        return (struct page_file){0};
    }
    icon.bytes = bytes;
    return icon;
}

void icon_free(struct page_file *icon)
{
    free((void *)(uintptr_t)icon->bytes);
    *icon = (struct page_file){0};
}
