/* SPDX-License-Identifier: BSD-2-Clause */
/* A numbered list of labels, and a number back: nothing else is understood. */
#include "session/session_choice.h"

#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "clock.h"
#include "sockets.h"

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

/* The question as text; malloc'd. */
static enum reason print_choice(const struct choice *choice, size_t count, char **ret_text)
{
    AUTO_FREE const char **labels = calloc(count + 1, sizeof *labels);
    char *text;

    if (!labels)
        return REASON_INTERNAL;
    for (size_t i = 0; i < count; i++) {
        const struct connection *connection = config_connection(choice->config, choice->names[i]);

        if (!connection)
            return REASON_CONNECTION_UNKNOWN;
        labels[i] = connection->display_name;
    }
    text = display_choice(choice->place, labels, count);
    if (!text)
        return REASON_INTERNAL;
    *ret_text = text;
    return REASON_OK;
}

static enum reason no_answer(const struct talk *talk, int64_t deadline_ms)
{
    if (socket_is_hung_up(talk->module))
        return REASON_CANCELLED;
    return boottime_ms() >= deadline_ms ? REASON_TIMEOUT : REASON_PROTOCOL;
}

enum reason choice_make(struct talk *talk, const struct choice *choice, const char **ret_name)
{
    char answer[PROTOCOL_ANSWER_MAX + 1];
    AUTO_FREE char *text = NULL;
    size_t count = 0, number;
    enum reason reason;

    while (choice->names[count])
        count++;
    reason = print_choice(choice, count, &text);
    if (reason != REASON_OK)
        return reason;
    for (unsigned i = 0; i < CHOICE_TRIES; i++) {
        if (!talk_ask(talk, true, text))
            return REASON_CANNOT_SHOW;
        if (!talk_answer(talk, choice->deadline_ms, answer))
            return no_answer(talk, choice->deadline_ms);
        number = number_of(answer, count);
        if (number > 0) {
            *ret_name = choice->names[number - 1];
            return REASON_OK;
        }
    }
    return REASON_CANCELLED;
}
