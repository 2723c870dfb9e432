/* SPDX-License-Identifier: BSD-2-Clause */
/* `frontdesk audit`: reads the records back. By root as the keeper's user, who may read them, and no more. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/audit/audit_files.h"
#include "cli/audit/audit_filter.h"
#include "cli/audit/audit_print.h"
#include "cli/audit/audit_time.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "frontdesk/paths.h"
#include "secret.h"
#include "users.h"

static const char usage[] =
    "Usage: frontdesk [OPTION...] audit [OPTION...]\n"
    "Records of sign-ins, sessions and changes by administrators, oldest first; root and the group adm read "
    "them.\n\n"
    "  --since TIME         2026-11-21, 2026-11-21T15:04:05Z, or so long ago: 90s, 30m, 2h, 3d, 1w\n"
    "  --until TIME         likewise; before it\n"
    "  --user NAME          who was let in, or was asked for\n"
    "  --member NAME\n"
    "  --connection NAME\n"
    "  --service NAME\n"
    "  --verdict WORD       allow, deny, expired, unknown_user, unavailable, ignore\n"
    "  --reason CODE        ok, or the code of a refusal\n"
    "  --host HOST          the remote host\n"
    "  --event EVENT        sign_in, session_begin, session_end, account, members_remove, ...\n"
    "  --identity ISSUER SUBJECT\n"
    "                       one person; of refusals, which have a tag of the person only, by root alone\n"
    "  -n, --last NUMBER    the last ones only\n"
    "  --follow             then those that come\n"
    "  --json               one JSON object a line, as it was recorded\n";

enum {
    OPTION_SINCE = 256,
    OPTION_UNTIL,
    OPTION_IDENTITY,
    OPTION_FOLLOW,
    OPTION_JSON,
    OPTION_WORD, /* the first of AUDIT_WORDS */
};

static const struct option known_options[] = {
    {"since", required_argument, NULL, OPTION_SINCE},
    {"until", required_argument, NULL, OPTION_UNTIL},
    {"user", required_argument, NULL, OPTION_WORD + AUDIT_USER},
    {"member", required_argument, NULL, OPTION_WORD + AUDIT_MEMBER},
    {"connection", required_argument, NULL, OPTION_WORD + AUDIT_CONNECTION},
    {"service", required_argument, NULL, OPTION_WORD + AUDIT_SERVICE},
    {"verdict", required_argument, NULL, OPTION_WORD + AUDIT_VERDICT},
    {"reason", required_argument, NULL, OPTION_WORD + AUDIT_REASON},
    {"host", required_argument, NULL, OPTION_WORD + AUDIT_HOST},
    {"event", required_argument, NULL, OPTION_WORD + AUDIT_EVENT},
    {"identity", required_argument, NULL, OPTION_IDENTITY},
    {"last", required_argument, NULL, 'n'},
    {"follow", no_argument, NULL, OPTION_FOLLOW},
    {"json", no_argument, NULL, OPTION_JSON},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0}};

struct audit_work {
    struct cli *cli;
    struct audit_filter filter;
    bool is_counting, follows, has_last;
    size_t last;        /* how many at most; has_last */
    size_t found, skip; /* records that fit, and how many of them are not shown */
    size_t broken;      /* lines that are no records */
};

static int64_t now_ms(void)
{
    struct timespec now;

    return clock_gettime(CLOCK_REALTIME, &now) == 0 ? (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000 : 0;
}

static int take_time(const char *text, bool *ret_has, int64_t *ret_ms)
{
    *ret_has = audit_time_read(text, now_ms(), ret_ms);
    return *ret_has
               ? 0
               : output_usage_error("audit", "a time is 2026-11-21, 2026-11-21T15:04:05Z, 30m, 2h or 3d");
}

static int take_last(struct audit_work *work, const char *text)
{
    char *end;

    errno = 0;
    work->last = strtoul(text, &end, 10);
    work->has_last = true;
    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && errno == 0
               ? 0
               : output_usage_error("audit", "-n takes a number");
}

/* Takes the word behind its own, too. */
static int take_identity(struct audit_work *work, int argc, char **argv)
{
    if (optind >= argc)
        return output_usage_error("audit", "--identity takes an issuer and a subject");
    work->filter.issuer = optarg;
    work->filter.subject = argv[optind++];
    return 0;
}

/* 0, or the status to exit with; -1: done. */
static int take_option(struct audit_work *work, int option, int argc, char **argv)
{
    if (option >= OPTION_WORD && option < OPTION_WORD + AUDIT_WORDS) {
        work->filter.words[option - OPTION_WORD] = optarg;
        return 0;
    }
    switch (option) {
    case OPTION_SINCE:
        return take_time(optarg, &work->filter.has_since, &work->filter.since_ms);
    case OPTION_UNTIL:
        return take_time(optarg, &work->filter.has_until, &work->filter.until_ms);
    case OPTION_IDENTITY:
        return take_identity(work, argc, argv);
    case 'n':
        return take_last(work, optarg);
    case OPTION_FOLLOW:
        work->follows = true;
        return 0;
    case OPTION_JSON:
        work->cli->json = true;
        return 0;
    case 'h':
        (void)fputs(usage, stdout);
        return -1;
    default:
        return EXIT_USAGE;
    }
}

static int parse_options(struct audit_work *work, int argc, char **argv)
{
    int option, status = 0;

    optind = 0;
    while (status == 0 && (option = getopt_long(argc, argv, "hn:", known_options, NULL)) != -1)
        status = take_option(work, option, argc, argv);
    return status == 0 && optind < argc ? output_usage_error("audit", "`%s` is no option", argv[optind])
                                        : status;
}

/* The key is the keeper's alone; without it only those are found who were let in. */
static void find_tag(struct audit_work *work)
{
    struct audit_filter *filter = &work->filter;
    struct identity_key key;
    AUTO_FREE char *why = NULL;

    if (!filter->issuer)
        return;
    if (identity_key_open(work->cli->state_dir, false, &key, &why))
        (void)identity_tag(&key, filter->issuer, filter->subject, filter->identity);
    else
        output_error("refusals of this person cannot be found: %s", why ? why : "no memory");
    explicit_bzero(&key, sizeof key);
}

static bool show(struct audit_work *work, const struct json_document *record)
{
    work->found++;
    if (work->is_counting || work->found <= work->skip)
        return true;
    return work->cli->json ? output_json(record) : audit_print_row(json_top(record));
}

static bool take_line(void *context, const char *line, size_t length)
{
    struct audit_work *work = context;
    AUTO_JSON struct json_document *record = json_parse(line, length);

    if (!record) {
        work->broken += length > 0 && !work->is_counting;
        return true;
    }
    return !audit_filter_takes(&work->filter, json_top(record)) || show(work, record);
}

static int read_all(struct audit_work *work, struct audit_files *files)
{
    const struct audit_taker taker = {.take = take_line, .context = work};
    bool is_done;

    if (work->has_last) {
        work->is_counting = true;
        if (!audit_files_each(files, work->follows, taker))
            return EXIT_REFUSED;
        work->skip = work->found > work->last ? work->found - work->last : 0;
        work->found = 0;
        work->is_counting = false;
    }
    is_done = (work->cli->json || audit_print_header()) && audit_files_each(files, work->follows, taker);
    if (work->broken > 0)
        output_error("%zu line%s of the records could not be read", work->broken,
                     work->broken > 1 ? "s" : "");
    if (is_done && work->follows)
        is_done = audit_files_follow(files, taker);
    return is_done ? 0 : EXIT_REFUSED;
}

static int run(struct audit_work *work)
{
    const char *path = work->cli->audit_file ? work->cli->audit_file : FD_AUDIT_PATH;
    struct audit_files files;
    struct user_ids keeper;
    AUTO_FREE char *which = NULL;
    int why, status;

    find_tag(work);
    if (geteuid() == 0 && !(users_find(FD_KEEPER_USER, &keeper) && users_become(&keeper))) {
        output_error("cannot become the user " FD_KEEPER_USER);
        return EXIT_USAGE;
    }
    why = audit_files_open(path, &files, &which);
    if (why != 0) {
        output_error("%s: %s%s", which ? which : path, strerror(why),
                     why == EACCES ? "; root may read it, and the group adm" : "");
        return EXIT_REFUSED;
    }
    status = read_all(work, &files);
    audit_files_close(&files);
    return status;
}

int audit_command(struct cli *cli, int argc, char **argv)
{
    struct audit_work work = {.cli = cli};
    const int status = parse_options(&work, argc, argv);

    if (status != 0)
        return status < 0 ? 0 : status;
    return run(&work);
}
