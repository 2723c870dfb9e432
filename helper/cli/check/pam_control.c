/* SPDX-License-Identifier: BSD-2-Clause */
/* The second word of a PAM line: what is made of what a module answers. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cleanup.h"
#include "cli/check/pam_stack.h"

static bool parse_action(const char *word, int *ret_action)
{
    static const struct {
        const char *word;
        int action;
    } known[] = {{"ignore", PAM_ACTION_IGNORE}, {"ok", PAM_ACTION_OK},   {"done", PAM_ACTION_DONE},
                 {"bad", PAM_ACTION_BAD},       {"die", PAM_ACTION_DIE}, {"reset", PAM_ACTION_RESET}};
    char *end;
    const long number = strtol(word, &end, 10);

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcasecmp(word, known[i].word) == 0) {
            *ret_action = known[i].action;
            return true;
        }
    if (end == word || *end != '\0' || number < 0 || number > PAM_LINES_MAX)
        return false;
    *ret_action = (int)number;
    return true;
}

/* Outcomes that are not told apart here: their names are none the less right. */
static bool is_other_outcome(const char *name)
{
    static const char *const outcomes[] = {
        "open_err",
        "symbol_err",
        "service_err",
        "system_err",
        "buf_err",
        "maxtries",
        "cred_insufficient",
        "new_authtok_reqd",
        "acct_expired",
        "session_err",
        "cred_unavail",
        "cred_expired",
        "cred_err",
        "no_module_data",
        "conv_err",
        "authtok_err",
        "authtok_recover_err",
        "authtok_lock_busy",
        "authtok_disable_aging",
        "try_again",
        "abort",
        "authtok_expired",
        "module_unknown",
        "bad_item",
        "conv_again",
        "incomplete",
    };

    for (size_t i = 0; i < sizeof outcomes / sizeof outcomes[0]; i++)
        if (strcasecmp(name, outcomes[i]) == 0)
            return true;
    return false;
}

/* `name = value`, with or without spaces. NULL: no such pair; otherwise where the text goes on. */
static char *cut_pair(char *text, char **ret_name, char **ret_value)
{
    char *end;

    *ret_name = text;
    end = text += strcspn(text, " \t=");
    text += strspn(text, " \t");
    if (*text != '=')
        return NULL;
    text++;
    *end = '\0';
    *ret_value = text += strspn(text, " \t");
    text += strcspn(text, " \t");
    if (*text != '\0')
        *text++ = '\0';
    return text + strspn(text, " \t");
}

/* The first `default` is for all that no pair before it names; the last pair for an outcome counts. */
static bool parse_pairs(char *text, int actions[PAM_OUTCOME_COUNT])
{
    static const char *const outcomes[] = {
        [PAM_OUTCOME_SUCCESS] = "success",           [PAM_OUTCOME_IGNORE] = "ignore",
        [PAM_OUTCOME_AUTH_ERR] = "auth_err",         [PAM_OUTCOME_PERM_DENIED] = "perm_denied",
        [PAM_OUTCOME_USER_UNKNOWN] = "user_unknown", [PAM_OUTCOME_AUTHINFO_UNAVAIL] = "authinfo_unavail"};
    bool said[PAM_OUTCOME_COUNT] = {false}, fallback_said = false;
    int fallback = PAM_ACTION_BAD;

    for (text += strspn(text, " \t"); *text;) {
        char *name, *value;
        size_t i = 0;
        int action;

        text = cut_pair(text, &name, &value);
        if (!text || !parse_action(value, &action))
            return false;
        while (i < PAM_OUTCOME_COUNT && strcasecmp(name, outcomes[i]) != 0)
            i++;
        if (i < PAM_OUTCOME_COUNT) {
            actions[i] = action;
            said[i] = true;
        } else if (strcasecmp(name, "default") == 0) {
            fallback = fallback_said ? fallback : action;
            fallback_said = true;
        } else if (!is_other_outcome(name)) {
            return false;
        }
    }
    for (size_t i = 0; i < PAM_OUTCOME_COUNT; i++)
        if (!said[i])
            actions[i] = fallback;
    return true;
}

bool pam_control_parse(const char *control, int ret_actions[PAM_OUTCOME_COUNT])
{
    static const struct {
        const char *word, *pairs;
    } known[] = {
        {"required", "success=ok ignore=ignore default=bad"},
        {"requisite", "success=ok ignore=ignore default=die"},
        {"sufficient", "success=done default=ignore"},
        {"optional", "success=ok default=ignore"},
    };
    AUTO_FREE char *pairs = NULL;

    for (size_t i = 0; !pairs && i < sizeof known / sizeof known[0]; i++)
        if (strcasecmp(control, known[i].word) == 0)
            pairs = strdup(known[i].pairs);
    if (!pairs && strchr(control, '='))
        pairs = strdup(control);
    return pairs && parse_pairs(pairs, ret_actions);
}
