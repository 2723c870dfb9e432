/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of `frontdesk check`. */
#ifndef HELPER_CLI_CHECK_H
#define HELPER_CLI_CHECK_H

#include "cli/check/check_report.h"
#include "cli/folders.h"
#include "config/config.h"

/* What the configuration says; only: one connection's name, NULL for all. */
void check_config(struct report *report, const struct config *config, const char *only);

/* The client secret, read as the keeper would. */
void check_secret(struct report *report, const struct cli_users *users, const struct connection *connection);

/* How this machine is wired: users, NSS, PAM. Hints, for none of it is needed to try a connection. */
void check_machine(struct report *report, const struct config *config);

/* What the PAM lines of each service allow that an enabled connection serves. */
void check_stacks(struct report *report, const struct config *config);

/*
 * The truth table of create_users and passwords, for each service that uses pam_frontdesk.so: who gets in,
 * and what becomes of an unknown person. anybody_known: there are members or invitations.
 */
void check_ways(struct report *report, const struct config *config, bool anybody_known);

/* What a connection gives and to whom: user_map_file, shared_account, icon, username, scopes. */
void check_profile(struct report *report, const struct connection *connection);

/* Local groups that group_map names, and what /etc/frontdesk/local-groups lets through. */
void check_groups(struct report *report, const struct config *config, const char *only);

/* Which connection a person gets: domains, locations, and what chooses among the enabled ones. */
void check_routing(struct report *report, const struct config *config, const char *only);

/* The kiosk's user, its one connection, and what `idle = always` costs; nothing where no connection serves
 * it. */
void check_kiosk(struct report *report, const struct config *config, const char *only);

/* Programs after a check-in: may they be run? Nothing where none is named. */
void check_hooks(struct report *report, const struct config *config);

/* Does sshd, where it is installed and served, ask PAM at all? By root only: sshd tells nobody else. */
void check_sshd(struct report *report, const struct config *config);

/* The clock, the store, its index, room to write, and who else bears a member's name or id. */
void check_store(struct report *report, const struct cli_users *users, const struct cli *cli);

/* The members' range of ids: nearly used up, or used by another source, too. Hints. False: nobody is a member
 * or invited. */
bool check_ids(struct report *report, const struct cli_users *users, const char *state_dir,
               const struct config *config);

/*
 * What the identity providers say: a confined process for each connection, all at once; by root this process
 * gives up its power, too, before it reads what they found.
 */
void check_network(struct report *report, const struct cli_users *users, const struct config *config,
                   const char *only);

/* All keys of all sections with defaults and help, on standard output. */
void settings_print_help(void);

#endif
