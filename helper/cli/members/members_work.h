/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of `frontdesk members`: what a verb is given, and how one that changes something goes about it.
 */
#ifndef HELPER_CLI_MEMBERS_WORK_H
#define HELPER_CLI_MEMBERS_WORK_H

#include <sys/types.h>

#include "cli/cli.h"
#include "members/members.h"

enum members_format { FORMAT_JSON, FORMAT_CSV };

struct members_options {
    struct members_invitation invitation; /* connection: of rebind, too */
    struct members_rebind rebind;
    const char *name, *other; /* the words behind the verb; NULL: not there */
    enum members_format format;
    bool all, free_name, erase, dry_run, yes, force;
};

struct members_work;

/* Verbs: the exit status. */
typedef int members_verb(struct members_work *work);

/* What a verb works with. */
struct members_work {
    const struct cli *cli;
    const struct members_options *options;
    members_verb *verb;
    struct config *config; /* read before the power is given up; may be broken */
    char *text;            /* of the file to import or restore */
    size_t length;
    int output;           /* the file to back up into; -1: none */
    uid_t uid, login_uid; /* who runs it, and as whom they logged in ((uid_t)-1: not known) */
    struct members members;
};

members_verb members_list_verb, members_show_verb, members_export_verb;
members_verb members_invite_verb, members_disable_verb, members_enable_verb, members_remove_verb,
    members_rename_verb, members_rebind_verb, members_import_verb, members_backup_verb, members_restore_verb;

/*
 * Opens a file beside the one to write, calls run() in a child that gives the power up, and gives the file
 * its name once that succeeded: whole, and only its maker's to read. The exit status.
 */
bool members_backup_read(struct members_work *work); /* false: told why */
int members_backup_around(struct members_work *work, int (*run)(struct members_work *work));

/*
 * A change is tried first, rolled back, recorded, and only then made: so there is none without a record, and
 * a record whose change failed after all is followed by one that says why. Without an audit file nothing is
 * recorded; a dry run ends after the trial.
 */
struct members_change {
    const char *event; /* "members_rename" */
    enum reason (*make)(struct members_work *work, void *context);
    bool (*describe)(const struct members_work *work, const void *context, struct json_document *record);
    void *context;
};
enum reason members_change(struct members_work *work, const struct members_change *change, bool dry_run);

/* One sentence on standard error; EXIT_REFUSED. */
int members_refuse(const struct members_work *work, enum reason reason);
int members_tell_refusal(const char *about, enum reason reason, const char *why); /* why: more of it, or "" */
const char *members_words_for(enum reason reason);

#endif
