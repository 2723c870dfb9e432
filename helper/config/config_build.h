/* SPDX-License-Identifier: BSD-2-Clause */
/* From lines to settings: the texts of one file and its drop-ins go into a configuration, or their refusals
 * do. */
#ifndef HELPER_CONFIG_BUILD_H
#define HELPER_CONFIG_BUILD_H

#include "config/config.h"
#include "config/settings.h"

/* Adds a refusal or a notice. `why` is taken over; NULL stands for short memory. False: no memory. */
bool config_add_fault(struct config *config, const char *file, unsigned line, char *why);
bool config_add_notice(struct config *config, const char *file, unsigned line, char *why);

/* One file's text; `file` is its name for refusals. */
struct config_source {
    char *file;
    char *text; /* written into */
    size_t length;
};

/*
 * Reads texts in their order: each key once in each, and a later text replaces what an earlier one said.
 * frontdesk.conf has all sections but [connection]; a file of a connection has that alone, for *connection,
 * whose defaults are filled in first and its preset last. True: no refusal was added. *ret_memory is set to
 * false when memory was short.
 */
bool config_build_main(struct config *config, const struct config_source *sources, size_t count,
                       bool *ret_memory);
bool config_build_connection(struct config *config, const struct config_source *sources, size_t count,
                             struct connection *connection, bool *ret_memory);

/* Where a setting was typed; file NULL: nowhere. */
struct config_origin {
    const char *file;
    unsigned line;
};

/* What config_build.c and config_judge.c share while texts become settings. */
struct config_build {
    struct config *config;
    const char *file;              /* the text being read; in the end the first of them */
    struct connection *connection; /* NULL: frontdesk.conf */
    enum setting_section section;
    void *record;                            /* of the section being read; NULL: its lines are passed over */
    bool any_section;                        /* a section line came in this text */
    bool any_connection;                     /* [connection] came in any */
    unsigned seen[SETTINGS_MAX];             /* this text's line of each key of this section; 0: not yet */
    unsigned sections[SECTION_COUNT];        /* this text's */
    bool services_seen[CONFIG_SERVICES_MAX]; /* this text's */
    struct config_origin origins[SETTINGS_MAX]; /* of a connection's keys, in all texts */
    bool preset[SETTINGS_MAX];                  /* the preset said so */
    unsigned faults;
    bool memory;
};

/* `why` is taken over; NULL stands for short memory. */
void config_build_refuse(struct config_build *build, struct config_origin origin, char *why);
void config_build_notice(struct config_build *build, struct config_origin origin, char *why);

/* Fills in what the preset says and nobody typed. */
void config_apply_preset(struct config_build *build);
/* What no single line of a connection can show. */
void config_judge_connection(struct config_build *build);
/* What no single connection can show; `file` is what notices are about. False: no memory. */
bool config_judge_together(struct config *config, const char *file);

/* Defaults of one service, by its name. */
bool service_defaults(const char *name, struct service *service);

#endif
