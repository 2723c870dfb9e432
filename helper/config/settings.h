/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The one table of settings: sections, keys, aliases, types, defaults, help. It drives the parser, the
 * defaults, the suggestions for a mistyped name and what `frontdesk check --help` prints.
 */
#ifndef HELPER_SETTINGS_H
#define HELPER_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#define SETTINGS_MAX        128 /* rows of the table */
#define SETTING_ALIASES_MAX 4
#define SETTING_LIST_MAX    1000
#define DISPLAY_NAME_MAX    80  /* characters */
#define CLAIM_PATH_MAX      128 /* bytes */
#define SETTING_URL_MAX     512 /* bytes */
#define SETTING_TEXT_MAX    255 /* bytes of a path or another text */
#define USERNAME_REGEX_MAX  512 /* bytes */
#define LOCAL_NAME_MAX      32  /* bytes of the name of a local account or group */
#define TENANT_MAX          64  /* bytes */

enum setting_section {
    SECTION_CONNECTION, /* in connections.d/NAME.conf only; the others in frontdesk.conf only */
    SECTION_MEMBERS,
    SECTION_MACHINE,
    SECTION_LIMITS,
    SECTION_AUDIT,
    SECTION_KIOSK,
    SECTION_SERVICE, /* [service NAME] */
    SECTION_COUNT,
};

struct setting;

/*
 * Judges a value and puts it into its field (what was there is freed). False: *ret_why (malloc'd; NULL: no
 * memory) ends the sentence "KEY: ...". True: *ret_why, where it was set (malloc'd), is such a sentence, too:
 * what was understood although it is not the way to write it.
 */
typedef bool setting_parser(const struct setting *setting, const char *value, void *field, char **ret_why);

struct setting_word {
    const char *word; /* NULL ends the list */
    int value;
};

struct setting {
    enum setting_section section;
    const char *key;
    const char *aliases[SETTING_ALIASES_MAX]; /* names of the guides; NULL: none */
    setting_parser *parse;
    size_t offset;                    /* of the field in the section's struct */
    const struct setting_word *words; /* for a choice */
    unsigned min, max;                /* for a number, seconds, or the entries of a list */
    bool required;
    bool repeats;         /* one entry a line: each parse adds, and an empty value empties the list */
    const char *fallback; /* the default, as it would be written; NULL: none, or see help */
    const char *help;
};

/* The two parts of the table. */
extern const struct setting connection_settings[], machine_settings[];
extern const size_t connection_settings_count, machine_settings_count;

/* Row i of the whole, or NULL beyond the last. */
const struct setting *settings_at(size_t i);

/* By key or alias within a section; NULL: unknown. *ret_index (its row) may be NULL. */
const struct setting *settings_find(enum setting_section section, const char *name, size_t *ret_index);

/* The key or alias that a mistyped one probably meant, or NULL. */
const char *settings_nearest(enum setting_section section, const char *name);

/* What to do instead, for a word of the guides that is no setting of a file; NULL: not known. */
const char *settings_elsewhere(const char *name);

/* "members" -> SECTION_MEMBERS; false: no such section. */
bool settings_section(const char *name, enum setting_section *ret_section);
const char *settings_section_name(enum setting_section section);
const char *settings_nearest_section(const char *name); /* NULL: none near */

/* Fills a zeroed struct with the defaults of its section. False: no memory. */
bool settings_defaults(enum setting_section section, void *record);

/* Parsers of the table: settings_values.c, */
setting_parser setting_yes_no, setting_choice, setting_number, setting_seconds, setting_size,
    setting_id_range, setting_umask;
setting_parser setting_text, setting_path, setting_home_base, setting_shell, setting_client_id,
    setting_secret_file, setting_local_user;
setting_parser setting_regex, setting_claim, setting_display_name, setting_connection_name, setting_preset;
/* settings_urls.c, */
setting_parser setting_issuer, setting_https_url, setting_proxy, setting_listen, setting_okta_domain,
    setting_okta_auth_server;
/* settings_lists.c, */
setting_parser setting_words, setting_comma_list, setting_scopes, setting_algs, setting_services,
    setting_domains, setting_domain_aliases, setting_tenants, setting_hosts;
/* settings_pairs.c. */
setting_parser setting_extra_params, setting_required_claims, setting_group_map;

/* For parsers: a copy into a `char *` field, whose old text is freed. */
bool setting_store_text(const char *value, size_t length, void *field, char **ret_why);

/* malloc'd text of a printf; NULL when memory is short. */
__attribute__((format(printf, 1, 2))) char *setting_sentence(const char *format, ...);

#endif
