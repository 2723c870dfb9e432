/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads the PAM line. A word that is not understood is a fault, never passed over: it may have been a rule.
 */
#include "arguments.h"

#include <stddef.h>
#include <string.h>
#include <sys/un.h>

#include "frontdesk/paths.h"
#include "frontdesk/protocol.h"

static bool take_socket(struct arguments *arguments, const char *value)
{
    if (value[0] != '/' || strlen(value) >= sizeof((struct sockaddr_un *)0)->sun_path)
        return false;
    arguments->socket = value;
    return true;
}

static bool take_timeout(struct arguments *arguments, const char *value)
{
    unsigned seconds = 0;

    for (; *value >= '0' && *value <= '9'; value++) {
        seconds = seconds * 10 + (unsigned)(*value - '0');
        if (seconds > PROTOCOL_TIMEOUT_MAX_S)
            return false;
    }
    if (*value != '\0' || seconds == 0)
        return false;
    arguments->timeout_s = seconds;
    return true;
}

static bool take_connection(struct arguments *arguments, const char *value)
{
    if (strlen(value) > PROTOCOL_FIELD_MAX)
        return false;
    arguments->connection = value;
    return true;
}

static bool take_local_users(struct arguments *arguments, const char *value)
{
    arguments->local_users = value;
    return true;
}

static bool take_break_glass(struct arguments *arguments, const char *value)
{
    arguments->break_glass = value;
    return true;
}

static bool take_password_login(struct arguments *arguments, const char *value)
{
    arguments->passwords_allowed = strcmp(value, "allowed") == 0;
    return arguments->passwords_allowed || strcmp(value, "denied") == 0;
}

static bool take_debug(struct arguments *arguments, const char *value)
{
    arguments->debug = true;
    return value[0] == '\0';
}

/* A name that ends in '=' wants a value. */
static const struct argument {
    const char *name;
    bool (*take)(struct arguments *arguments, const char *value);
} known[] = {
    {"socket=", take_socket},
    {"timeout=", take_timeout},
    {"connection=", take_connection},
    {"local_users=", take_local_users},
    {"break_glass=", take_break_glass},
    {"password_login=", take_password_login},
    {"debug", take_debug},
};
#define KNOWN_COUNT (sizeof known / sizeof known[0])

/* The index of the argument that this word sets, with its value; KNOWN_COUNT: none. */
static size_t find_argument(const char *word, const char **ret_value)
{
    for (size_t i = 0; i < KNOWN_COUNT; i++) {
        const size_t n = strlen(known[i].name);

        if (strncmp(word, known[i].name, n) == 0) {
            *ret_value = word + n;
            return i;
        }
    }
    return KNOWN_COUNT;
}

static bool read_word(struct arguments *arguments, const char *word, unsigned *seen)
{
    const char *value = NULL;
    const size_t i = find_argument(word, &value);

    if (i == KNOWN_COUNT || (*seen & 1u << i))
        return false;
    *seen |= 1u << i;
    if (value[0] == '\0' && value[-1] == '=')
        return false;
    return known[i].take(arguments, value);
}

struct arguments arguments_read(int argc, const char **argv)
{
    struct arguments arguments = {.socket = FD_HELPER_SOCKET, .timeout_s = PROTOCOL_TIMEOUT_S};
    unsigned seen = 0;

    for (int i = 0; i < argc; i++)
        if (!read_word(&arguments, argv[i], &seen) && !arguments.fault)
            arguments.fault = argv[i];
    return arguments;
}

bool name_list_has(const char *list, const char *name)
{
    const size_t wanted = strlen(name);

    while (list && wanted > 0) {
        const char *comma = strchr(list, ',');
        const size_t n = comma ? (size_t)(comma - list) : strlen(list);

        if (n == wanted && memcmp(list, name, n) == 0)
            return true;
        list = comma ? comma + 1 : NULL;
    }
    return false;
}
