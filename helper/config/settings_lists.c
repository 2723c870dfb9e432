/* SPDX-License-Identifier: BSD-2-Clause */
/* Settings that are lists of words. */
#include "config/settings.h"

#include <stdlib.h>
#include <string.h>

#include "ascii.h"
#include "cleanup.h"
#include "connection/connection.h"

static bool no_memory(char **ret_why)
{
    *ret_why = NULL;
    return false;
}

static void cleanup_list(char ***list)
{
    list_free(*list);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Splits at any of `separators`; spaces around a word never belong to it, empty words do not count. */
static bool split(const char *value, const char *separators, char ***ret_list, char **ret_why)
{
    CLEANUP(cleanup_list) char **list = calloc(1, sizeof *list);
    size_t count = 0;

    if (!list)
        return no_memory(ret_why);
    while (*value != '\0') {
        size_t length = strcspn(value, separators), rest = length;
        const char *word = value;

        for (; length > 0 && is_blank(*word); word++)
            length--;
        while (length > 0 && is_blank(word[length - 1]))
            length--;
        if (length > 0) {
            if (count == SETTING_LIST_MAX)
                return *ret_why = setting_sentence("more than %d words", SETTING_LIST_MAX), false;
            char **longer = realloc(list, (count + 2) * sizeof *list);

            if (!longer)
                return no_memory(ret_why);
            list = longer;
            list[count + 1] = NULL;
            list[count] = strndup(word, length);
            if (!list[count++])
                return no_memory(ret_why);
        }
        value += rest + (value[rest] != '\0');
    }
    *ret_list = list;
    list = NULL;
    return true;
}

static void replace(void *field, char **list)
{
    char ***list_field = field;

    list_free(*list_field);
    *list_field = list;
}

/* A list whose every word `is_fine`, or "WORD is not ...". */
static bool split_checked(const char *value, bool (*is_fine)(const char *word), const char *what, void *field,
                          char **ret_why)
{
    CLEANUP(cleanup_list) char **list = NULL;

    if (!split(value, ", \t", &list, ret_why))
        return false;
    for (char **word = list; *word; word++)
        if (!is_fine(*word)) {
            *ret_why = setting_sentence("`%s` is not %s", *word, what);
            return false;
        }
    replace(field, list);
    list = NULL;
    return true;
}

static bool is_any(const char *word)
{
    (void)word;
    return true;
}

bool setting_words(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    (void)setting;
    return split_checked(value, is_any, "", field, ret_why);
}

bool setting_comma_list(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    char **list;

    (void)setting;
    if (!split(value, ",", &list, ret_why))
        return false;
    replace(field, list);
    return true;
}

/* RFC 6749 3.3: scope-token. */
static bool is_scope(const char *word)
{
    for (; *word != '\0'; word++)
        if (*word < 0x21 || *word > 0x7e || *word == '"' || *word == '\\')
            return false;
    return true;
}

bool setting_scopes(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    CLEANUP(cleanup_list) char **list = NULL;

    (void)setting;
    if (!split_checked(value, is_scope, "a scope", &list, ret_why))
        return false;
    if (!list_has(list, "openid")) {
        *ret_why = setting_sentence("`openid` must be one of them");
        return false;
    }
    replace(field, list);
    list = NULL;
    return true;
}

static bool is_alg(const char *word)
{
    static const char *const algs[] = {"RS256", "RS384", "RS512", "PS256", "PS384",   "PS512",
                                       "ES256", "ES384", "ES512", "EdDSA", "Ed25519", NULL};

    for (size_t i = 0; algs[i]; i++)
        if (strcmp(algs[i], word) == 0)
            return true;
    return false;
}

bool setting_algs(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    CLEANUP(cleanup_list) char **list = NULL;

    (void)setting;
    if (!split_checked(value, is_alg,
                       "allowed: RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA and "
                       "Ed25519 are",
                       &list, ret_why))
        return false;
    if (!list[0]) {
        *ret_why = setting_sentence("names no algorithm");
        return false;
    }
    replace(field, list);
    list = NULL;
    return true;
}

static bool has_only(const char *word, const char *punctuation)
{
    for (; *word != '\0'; word++)
        if (!ascii_is_alnum(*word) && !strchr(punctuation, *word))
            return false;
    return true;
}

static bool is_service(const char *word)
{
    return has_only(word, "_.-") && word[0] != '.';
}

bool setting_services(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    (void)setting;
    return split_checked(value, is_service, "the name of a PAM service", field, ret_why);
}

static bool is_domain(const char *word)
{
    const size_t length = strlen(word);

    return length <= 253 && has_only(word, ".-") && word[0] != '.' && word[length - 1] != '.';
}

static void to_lower(char **list)
{
    for (; *list; list++)
        for (char *at = *list; *at != '\0'; at++)
            *at = ascii_lower(*at);
}

bool setting_domain_aliases(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    char ***list = field;

    (void)setting;
    if (!split_checked(value, is_domain, "a domain (without @, without *)", field, ret_why))
        return false;
    to_lower(*list);
    return true;
}

static bool is_host(const char *word)
{
    return is_domain(word) || (word[0] == '[' && word[strlen(word) - 1] == ']' && has_only(word, "[:.]"));
}

bool setting_hosts(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    char ***list = field;

    (void)setting;
    if (!split_checked(value, is_host, "the name of a host (without https://, port and *)", field, ret_why))
        return false;
    to_lower(*list);
    return true;
}

static bool is_tenant(const char *word)
{
    return strlen(word) <= TENANT_MAX && has_only(word, ".-");
}

bool setting_tenants(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    (void)setting;
    return split_checked(value, is_tenant, "the id of a tenant", field, ret_why);
}

bool setting_domains(const struct setting *setting, const char *value, void *field, char **ret_why)
{
    (void)setting;
    return split_checked(value, is_domain, "a domain (without @, without *)", field, ret_why);
}
