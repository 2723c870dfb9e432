/* SPDX-License-Identifier: BSD-2-Clause */
/* All that is asked has to hold; what a record does not say never does. */
#include "cli/audit/audit_filter.h"

#include "cli/audit/audit_time.h"

static bool is_in_time(const struct audit_filter *filter, const struct json_value *record)
{
    const char *text = NULL;
    int64_t ms;

    if (!filter->has_since && !filter->has_until)
        return true;
    return json_string(json_get(record, "time"), &text, NULL) && audit_time_parse(text, &ms) &&
           (!filter->has_since || ms >= filter->since_ms) && (!filter->has_until || ms < filter->until_ms);
}

/* The person in clear, or their tag: of this time, or of when they were somebody's old identity. */
static bool is_about(const struct audit_filter *filter, const struct json_value *record)
{
    if (!filter->issuer)
        return true;
    if (filter->identity[0] != '\0' && json_string_is(json_get(record, "identity"), filter->identity))
        return true;
    return (json_string_is(json_get(record, "issuer"), filter->issuer) &&
            json_string_is(json_get(record, "subject"), filter->subject)) ||
           (json_string_is(json_get(record, "old_issuer"), filter->issuer) &&
            json_string_is(json_get(record, "old_subject"), filter->subject));
}

bool audit_filter_takes(const struct audit_filter *filter, const struct json_value *record)
{
    static const char *const members[AUDIT_WORDS][3] = {
        [AUDIT_USER] = {"user", "requested_user", NULL},
        [AUDIT_MEMBER] = {"member", "new_name", NULL},
        [AUDIT_CONNECTION] = {"connection", NULL},
        [AUDIT_SERVICE] = {"service", NULL},
        [AUDIT_VERDICT] = {"verdict", NULL},
        [AUDIT_REASON] = {"reason", NULL},
        [AUDIT_HOST] = {"rhost", NULL},
        [AUDIT_EVENT] = {"event", NULL},
    };

    for (unsigned word = 0; word < AUDIT_WORDS; word++) {
        bool found = !filter->words[word];

        for (const char *const *member = members[word]; !found && *member; member++)
            found = json_string_is(json_get(record, *member), filter->words[word]);
        if (!found)
            return false;
    }
    return is_in_time(filter, record) && is_about(filter, record);
}
