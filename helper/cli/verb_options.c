/* SPDX-License-Identifier: BSD-2-Clause */
/* An option that a verb does not know is refused, never passed over: it may be the --dry-run of one that has
 * none. */
#include "cli/verb_options.h"

#include <stdio.h>

#include "cli/output.h"

int verb_options_read(const struct verb_options *line, struct cli *cli, int argc, char **argv, int *ret_seen)
{
    int option, status = 0, seen = 0;

    optind = 0;
    while (status == 0 && (option = getopt_long(argc, argv, "h", line->known, NULL)) != -1) {
        if (option == '?')
            return EXIT_USAGE;
        if (option == OPTION_HELP) {
            (void)fputs(line->usage, stdout);
            return -1;
        }
        if (option == OPTION_JSON) {
            cli->json = true;
            continue;
        }
        seen |= option;
        status = line->take(line->options, option, optarg);
    }
    if (status == 0)
        *ret_seen = seen;
    return status;
}

int verb_options_judge(const struct verb_options *line, const char *verb, int bits, int seen)
{
    for (const struct option *option = line->known; option->val != OPTION_JSON; option++)
        if (seen & ~bits & option->val)
            return output_usage_error(line->command, "--%s does not belong to %s", option->name, verb);
    return 0;
}
