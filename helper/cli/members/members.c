/* SPDX-License-Identifier: BSD-2-Clause */
/* `frontdesk members`: works on the store as the keeper's user, without a network. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/as_keeper.h"
#include "cli/login_uid.h"
#include "cli/members/member_rows.h"
#include "cli/members/members_work.h"
#include "cli/output.h"
#include "cli/verb_options.h"

static const char usage[] =
    "Usage: frontdesk [OPTION...] members VERB ...\n\n"
    "  list [--all]                      --all: removed ones, too\n"
    "  show NAME\n"
    "  invite NAME --email E [--connection C] [--full-name F]\n"
    "                                    the first sign-in with this verified e-mail becomes NAME\n"
    "  disable NAME\n"
    "  enable NAME\n"
    "  remove NAME [--free-name] [--erase]\n"
    "                                    name and id stay taken; --free-name frees the name, --erase "
    "deletes\n"
    "                                    personal data; the home folder stays\n"
    "  rename NAME NEW [--free-name]     the old name stays taken; --free-name frees it\n"
    "  rebind NAME --issuer I [--subject S] [--connection C]\n"
    "                                    another identity for one member\n"
    "  rebind --all --from I --to I [--connection C] [--yes]\n"
    "                                    another issuer for all of one; without --yes a trial\n"
    "  export [--format json|csv]        everything, removed ones too\n"
    "  import FILE [--format json|csv] [--yes]\n"
    "                                    all rows or none; without --yes a report only\n"
    "  backup FILE [--force]             a copy of everything, while sign-ins go on; --force replaces FILE\n"
    "  restore FILE                      the store as in that backup; ids and names given since stay taken\n"
    "  --dry-run                         with each verb that changes something: tries it, writes nothing\n"
    "  --json                            one JSON object a line\n";

enum {
    OPTION_EMAIL = 1 << 0,
    OPTION_CONNECTION = 1 << 1,
    OPTION_FULL_NAME = 1 << 2,
    OPTION_ALL = 1 << 3,
    OPTION_FREE_NAME = 1 << 4,
    OPTION_ERASE = 1 << 5,
    OPTION_DRY_RUN = 1 << 6,
    OPTION_YES = 1 << 7,
    OPTION_ISSUER = 1 << 8,
    OPTION_SUBJECT = 1 << 9,
    OPTION_FROM = 1 << 10,
    OPTION_TO = 1 << 11,
    OPTION_FORMAT = 1 << 12,
    OPTION_FORCE = 1 << 13,
};

static const struct option known_options[] = {{"email", required_argument, NULL, OPTION_EMAIL},
                                              {"connection", required_argument, NULL, OPTION_CONNECTION},
                                              {"full-name", required_argument, NULL, OPTION_FULL_NAME},
                                              {"all", no_argument, NULL, OPTION_ALL},
                                              {"free-name", no_argument, NULL, OPTION_FREE_NAME},
                                              {"erase", no_argument, NULL, OPTION_ERASE},
                                              {"dry-run", no_argument, NULL, OPTION_DRY_RUN},
                                              {"yes", no_argument, NULL, OPTION_YES},
                                              {"issuer", required_argument, NULL, OPTION_ISSUER},
                                              {"subject", required_argument, NULL, OPTION_SUBJECT},
                                              {"from", required_argument, NULL, OPTION_FROM},
                                              {"to", required_argument, NULL, OPTION_TO},
                                              {"format", required_argument, NULL, OPTION_FORMAT},
                                              {"force", no_argument, NULL, OPTION_FORCE},
                                              {"json", no_argument, NULL, OPTION_JSON},
                                              {"help", no_argument, NULL, OPTION_HELP},
                                              {NULL, 0, NULL, 0}};

static const struct verb {
    const char *name;
    members_verb *run;
    int words; /* behind it */
    int options;
} verbs[] = {
    {"list", members_list_verb, 0, OPTION_ALL},
    {"show", members_show_verb, 1, 0},
    {"invite", members_invite_verb, 1, OPTION_EMAIL | OPTION_CONNECTION | OPTION_FULL_NAME | OPTION_DRY_RUN},
    {"disable", members_disable_verb, 1, OPTION_DRY_RUN},
    {"enable", members_enable_verb, 1, OPTION_DRY_RUN},
    {"remove", members_remove_verb, 1, OPTION_FREE_NAME | OPTION_ERASE | OPTION_DRY_RUN},
    {"rename", members_rename_verb, 2, OPTION_FREE_NAME | OPTION_DRY_RUN},
    {"rebind", members_rebind_verb, -1,
     OPTION_ALL | OPTION_ISSUER | OPTION_SUBJECT | OPTION_FROM | OPTION_TO | OPTION_CONNECTION |
         OPTION_DRY_RUN | OPTION_YES},
    {"export", members_export_verb, 0, OPTION_FORMAT},
    {"import", members_import_verb, 1, OPTION_FORMAT | OPTION_DRY_RUN | OPTION_YES},
    {"backup", members_backup_verb, 1, OPTION_FORCE},
    {"restore", members_restore_verb, 1, OPTION_DRY_RUN},
};

/* 0, or the status to exit with. */
static int take_option(void *taken, int option, const char *value)
{
    struct members_options *options = taken;

    switch (option) {
    case OPTION_EMAIL:
        options->invitation.email = value;
        return 0;
    case OPTION_CONNECTION:
        options->invitation.connection = options->rebind.connection = value;
        return 0;
    case OPTION_FULL_NAME:
        options->invitation.full_name = value;
        return 0;
    case OPTION_ALL:
        options->all = true;
        return 0;
    case OPTION_FREE_NAME:
        options->free_name = true;
        return 0;
    case OPTION_ERASE:
        options->erase = true;
        return 0;
    case OPTION_DRY_RUN:
        options->dry_run = true;
        return 0;
    case OPTION_YES:
        options->yes = true;
        return 0;
    case OPTION_FORCE:
        options->force = true;
        return 0;
    case OPTION_ISSUER:
    case OPTION_TO:
        options->rebind.issuer = value;
        return 0;
    case OPTION_SUBJECT:
        options->rebind.subject = value;
        return 0;
    case OPTION_FROM:
        options->rebind.old_issuer = value;
        return 0;
    case OPTION_FORMAT:
        options->format = strcmp(value, "csv") == 0 ? FORMAT_CSV : FORMAT_JSON;
        return strcmp(value, "csv") == 0 || strcmp(value, "json") == 0
                   ? 0
                   : output_usage_error("members", "a format is json or csv");
    default:
        return EXIT_USAGE;
    }
}

/* What belongs together, beyond each verb's own options. */
static const char *fault_of(const struct verb *verb, const struct members_options *options, int seen)
{
    const int of_all = OPTION_FROM | OPTION_TO, of_one = OPTION_ISSUER | OPTION_SUBJECT;

    if (verb->run == members_invite_verb &&
        (!options->invitation.email || !strchr(options->invitation.email, '@')))
        return "invite needs --email ADDRESS";
    if (verb->run != members_rebind_verb)
        return NULL;
    if (options->all)
        return (seen & of_all) == of_all && !(seen & of_one) ? NULL
                                                             : "rebind --all needs --from and --to, no more";
    if ((seen & (of_all | OPTION_YES)) || !(seen & OPTION_ISSUER))
        return "rebind of one member needs --issuer; --from, --to and --yes belong to --all";
    return NULL;
}

static int judge(const struct verb *verb, const struct members_options *options, int seen)
{
    const char *fault = fault_of(verb, options, seen);

    return fault ? output_usage_error("members", "%s", fault) : 0;
}

static int check_words(const struct verb *verb, struct members_options *options, int argc, char **argv)
{
    const int words = argc - optind - 1, wanted = verb->words >= 0 ? verb->words : options->all ? 0 : 1;
    static const char *const counts[] = {"no name", "one name", "two names"};

    if (words != wanted)
        return output_usage_error("members", "%s takes %s", verb->name, counts[wanted]);
    options->name = options->invitation.name = options->rebind.name = words > 0 ? argv[optind + 1] : NULL;
    options->other = words > 1 ? argv[optind + 2] : NULL;
    return 0;
}

static const struct verb *find_verb(const char *name)
{
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

/* By whoever runs this, before another user is become: the file is theirs to read. */
static bool read_file(struct members_work *work)
{
    AUTO_FCLOSE FILE *file = fopen(work->options->name, "re");
    size_t size = 0;
    ssize_t n;

    errno = 0;
    n = file ? getdelim(&work->text, &size, '\0', file) : -1;
    if (n < 0 && file && feof(file)) {
        work->text = strdup("");
        n = 0;
    }
    if (n < 0 || !work->text || n > MEMBER_FILE_MAX || (file && fgetc(file) != EOF)) {
        output_error("%s: %s", work->options->name, errno ? strerror(errno) : "too large, or a NUL is in it");
        return false;
    }
    work->length = (size_t)n;
    return true;
}

/* The store of a restoration may be damaged: that is what it is for. */
static bool open_store(struct members_work *work)
{
    const bool restores = work->verb == members_restore_verb;
    AUTO_FREE char *why = NULL;

    work->members.store =
        restores ? store_open_or_later(work->cli->state_dir, &why) : store_open(work->cli->state_dir, &why);
    if (!work->members.store)
        output_error("%s", why ? why : "no memory to open the members' store");
    return work->members.store != NULL;
}

static int work_on_store(struct members_work *work)
{
    int status;

    if (!as_keeper(work->cli, &work->config))
        return EXIT_USAGE;
    if (!open_store(work))
        return EXIT_REFUSED;
    status = work->verb(work);
    store_close(work->members.store);
    return status;
}

static int run(struct members_work *work)
{
    if (work->verb == members_import_verb && !read_file(work))
        return EXIT_USAGE;
    if (work->verb == members_restore_verb && !members_backup_read(work))
        return EXIT_USAGE;
    return work->verb == members_backup_verb ? members_backup_around(work, work_on_store)
                                             : work_on_store(work);
}

int members_command(struct cli *cli, int argc, char **argv)
{
    struct members_options options = {.format = FORMAT_JSON};
    struct members_work work = {.cli = cli,
                                .options = &options,
                                .uid = getuid(),
                                .login_uid = login_uid_find(),
                                .output = -1,
                                .members = {.state_dir = cli->state_dir}};
    const struct verb_options line = {.command = "members",
                                      .usage = usage,
                                      .known = known_options,
                                      .take = take_option,
                                      .options = &options};
    const struct verb *verb;
    int seen = 0, status = verb_options_read(&line, cli, argc, argv, &seen);

    if (status != 0)
        return status < 0 ? 0 : status;
    if (optind == argc)
        return output_usage_error("members", "which verb?");
    verb = find_verb(argv[optind]);
    if (!verb)
        return output_usage_error("members", "there is no verb `%s`", argv[optind]);
    status = check_words(verb, &options, argc, argv);
    if (status == 0)
        status = verb_options_judge(&line, verb->name, verb->options, seen);
    if (status == 0)
        status = judge(verb, &options, seen);
    if (status == 0) {
        work.verb = verb->run;
        status = run(&work);
    }
    config_unref(work.config);
    free(work.text);
    return status;
}
