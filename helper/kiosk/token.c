/* SPDX-License-Identifier: BSD-2-Clause */
/* Written under another name first: nobody ever reads half a token. */
#include "kiosk/token.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "ascii.h"
#include "cleanup.h"
#include "log.h"
#include "secret.h"

#define PAGE_SIZE_MAX 512

static bool is_token(const char *text)
{
    for (size_t i = 0; i < REQUEST_TOKEN_LENGTH; i++)
        if (!ascii_is_alnum(text[i]) && text[i] != '-' && text[i] != '_')
            return false;
    return true;
}

/* The one of before, when nobody else can have read or written it. */
static bool read_token(const char *path, char ret_token[REQUEST_TOKEN_LENGTH + 1])
{
    AUTO_CLOSE const int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat status;

    if (fd < 0 || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_uid != geteuid() ||
        (status.st_mode & 07777) != 0600 || status.st_nlink != 1 || status.st_size != REQUEST_TOKEN_LENGTH ||
        read(fd, ret_token, REQUEST_TOKEN_LENGTH) != REQUEST_TOKEN_LENGTH)
        return false;
    ret_token[REQUEST_TOKEN_LENGTH] = '\0';
    return is_token(ret_token);
}

static bool write_file(const char *path, const char *text)
{
    const size_t length = strlen(text);
    char fresh[PATH_MAX];
    bool written;
    int fd;

    if (snprintf(fresh, sizeof fresh, "%s.new", path) >= (int)sizeof fresh)
        return false;
    (void)unlink(fresh);
    fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return false;
    written = write(fd, text, length) == (ssize_t)length;
    return close(fd) == 0 && written && rename(fresh, path) == 0;
}

/* A file that only leads on: the address with the token is in no program's arguments. */
static bool write_start(const char *path, const char *listen, const char *token)
{
    char page[PAGE_SIZE_MAX];
    const int n = snprintf(page, sizeof page,
                           "<!doctype html>\n<meta charset=\"utf-8\">\n<title>frontdesk</title>\n"
                           "<meta name=\"referrer\" content=\"no-referrer\">\n"
                           "<meta http-equiv=\"refresh\" content=\"0;url=http://%s/%s/\">\n",
                           listen, token);

    return n > 0 && n < (int)sizeof page && write_file(path, page);
}

void token_withdraw(const char *folder)
{
    char path[PATH_MAX];

    if (snprintf(path, sizeof path, "%s/" START_FILE, folder) < (int)sizeof path && unlink(path) != 0 &&
        errno != ENOENT && errno != ENOTDIR)
        log_line(LOG_WARNING, "cannot remove %s: %s", path, strerror(errno));
}

bool token_prepare(const char *folder, const char *listen, char ret_token[REQUEST_TOKEN_LENGTH + 1])
{
    char token_path[PATH_MAX], start_path[PATH_MAX];

    if (snprintf(token_path, sizeof token_path, "%s/" TOKEN_FILE, folder) >= (int)sizeof token_path ||
        snprintf(start_path, sizeof start_path, "%s/" START_FILE, folder) >= (int)sizeof start_path)
        return false;
    if (!read_token(token_path, ret_token) &&
        (!secret_random_text(REQUEST_TOKEN_BYTES, ret_token, REQUEST_TOKEN_LENGTH + 1) ||
         !write_file(token_path, ret_token))) {
        log_line(LOG_ERR, "cannot write %s: %s", token_path, strerror(errno));
        return false;
    }
    if (!write_start(start_path, listen, ret_token)) {
        log_line(LOG_ERR, "cannot write %s: %s", start_path, strerror(errno));
        return false;
    }
    return true;
}
