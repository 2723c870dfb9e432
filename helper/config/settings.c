/* SPDX-License-Identifier: BSD-2-Clause */
/* The table, and how a name is found in it. */
#include "config/settings.h"

#include <stdint.h>
#include <string.h>

#include "config/config.h"
#include "frontdesk/ids.h"

#define TEXT_OF(number) #number
#define DIGITS(number)  TEXT_OF(number)

static const struct setting_word client_auth_words[] = {
    {"auto", CLIENT_AUTH_AUTO},
    {"none", CLIENT_AUTH_NONE},
    {"client_secret_basic", CLIENT_AUTH_BASIC},
    {"client_secret_post", CLIENT_AUTH_POST},
    {NULL, 0},
};
static const struct setting_word pkce_words[] = {
    {"auto", PKCE_AUTO}, {"S256", PKCE_S256}, {"off", PKCE_OFF}, {NULL, 0}};
static const struct setting_word userinfo_words[] = {
    {"auto", USERINFO_AUTO}, {"always", USERINFO_ALWAYS}, {"never", USERINFO_NEVER}, {NULL, 0}};
static const struct setting_word prompt_words[] = {
    {"auto", PROMPT_AUTO}, {"enter", PROMPT_ENTER}, {"none", PROMPT_NONE}, {NULL, 0}};
static const struct setting_word qr_words[] = {
    {"auto", QR_AUTO}, {"utf8", QR_UTF8}, {"ascii", QR_ASCII}, {"none", QR_NONE}, {NULL, 0}};
static const struct setting_word first_sign_in_words[] = {
    {"refuse", FIRST_SIGN_IN_REFUSE}, {"reconnect", FIRST_SIGN_IN_RECONNECT}, {NULL, 0}};

#define CONNECTION(field)                                                                                    \
    .section = SECTION_CONNECTION, .key = #field, .offset = offsetof(struct connection, field)
#define MEMBERS(field)                                                                                       \
    .section = SECTION_MEMBERS, .key = #field, .offset = offsetof(struct members_settings, field)
#define MACHINE(field)                                                                                       \
    .section = SECTION_MACHINE, .key = #field, .offset = offsetof(struct machine_settings, field)
#define LIMITS(field)                                                                                        \
    .section = SECTION_LIMITS, .key = #field, .offset = offsetof(struct limits_settings, field)
#define SERVICE(field) .section = SECTION_SERVICE, .key = #field, .offset = offsetof(struct service, field)

static const struct setting settings[] = {
    {CONNECTION(enabled), .parse = setting_yes_no, .fallback = "yes", .help = "yes or no: the on/off switch"},
    {.section = SECTION_CONNECTION,
     .key = "issuer",
     .offset = 0, /* the whole connection: two of its fields come from here */
     .aliases = {"authority", "discovery_url"},
     .parse = setting_issuer,
     .required = true,
     .help = "base URL of the identity provider, or its full /.well-known/openid-configuration"},
    {CONNECTION(client_id), .parse = setting_client_id, .required = true,
     .help = "what the identity provider calls this registration"},
    {CONNECTION(client_secret_file), .parse = setting_secret_file,
     .help = "absolute path (root:frontdesk 0640, or frontdesk 0400), or the name of a systemd credential"},
    {CONNECTION(client_auth_method), .parse = setting_choice, .words = client_auth_words, .fallback = "auto",
     .help = "how the client proves itself at the token endpoint"},
    {CONNECTION(scopes), .parse = setting_scopes, .fallback = "openid profile email",
     .help = "spaces or commas between; openid is required"},
    {CONNECTION(pkce), .parse = setting_choice, .words = pkce_words, .fallback = "auto",
     .help = "auto: when the identity provider lists S256"},
    {CONNECTION(ca_file), .parse = setting_path,
     .help = "PEM file of the authorities to trust instead of the system's"},
    {CONNECTION(signing_algs), .parse = setting_algs, .fallback = "RS256 ES256 PS256 EdDSA",
     .help = "algorithms an ID token may be signed with"},
    {CONNECTION(extra_audiences), .parse = setting_words, .fallback = "",
     .help = "audiences that an ID token may have besides client_id; spaces or commas between"},
    {CONNECTION(display_name), .aliases = {"sign_in_button_label"}, .parse = setting_display_name,
     .fallback = "Sign in with Corporate Account", .help = "what the person sees"},
    {CONNECTION(services), .parse = setting_services, .required = true,
     .help = "PAM services it serves; naming sshd is the opt-in for remote use; empty: none"},
    {CONNECTION(username_claim), .parse = setting_claim, .fallback = "preferred_username",
     .help = "claim that holds the member's name; dots lead into objects"},
    {CONNECTION(username_regex), .parse = setting_regex,
     .help = "POSIX extended expression over the whole claim; group 1 is the name"},
    {CONNECTION(name_claim), .parse = setting_claim, .fallback = "name",
     .help = "claim that holds the full name"},
    {CONNECTION(email_claim), .parse = setting_claim, .fallback = "email",
     .help = "claim that holds the e-mail"},
    {CONNECTION(groups_claim), .parse = setting_claim, .fallback = "groups",
     .help = "claim that holds the groups"},
    {CONNECTION(userinfo), .parse = setting_choice, .words = userinfo_words, .fallback = "auto",
     .help = "auto: asked only when a claim is missing in the ID token"},
    {CONNECTION(allowed_users), .parse = setting_words, .fallback = "",
     .help = "who may enter: subjects, usernames or verified e-mails; spaces or commas between"},
    {CONNECTION(allowed_groups), .parse = setting_comma_list, .fallback = "",
     .help = "groups that may enter; commas between, for names may hold spaces"},
    {CONNECTION(allowed_email_domains), .parse = setting_domains, .fallback = "",
     .help = "whole domains of verified e-mails that may enter; spaces or commas between"},
    {CONNECTION(allow_all), .parse = setting_yes_no, .fallback = "no",
     .help = "yes: everyone whom the identity provider signs in may enter"},
    {CONNECTION(create_users), .parse = setting_yes_no, .fallback = "no",
     .help = "yes: an unknown person who may enter becomes a member"},

    {.section = SECTION_MEMBERS,
     .key = "uid_range",
     .offset = offsetof(struct members_settings, id_min),
     .parse = setting_id_range,
     .fallback = DIGITS(FD_MEMBER_ID_MIN) "-" DIGITS(FD_MEMBER_ID_MAX),
     .help = "ids given to members: FIRST-LAST; may only narrow the range built in"},
    {MEMBERS(home_base), .parse = setting_home_base, .fallback = "/home",
     .help = "folder of the members' homes"},
    {MEMBERS(shell), .parse = setting_shell, .fallback = "/bin/bash", .help = "the members' shell"},

    {MACHINE(name), .parse = setting_text,
     .help = "what this machine is called on screen (default: its host name)"},
    {MACHINE(location), .parse = setting_text, .help = "where it stands"},
    {MACHINE(language), .parse = setting_text, .fallback = "en",
     .help = "language of the texts where the host names none"},

    {LIMITS(sign_ins), .parse = setting_number, .min = 1, .max = 10000, .fallback = "500",
     .help = "sign-ins at the same time"},
    {LIMITS(sign_ins_per_user), .parse = setting_number, .min = 1, .max = 10000, .fallback = "3",
     .help = "of these for one user name"},
    {LIMITS(sign_ins_per_host), .parse = setting_number, .min = 1, .max = 10000, .fallback = "20",
     .help = "of these from one remote host"},

    {SERVICE(connection), .parse = setting_connection_name,
     .help = "chooses among the connections enabled for it"},
    {SERVICE(prompt), .parse = setting_choice, .words = prompt_words, .fallback = "auto",
     .help = "enter: wait for the key; none: go on by itself"},
    {SERVICE(qr), .parse = setting_choice, .words = qr_words, .fallback = "auto",
     .help = "form of the QR code"},
    {SERVICE(timeout), .parse = setting_seconds, .max = 3600, .fallback = "0",
     .help = "seconds, with or without an s behind; 0: as long as the code lives (sshd 110, login 55 by "
             "default)"},
    {SERVICE(first_sign_in), .parse = setting_choice, .words = first_sign_in_words, .fallback = "refuse",
     .help = "over ssh, an unknown person is refused, or made a member and told to connect again"},
};

static const char *const section_names[SECTION_COUNT] = {
    [SECTION_CONNECTION] = "connection", [SECTION_MEMBERS] = "members", [SECTION_MACHINE] = "machine",
    [SECTION_LIMITS] = "limits",         [SECTION_SERVICE] = "service",
};

#define SETTINGS_COUNT (sizeof settings / sizeof settings[0])
_Static_assert(SETTINGS_COUNT <= SETTINGS_MAX, "room for a mark per row");

const struct setting *settings_at(size_t i)
{
    return i < SETTINGS_COUNT ? &settings[i] : NULL;
}

/* The key first (which 0), then its aliases; NULL beyond the last. */
static const char *name_at(const struct setting *setting, size_t which)
{
    if (which == 0)
        return setting->key;
    return which <= sizeof setting->aliases / sizeof setting->aliases[0] ? setting->aliases[which - 1] : NULL;
}

const struct setting *settings_find(enum setting_section section, const char *name, size_t *ret_index)
{
    for (size_t i = 0; i < SETTINGS_COUNT; i++) {
        const char *known;

        if (settings[i].section != section)
            continue;
        for (size_t which = 0; (known = name_at(&settings[i], which)) != NULL; which++) {
            if (strcmp(known, name) != 0)
                continue;
            if (ret_index)
                *ret_index = i;
            return &settings[i];
        }
    }
    return NULL;
}

/* Insertions, deletions, replacements and swaps of neighbours that lead from a to b. */
static size_t distance(const char *a, const char *b)
{
    size_t rows[3][SETTING_KEY_MAX + 1];
    const size_t a_length = strlen(a), b_length = strlen(b);

    if (a_length > SETTING_KEY_MAX || b_length > SETTING_KEY_MAX)
        return SIZE_MAX;
    for (size_t j = 0; j <= b_length; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t *now = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];

        now[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t best = above[j - 1] + (a[i - 1] != b[j - 1]);

            if (above[j] + 1 < best)
                best = above[j] + 1;
            if (now[j - 1] + 1 < best)
                best = now[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && two_above[j - 2] + 1 < best)
                best = two_above[j - 2] + 1;
            now[j] = best;
        }
    }
    return rows[a_length % 3][b_length];
}

/* Keeps the nearer of two; a name that shares less than about two thirds is no suggestion. */
static void consider(const char *candidate, const char *name, const char **best, size_t *best_distance)
{
    const size_t far = distance(name, candidate);
    const size_t limit = strlen(candidate) < 6 ? 2 : strlen(candidate) / 3;

    if (far <= limit && far < *best_distance) {
        *best = candidate;
        *best_distance = far;
    }
}

const char *settings_nearest(enum setting_section section, const char *name)
{
    const char *best = NULL;
    size_t best_distance = SIZE_MAX;

    for (size_t i = 0; i < SETTINGS_COUNT; i++) {
        const char *known;

        if (settings[i].section != section)
            continue;
        for (size_t which = 0; (known = name_at(&settings[i], which)) != NULL; which++)
            consider(known, name, &best, &best_distance);
    }
    return best;
}

bool settings_section(const char *name, enum setting_section *ret_section)
{
    for (int i = 0; i < SECTION_COUNT; i++)
        if (strcmp(section_names[i], name) == 0) {
            *ret_section = (enum setting_section)i;
            return true;
        }
    return false;
}

const char *settings_section_name(enum setting_section section)
{
    return section_names[section];
}

const char *settings_nearest_section(const char *name)
{
    const char *best = NULL;
    size_t best_distance = SIZE_MAX;

    for (int i = 0; i < SECTION_COUNT; i++)
        consider(section_names[i], name, &best, &best_distance);
    return best;
}

bool settings_defaults(enum setting_section section, void *record)
{
    for (size_t i = 0; i < SETTINGS_COUNT; i++) {
        const struct setting *setting = &settings[i];
        char *why = NULL;

        /* A required list is still a list while its key is missing. */
        if (setting->section != section || (!setting->fallback && setting->parse != setting_services))
            continue;
        if (!setting->parse(setting, setting->fallback ? setting->fallback : "",
                            (char *)record + setting->offset, &why))
            return false;
    }
    return true;
}
