/* SPDX-License-Identifier: BSD-2-Clause */
/* Each note is the record that stands if nothing better comes; of two in one file it is the later. */
#include "keeper/begun.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <sys/stat.h>
#include <syslog.h>

#include "audit/audit.h"
#include "cleanup.h"
#include "keeper/record.h"

#define NOTE_MAX 16384 /* bytes; a longer one is none of ours */

static bool path_of(const struct keeper *keeper, const char *name, char ret_path[PATH_MAX])
{
    return snprintf(ret_path, PATH_MAX, "%s/begun%s%s", keeper->options.state_dir, name[0] ? "/" : "", name) <
           PATH_MAX;
}

/* Nobody but root may fill the disk by asking: at the kiosk somebody has to have approved. */
static bool is_noted(const struct keeper *keeper, const struct sign_in *sign_in)
{
    const bool is_roots = sign_in->peer_uid == 0 && sign_in->login.phase == PHASE_AUTH;

    return keeper->options.audit_file && !keeper->options.dry_run && !keeper->options.private_peer &&
           (sign_in->kiosk ? sign_in->identity.subject != NULL : is_roots);
}

static bool write_note(const char *path, const char *text)
{
    AUTO_CLOSE const int fd =
        open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, (mode_t)0600);
    const ssize_t length = (ssize_t)strlen(text);

    return fd >= 0 && write(fd, text, (size_t)length) == length;
}

static void note(const struct keeper *keeper, const struct sign_in *sign_in, const char *event)
{
    const struct record_outcome outcome = {
        .event = event, .verdict = verdict_name(VERDICT_UNAVAILABLE), .reason = "keeper_ended"};
    AUTO_JSON struct json_document *record = record_make(keeper, sign_in, &outcome);
    AUTO_FREE char *json = record ? json_print(json_top(record)) : NULL, *text = NULL;
    char path[PATH_MAX];

    if (json && asprintf(&text, "%s\n", json) < 0)
        text = NULL;
    if (!text || !path_of(keeper, sign_in->note, path) || !write_note(path, text))
        log_line(LOG_WARNING, "how far a sign-in came could not be noted: %s",
                 text ? strerror(errno) : "no memory");
}

void begun_note(struct keeper *keeper, struct sign_in *sign_in)
{
    if (!is_noted(keeper, sign_in))
        return;
    (void)snprintf(sign_in->note, sizeof sign_in->note, "%" PRId64 "-%" PRIu32, sign_in->began_ms,
                   keeper->notes++);
    note(keeper, sign_in, record_event(sign_in));
}

void begun_allow(const struct keeper *keeper, const struct sign_in *sign_in)
{
    if (sign_in->note[0] != '\0')
        note(keeper, sign_in, "undelivered");
}

void begun_forget(const struct keeper *keeper, struct sign_in *sign_in)
{
    char path[PATH_MAX];

    if (sign_in->note[0] == '\0' || !path_of(keeper, sign_in->note, path))
        return;
    (void)unlink(path);
    sign_in->note[0] = '\0';
}

/* The last one that was written to its end. NULL: there is none. */
static struct json_document *last_record(const char *text, size_t length)
{
    const char *end = memrchr(text, '\n', length);
    const char *before = end ? memrchr(text, '\n', (size_t)(end - text)) : NULL;
    const char *begin = before ? before + 1 : text;

    return end ? json_parse(begin, (size_t)(end - begin)) : NULL;
}

/* NULL: it is no note of ours, or its first record was being written. */
static struct json_document *read_note(const char *path)
{
    AUTO_CLOSE const int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    char text[NOTE_MAX];
    const ssize_t n = fd >= 0 ? read(fd, text, sizeof text) : -1;

    return n > 0 && n < (ssize_t)sizeof text ? last_record(text, (size_t)n) : NULL;
}

static void tell(const struct json_document *record)
{
    AUTO_FREE char *line = audit_line(record);

    if (line)
        log_line(LOG_NOTICE, "%s", line);
}

/* False: it has to stay until the file can be written again. */
static bool recover(const struct keeper *keeper, const char *path)
{
    AUTO_JSON struct json_document *record = read_note(path);
    const struct audit_file file = {.path = keeper->options.audit_file};
    AUTO_FREE char *why = NULL;

    if (record && !audit_append(&file, record, &why)) {
        log_line(LOG_ERR, "the audit record could not be written: %s", why ? why : "out of memory");
        return false;
    }
    if (record)
        tell(record);
    (void)unlink(path);
    return true;
}

void begun_recover(const struct keeper *keeper)
{
    char path[PATH_MAX];
    struct dirent *entry;
    DIR *folder;

    if (!keeper->options.audit_file || keeper->options.dry_run || keeper->options.private_peer ||
        !path_of(keeper, "", path))
        return;
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        log_line(LOG_WARNING, "%s cannot be made: %s", path, strerror(errno));
    folder = opendir(path);
    while (folder && (entry = readdir(folder)) != NULL)
        if (entry->d_name[0] != '.' && path_of(keeper, entry->d_name, path) && !recover(keeper, path))
            break;
    if (folder)
        (void)closedir(folder);
}
