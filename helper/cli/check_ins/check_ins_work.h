/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of `frontdesk check-ins`: what a verb is given. */
#ifndef HELPER_CLI_CHECK_INS_WORK_H
#define HELPER_CLI_CHECK_INS_WORK_H

#include <sys/types.h>

#include "cli/cli.h"
#include "members/check_ins.h"

struct check_ins_options {
    const char *name;     /* the member; NULL: everybody */
    const char *location; /* NULL: anywhere, or this machine's */
    int64_t since, until; /* seconds; 0: not said */
    bool all, dry_run;
};

struct check_ins_work;

/* Verbs: the exit status. */
typedef int check_ins_verb(struct check_ins_work *work);

struct check_ins_work {
    const struct cli *cli;
    const struct check_ins_options *options;
    check_ins_verb *verb;
    struct config *config; /* read before the power is given up; may be broken */
    uid_t uid, login_uid;  /* who runs it, and as whom they logged in ((uid_t)-1: not known) */
    struct members members;
};

check_ins_verb check_ins_list_verb, check_ins_now_verb, check_ins_export_verb, check_ins_add_verb,
    check_ins_close_verb;

/* With the time of now, and a record of each that is made or ends. */
struct check_ins check_ins_rules(struct check_ins_work *work);

/* One sentence on standard error; EXIT_REFUSED. */
int check_ins_refuse(const struct check_ins_work *work, enum reason reason);

/* A record of what is done to this check-in; false: members.why. True without an audit file. */
bool check_ins_record(struct check_ins_work *work, const struct member *member,
                      const struct check_in *check_in);

#endif
