/* SPDX-License-Identifier: BSD-2-Clause */
/* An address, or a numbered list and a number back: nothing else is understood. */
#include "session/session_choice.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cleanup.h"

/* 1 to count; 0 for anything else. Spaces around the digits are the terminal's. */
static size_t number_of(const char *text, size_t count)
{
    const size_t start = strspn(text, " \t");
    const size_t digits = strspn(text + start, "0123456789");
    size_t number = 0;

    if (digits < 1 || digits > 3 || text[start + digits + strspn(text + start + digits, " \t\r")] != '\0')
        return 0;
    for (size_t i = 0; i < digits; i++)
        number = number * 10 + (size_t)(text[start + i] - '0');
    return number <= count ? number : 0;
}

static size_t count_of(char *const *names)
{
    size_t count = 0;

    while (names[count])
        count++;
    return count;
}

/* Asks until one of the numbers comes back. text NULL: there was no memory for it. */
static enum reason ask_number(struct talk *talk, const struct choice *choice, const char *text,
                              const char **ret_name)
{
    const size_t count = count_of(choice->names);
    char answer[PROTOCOL_ANSWER_MAX + 1];

    if (!text)
        return REASON_INTERNAL;
    for (unsigned i = 0; i < CHOICE_TRIES; i++) {
        size_t number;

        if (!talk_ask(talk, true, text))
            return REASON_CANNOT_SHOW;
        if (!talk_answer(talk, choice->deadline_ms, answer))
            return talk_no_answer(talk, choice->deadline_ms);
        number = number_of(answer, count);
        if (number > 0) {
            *ret_name = choice->names[number - 1];
            return REASON_OK;
        }
    }
    return REASON_CANCELLED;
}

static enum reason choose_by_label(struct talk *talk, const struct choice *choice, const char **ret_name)
{
    const size_t count = count_of(choice->names);
    AUTO_FREE const char **labels = calloc(count + 1, sizeof *labels);
    AUTO_FREE char *text = NULL;

    if (!labels)
        return REASON_INTERNAL;
    for (size_t i = 0; i < count; i++) {
        const struct connection *connection = config_connection(choice->config, choice->names[i]);

        if (!connection)
            return REASON_CONNECTION_UNKNOWN;
        labels[i] = connection->display_name;
    }
    text = display_choice(choice->place, labels, count);
    return ask_number(talk, choice, text, ret_name);
}

static bool routes_by_email(const struct choice *choice)
{
    if (choice->place->user[0] != '\0')
        return false;
    for (char *const *name = choice->names; *name; name++) {
        const struct connection *connection = config_connection(choice->config, *name);

        if (connection && connection->domain_aliases[0])
            return true;
    }
    return false;
}

/* The domain of what looks like an address, in place; NULL: it is none. */
static const char *domain_of(char *answer)
{
    char *at = strrchr(answer, '@'), *end;

    if (!at || at == answer)
        return NULL;
    for (end = at + strlen(at); end > at + 1 && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r');)
        *--end = '\0';
    return at[1] != '\0' ? at + 1 : NULL;
}

static bool has_domain(const struct connection *connection, const char *domain)
{
    for (char *const *alias = connection->domain_aliases; *alias; alias++)
        if (strcasecmp(*alias, domain) == 0)
            return true;
    return false;
}

/* The one connection whose people have this domain, or NULL. */
static const char *routed(const struct choice *choice, const char *domain)
{
    const char *found = NULL;

    for (char *const *name = choice->names; domain && *name; name++) {
        const struct connection *connection = config_connection(choice->config, *name);

        if (!connection || !has_domain(connection, domain))
            continue;
        if (found)
            return NULL;
        found = *name;
    }
    return found;
}

/* REASON_OK and *ret_name NULL: the address decides nothing. */
static enum reason choose_by_email(struct talk *talk, const struct choice *choice, const char **ret_name)
{
    AUTO_FREE char *text = display_email_question();
    char answer[PROTOCOL_ANSWER_MAX + 1];

    if (!text)
        return REASON_INTERNAL;
    if (!talk_ask(talk, true, text))
        return REASON_CANNOT_SHOW;
    if (!talk_answer(talk, choice->deadline_ms, answer))
        return talk_no_answer(talk, choice->deadline_ms);
    *ret_name = routed(choice, domain_of(answer));
    return REASON_OK;
}

enum reason choice_make(struct talk *talk, const struct choice *choice, const char **ret_name)
{
    const char *name = NULL;
    const enum reason reason = routes_by_email(choice) ? choose_by_email(talk, choice, &name) : REASON_OK;

    if (reason != REASON_OK)
        return reason;
    if (!name)
        return choose_by_label(talk, choice, ret_name);
    *ret_name = name;
    return REASON_OK;
}

enum reason choice_of_user(struct talk *talk, const struct choice *choice, const char **ret_name)
{
    const char *const *names = (const char *const *)choice->names;
    AUTO_FREE char *text = display_users(choice->place, names, count_of(choice->names));

    /* Over ssh the prompt with the code may still be open. */
    if (!talk_settle(talk, choice->deadline_ms))
        return talk_no_answer(talk, choice->deadline_ms);
    return ask_number(talk, choice, text, ret_name);
}
