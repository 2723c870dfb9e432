/* SPDX-License-Identifier: BSD-2-Clause */
/* Settings that are one value: each is judged when it is read, so nothing bad is met later, during a sign-in.
 */
#include "config/settings.h"

#include <ctype.h>
#include <regex.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "config/config.h"
#include "config/nearest.h"
#include "connection/presets.h"
#include "frontdesk/ids.h"
#include "frontdesk/member_index.h"
#include "frontdesk/member_text.h"

char *setting_sentence(const char *format, ...)
{
    va_list arguments;
    char *sentence;

    va_start(arguments, format);
    if (vasprintf(&sentence, format, arguments) < 0)
        sentence = NULL;
    va_end(arguments);
    return sentence;
}

bool setting_store_text(const char *value, size_t length, void *field, char **ret_why)
{
    char **text = field, *copy = strndup(value, length);

    if (!copy) {
        *ret_why = NULL;
        return false;
    }
    free(*text);
    *text = copy;
    return true;
}

bool setting_yes_no(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    const bool yes = strcmp(value, "yes") == 0;

    (void)setting;
    if (!yes && strcmp(value, "no") != 0) {
        *ret_why = setting_sentence("`%s` is neither `yes` nor `no`", value);
        return false;
    }
    *(bool *)field = yes;
    return true;
}

bool setting_choice(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    char words[128] = "";

    for (const struct setting_word *word = setting->words; word->word; word++) {
        const size_t used = strlen(words);

        if (strcmp(word->word, value) == 0) {
            /* Every enum of this table is a plain one: an unsigned int to this compiler. */
            *(unsigned *)field = (unsigned)word->value;
            return true;
        }
        (void)snprintf(words + used, sizeof words - used, "%s%s", used ? ", " : "", word->word);
    }
    *ret_why = setting_sentence("`%s` is none of %s", value, words);
    return false;
}
_Static_assert(sizeof(enum pkce) == sizeof(unsigned), "setting_choice writes an unsigned int");

/* Decimal digits only; leaves *end behind them. */
static bool read_number(const char *text, const char **ret_end, uint32_t *ret_number)
{
    uint64_t number = 0;
    const char *at = text;

    for (; isdigit((unsigned char)*at); at++) {
        number = number * 10 + (uint64_t)(*at - '0');
        if (number > UINT32_MAX)
            return false;
    }
    if (at == text)
        return false;
    *ret_end = at;
    *ret_number = (uint32_t)number;
    return true;
}

bool setting_number(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    const char *end;
    uint32_t number;

    if (!read_number(value, &end, &number) || *end != '\0' || number < setting->min ||
        number > setting->max) {
        *ret_why = setting_sentence("`%s` is no number from %u to %u", value, setting->min, setting->max);
        return false;
    }
    *(uint32_t *)field = number;
    return true;
}

/* What stands behind a number of a duration: "", "s", "m", "h" or "d"; 0: none of these. */
static uint32_t seconds_of_unit(const char *unit)
{
    static const struct {
        const char *unit;
        uint32_t seconds;
    } units[] = {{"", 1}, {"s", 1}, {"m", 60}, {"h", 60 * 60}, {"d", 24 * 60 * 60}};

    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(units[i].unit, unit) == 0)
            return units[i].seconds;
    return 0;
}

bool setting_seconds(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    const char *end;
    uint32_t number, unit = 0;

    if (read_number(value, &end, &number))
        unit = seconds_of_unit(end + strspn(end, " "));
    if (unit == 0 || number > setting->max / unit || number * unit < setting->min) {
        *ret_why =
            setting_sentence("`%s` is no time from %u to %u seconds (`110`, `110 s`, `2m`, `1h`, `90d`)",
                             value, setting->min, setting->max);
        return false;
    }
    *(uint32_t *)field = number * unit;
    return true;
}

/* What stands behind a number of bytes; 0: none of these. */
static uint32_t bytes_of_unit(const char *unit)
{
    static const struct {
        const char *unit;
        uint32_t bytes;
    } units[] = {{"", 1}, {"B", 1}, {"kB", 1000}, {"MB", 1000 * 1000}, {"GB", 1000 * 1000 * 1000}};

    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (strcmp(units[i].unit, unit) == 0)
            return units[i].bytes;
    return 0;
}

bool setting_size(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    const char *end;
    uint32_t number, unit = 0;

    if (read_number(value, &end, &number))
        unit = bytes_of_unit(end + strspn(end, " "));
    if (unit == 0 || number > setting->max / unit || number * unit < setting->min) {
        *ret_why = setting_sentence("`%s` is no size from %u to %u bytes (`500 kB`, `10 MB`, `1 GB`)", value,
                                    setting->min, setting->max);
        return false;
    }
    *(uint32_t *)field = number * unit;
    return true;
}

bool setting_umask(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    const size_t length = strlen(value);
    uint32_t mask = 0;

    (void)setting;
    for (size_t i = 0; i < length && i < 4; i++)
        mask = mask * 8 + (uint32_t)(value[i] - '0');
    if (length < 3 || length > 4 || strspn(value, "01234567") != length || mask > 0777) {
        *ret_why = setting_sentence("`%s` is no umask: three octal digits, as 077", value);
        return false;
    }
    *(uint32_t *)field = mask;
    return true;
}

bool setting_id_range(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    struct members_settings *members = (struct members_settings *)(void *)((char *)field - setting->offset);
    const char *end;
    uint32_t first, last;

    if (!read_number(value, &end, &first) || *end != '-' || !read_number(end + 1, &end, &last) ||
        *end != '\0' || first > last) {
        *ret_why = setting_sentence("`%s` is no range FIRST-LAST", value);
        return false;
    }
    if (!id_is_members(first) || !id_is_members(last)) {
        *ret_why = setting_sentence("`%s` goes beyond %d-%d, which is built in and may only be narrowed",
                                    value, FD_MEMBER_ID_MIN, FD_MEMBER_ID_MAX);
        return false;
    }
    members->id_min = first;
    members->id_max = last;
    return true;
}

bool setting_text(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    (void)setting;
    if (strlen(value) > SETTING_TEXT_MAX || !text_is_printable(value, strlen(value))) {
        *ret_why = setting_sentence("must be at most %d bytes of printable text", SETTING_TEXT_MAX);
        return false;
    }
    return setting_store_text(value, strlen(value), field, ret_why);
}

bool setting_path(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    if (value[0] != '/') {
        *ret_why = setting_sentence("`%s` is no absolute path", value);
        return false;
    }
    return setting_text(setting, value, field, ret_why);
}

/* Judged as the NSS module will judge what is made of it. */
bool setting_home_base(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    AUTO_FREE char *home = setting_sentence("%s/x", value);

    if (!home)
        return false;
    if (!home_is_valid(home, strlen(home), "x")) {
        *ret_why = setting_sentence("`%s` cannot hold homes: an absolute path in ASCII, outside of the "
                                    "system's own folders",
                                    value);
        return false;
    }
    return setting_text(setting, value, field, ret_why);
}

bool setting_shell(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    if (!shell_is_valid(value, strlen(value)) || strlen(value) > MEMBER_SHELL_MAX) {
        *ret_why = setting_sentence("`%s` is no absolute path in ASCII of at most %d bytes", value,
                                    MEMBER_SHELL_MAX);
        return false;
    }
    return setting_text(setting, value, field, ret_why);
}

bool setting_secret_file(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    if (value[0] != '/' && (strchr(value, '/') || value[0] == '.')) {
        /* Unquoted: whoever misunderstood the key typed the secret itself. */
        *ret_why = setting_sentence("is neither an absolute path nor the name of a systemd credential");
        return false;
    }
    return setting_text(setting, value, field, ret_why);
}

static bool is_printable_ascii(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text < 0x20 || *text > 0x7e)
            return false;
    return true;
}

bool setting_client_id(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    if (!is_printable_ascii(value)) {
        *ret_why = setting_sentence("holds a character that a client id cannot have (RFC 6749 appendix A.1)");
        return false;
    }
    return setting_text(setting, value, field, ret_why);
}

bool setting_regex(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    regex_t regex;
    char words[128];
    int error;

    (void)setting;
    if (strlen(value) > USERNAME_REGEX_MAX) {
        *ret_why = setting_sentence("longer than %d bytes", USERNAME_REGEX_MAX);
        return false;
    }
    error = regcomp(&regex, value, REG_EXTENDED);
    if (error != 0) {
        (void)regerror(error, &regex, words, sizeof words);
        *ret_why = setting_sentence("`%s` is no POSIX extended expression: %s", value, words);
        return false;
    }
    const size_t groups = regex.re_nsub;

    regfree(&regex);
    if (groups < 1) {
        *ret_why = setting_sentence("`%s` has no group ( ) for the name", value);
        return false;
    }
    return setting_store_text(value, strlen(value), field, ret_why);
}

bool setting_claim(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    (void)setting;
    if (strlen(value) > CLAIM_PATH_MAX || strpbrk(value, " \t")) {
        *ret_why = setting_sentence("`%s` is no path of a claim", value);
        return false;
    }
    return setting_store_text(value, strlen(value), field, ret_why);
}

bool setting_display_name(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    size_t characters = 0;

    (void)setting;
    for (const char *at = value; *at != '\0'; at++)
        characters += ((unsigned char)*at & 0xc0) != 0x80;
    if (characters > DISPLAY_NAME_MAX || !text_is_printable(value, strlen(value))) {
        *ret_why = setting_sentence("must be at most %d printable characters", DISPLAY_NAME_MAX);
        return false;
    }
    return setting_store_text(value, strlen(value), field, ret_why);
}

bool setting_connection_name(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    (void)setting;
    if (!connection_name_is_valid(value)) {
        *ret_why = setting_sentence("`%s` is no name of a connection ([a-z0-9][a-z0-9_-]*, at most %d)",
                                    value, CONNECTION_NAME_MAX);
        return false;
    }
    return setting_store_text(value, strlen(value), field, ret_why);
}

/* A local account that is not ours and never root. */
bool setting_local_user(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789_.-";
    const size_t length = strlen(value);

    (void)setting;
    if (strcmp(value, "root") == 0) {
        *ret_why = setting_sentence("it must not be root");
        return false;
    }
    if (length > LOCAL_NAME_MAX || strspn(value, alphabet) != length || strchr("0123456789.-", value[0])) {
        *ret_why = setting_sentence("`%s` is no name of a local account ([a-z_][a-z0-9_.-]*, at most %d)",
                                    value, LOCAL_NAME_MAX);
        return false;
    }
    return setting_store_text(value, length, field, ret_why);
}

bool setting_preset(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    const struct preset *preset = preset_find(value);
    struct nearest nearest = NEAREST_NONE;
    char names[256] = "";

    (void)setting;
    if (preset) {
        *(const struct preset **)field = preset;
        return true;
    }
    for (size_t i = 0; (preset = presets_at(i)) != NULL; i++) {
        const size_t used = strlen(names);

        nearest_consider(&nearest, preset->name, value);
        (void)snprintf(names + used, sizeof names - used, "%s%s", used ? ", " : "", preset->name);
    }
    *ret_why = nearest.best ? setting_sentence("`%s` is no preset; did you mean `%s`?", value, nearest.best)
                            : setting_sentence("`%s` is no preset; there are %s", value, names);
    return false;
}
