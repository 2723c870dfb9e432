/* SPDX-License-Identifier: BSD-2-Clause */
/* What `frontdesk status` found out. */
#ifndef HELPER_CLI_STATUS_FACTS_H
#define HELPER_CLI_STATUS_FACTS_H

#include "cli/cli.h"
#include "config/config.h"
#include "members/store_events.h"

#define STATUS_WHY_SIZE 512

struct status_part {
    bool is_good;
    char words[STATUS_WHY_SIZE]; /* what is wrong, or "" */
};

struct status_facts {
    struct status_part helper, keeper, store, index, hooks, config;
    int64_t members, open_check_ins; /* removed ones not counted; -1: not known */
    struct hook_backlog backlog;
};

/* Asks the helper's socket as a host would, without a LOGIN: nothing is logged of it. */
void status_ask_services(const struct cli *cli, struct status_facts *facts);

/* By the keeper's user. What is not there is not made. */
void status_read_store(const struct cli *cli, const struct config *config, struct status_facts *facts);

__attribute__((format(printf, 2, 3))) void status_blame(struct status_part *part, const char *format, ...);

#endif
