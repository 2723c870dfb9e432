/* SPDX-License-Identifier: BSD-2-Clause */
/* The options of a command that has verbs: which were seen, and whether they belong to the verb. */
#ifndef HELPER_CLI_VERB_OPTIONS_H
#define HELPER_CLI_VERB_OPTIONS_H

#include <getopt.h>

#include "cli/cli.h"

#define OPTION_JSON 'j'
#define OPTION_HELP 'h'

struct verb_options {
    const char *command, *usage;
    const struct option *known; /* those of verbs, a bit each; then OPTION_JSON and OPTION_HELP */
    int (*take)(void *options, int option, const char *value); /* 0, or the status to exit with */
    void *options;
};

/* 0, or the status to exit with; -1: done. *ret_seen has the bits of what was there, optind where words
 * begin. */
int verb_options_read(const struct verb_options *line, struct cli *cli, int argc, char **argv, int *ret_seen);

/* 0, or the status to exit with: an option was seen whose bit is not among the verb's. */
int verb_options_judge(const struct verb_options *line, const char *verb, int bits, int seen);

#endif
