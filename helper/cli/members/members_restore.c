/* SPDX-License-Identifier: BSD-2-Clause */
/* `frontdesk members restore`: sign-ins may go on meanwhile; the keeper sees by itself that the store is
 * another. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/members/members_work.h"
#include "cli/output.h"
#include "members/members_restore.h"

#define BACKUP_MAX (256 * 1024 * 1024) /* a store of all ids is a tenth of it */

static bool read_all(int file, struct members_work *work)
{
    struct stat status;
    size_t done = 0;
    ssize_t n = 1;

    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size > BACKUP_MAX)
        return false;
    work->text = malloc((size_t)status.st_size + 1);
    while (work->text && n > 0 && done < (size_t)status.st_size) {
        n = read(file, work->text + done, (size_t)status.st_size - done);
        if (n > 0)
            done += (size_t)n;
        else if (n < 0 && errno == EINTR)
            n = 1;
    }
    work->length = done;
    return work->text && done == (size_t)status.st_size;
}

/* By whoever runs this, before another user is become: the file is theirs to read. */
bool members_backup_read(struct members_work *work)
{
    AUTO_CLOSE int file = open(work->options->name, O_RDONLY | O_NONBLOCK | O_CLOEXEC);

    errno = file < 0 ? errno : 0;
    if (file >= 0 && read_all(file, work))
        return true;
    output_error("%s: %s", work->options->name, errno ? strerror(errno) : "no regular file, or too large");
    return false;
}

static enum reason make(struct members_work *work, void *context)
{
    members_restoration_clear(context); /* the trial's */
    return members_restore(&work->members, (const unsigned char *)work->text, work->length, context);
}

static bool describe(const struct members_work *work, const void *context, struct json_document *record)
{
    const struct members_restoration *restoration = context;

    return json_add_string(record, "file", work->options->name) &&
           json_add_integer(record, "count", restoration->members) &&
           json_add_integer(record, "kept", restoration->kept) &&
           json_add_integer(record, "reopened", restoration->reopened) &&
           json_add_integer(record, "rebound", restoration->rebound) &&
           json_add_boolean(record, "store_was_readable", restoration->live_was_readable);
}

static const char *names_of(const char *names)
{
    return names ? names : "";
}

static bool print_json(const struct members_work *work, const struct members_restoration *restoration)
{
    AUTO_JSON struct json_document *document = json_new();

    return document && json_add_string(document, "file", work->options->name) &&
           json_add_integer(document, "members", restoration->members) &&
           json_add_integer(document, "kept", restoration->kept) &&
           json_add_integer(document, "reopened", restoration->reopened) &&
           json_add_string(document, "reopened_names", names_of(restoration->reopened_names)) &&
           json_add_integer(document, "rebound", restoration->rebound) &&
           json_add_string(document, "rebound_names", names_of(restoration->rebound_names)) &&
           json_add_boolean(document, "store_was_readable", restoration->live_was_readable) &&
           json_add_string(document, "replaced_store",
                           restoration->kept_file[0] != '\0' ? restoration->kept_file : NULL) &&
           json_add_boolean(document, "written", !work->options->dry_run) && output_json(document);
}

static const char *plural(unsigned count)
{
    return count == 1 ? "" : "s";
}

static void print_text(const struct members_work *work, const struct members_restoration *restoration)
{
    const bool dry_run = work->options->dry_run;
    const unsigned kept = restoration->kept, reopened = restoration->reopened;

    (void)printf("%u member%s %s%s\n", restoration->members, plural(restoration->members),
                 dry_run ? "would be restored" : "restored",
                 dry_run ? " (nothing was written: --dry-run)" : "");
    if (kept > 0)
        (void)printf(
            "%u of them came after the backup: disabled, until `frontdesk members enable NAME`%s\n", kept,
            restoration->live_was_readable ? "" : " (whoever has no identity needs `members rebind` first)");
    if (reopened > 0)
        (void)printf("%u had been disabled or removed since, and may sign in again: %s\n", reopened,
                     restoration->reopened_names);
    if (restoration->rebound > 0)
        (void)printf("%u had been bound to another identity since, and no longer are: %s\n",
                     restoration->rebound, restoration->rebound_names);
    if (restoration->kept_file[0] != '\0')
        (void)printf("the replaced store is %s/%s\n", work->cli->state_dir, restoration->kept_file);
}

static int report(struct members_work *work, enum reason reason,
                  const struct members_restoration *restoration)
{
    if (reason == REASON_STORE_FAILED) {
        output_error("%s: nothing was restored (%s): %s", work->options->name, reason_code(reason),
                     work->members.why);
        return EXIT_REFUSED;
    }
    if (reason != REASON_OK)
        return members_refuse(work, reason);
    if (work->cli->json)
        return print_json(work, restoration) ? 0 : EXIT_REFUSED;
    print_text(work, restoration);
    return 0;
}

int members_restore_verb(struct members_work *work)
{
    struct members_restoration restoration = {0};
    const struct members_change change = {
        .event = "members_restore", .make = make, .describe = describe, .context = &restoration};
    const enum reason reason = members_change(work, &change, work->options->dry_run);
    const int status = report(work, reason, &restoration);

    members_restoration_clear(&restoration);
    return status;
}
