/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A stack is run with every combination of answers that its unknown modules could give, up to a few of them:
 * what one combination lets in is possible, and that is what an administrator has to know.
 */
#include "cli/check/stack_ways.h"

#include <stdlib.h>
#include <string.h>

#include "config/settings.h"

#define UNKNOWN_MAX 8

enum module_kind { KIND_OURS, KIND_PASSWORD, KIND_PERMIT, KIND_DENY, KIND_SILENT, KIND_UNKNOWN };

/*
 * Silent ones ask for no proof: they set up, delay, log, or turn away at the door. Some answer "ignore", some
 * "success" with the same meaning, and which of them may depend on their arguments: both are tried.
 */
static const struct {
    const char *module;
    enum module_kind kind;
} known[] = {
    {OUR_MODULE, KIND_OURS},
    {"pam_unix.so", KIND_PASSWORD},
    {"pam_unix_auth.so", KIND_PASSWORD},
    {"pam_sss.so", KIND_PASSWORD},
    {"pam_ldap.so", KIND_PASSWORD},
    {"pam_winbind.so", KIND_PASSWORD},
    {"pam_krb5.so", KIND_PASSWORD},
    {"pam_systemd_home.so", KIND_PASSWORD},
    {"pam_userdb.so", KIND_PASSWORD},
    {"pam_pwdfile.so", KIND_PASSWORD},
    {"pam_tcb.so", KIND_PASSWORD},
    {"pam_permit.so", KIND_PERMIT},
    {"pam_deny.so", KIND_DENY},
    {"pam_rootok.so", KIND_DENY}, /* only for who is root already */
    {"pam_cap.so", KIND_SILENT},
    {"pam_echo.so", KIND_SILENT},
    {"pam_ecryptfs.so", KIND_SILENT},
    {"pam_env.so", KIND_SILENT},
    {"pam_faildelay.so", KIND_SILENT},
    {"pam_gnome_keyring.so", KIND_SILENT},
    {"pam_group.so", KIND_SILENT},
    {"pam_issue.so", KIND_SILENT},
    {"pam_kwallet5.so", KIND_SILENT},
    {"pam_mount.so", KIND_SILENT},
    {"pam_nologin.so", KIND_SILENT},
    {"pam_securetty.so", KIND_SILENT},
    {"pam_selinux.so", KIND_SILENT},
    {"pam_shells.so", KIND_SILENT},
    {"pam_tally2.so", KIND_SILENT},
    {"pam_warn.so", KIND_SILENT},
};

static enum module_kind kind_of(const struct pam_line *line)
{
    /* One module in three places: before, after a failure, after a success. */
    if (strcmp(line->module, "pam_faillock.so") == 0) {
        for (char **argument = line->arguments; *argument; argument++)
            if (strcmp(*argument, "authfail") == 0 || strcmp(*argument, "authsucc") == 0)
                return (*argument)[4] == 'f' ? KIND_DENY : KIND_PERMIT;
        return KIND_SILENT;
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(line->module, known[i].module) == 0)
            return known[i].kind;
    return KIND_UNKNOWN;
}

#define SILENT_SAY_YES 1U /* of the bits of `unsaid`; the others are those of unknown lines */

/* One set of answers. */
struct scene {
    const struct pam_stack *stack;
    enum pam_outcome ours;
    bool local;      /* in place of `ours`: what each of our lines says of a local account */
    bool password;   /* is right */
    unsigned unsaid; /* what nobody can tell beforehand */
};

/* The bit of an unknown line. Those beyond the last one say what the last one says. */
static unsigned unknown_bit(const struct pam_stack *stack, const struct pam_line *wanted)
{
    unsigned index = 0;

    for (const struct pam_line *line = stack->lines; line < wanted; line++)
        index += line->module && kind_of(line) == KIND_UNKNOWN;
    return 2U << (index < UNKNOWN_MAX ? index : UNKNOWN_MAX - 1);
}

static enum pam_outcome answer(void *context, const struct pam_line *line)
{
    const struct scene *scene = context;
    bool yes = false;

    switch (kind_of(line)) {
    case KIND_OURS:
        if (!scene->local)
            return scene->ours;
        return stack_passwords_allowed(line) ? PAM_OUTCOME_IGNORE : PAM_OUTCOME_USER_UNKNOWN;
    case KIND_SILENT:
        return scene->unsaid & SILENT_SAY_YES ? PAM_OUTCOME_SUCCESS : PAM_OUTCOME_IGNORE;
    case KIND_PASSWORD:
        yes = scene->password;
        break;
    case KIND_PERMIT:
        yes = true;
        break;
    case KIND_UNKNOWN:
        yes = (scene->unsaid & unknown_bit(scene->stack, line)) != 0;
        break;
    case KIND_DENY:
        break;
    }
    return yes ? PAM_OUTCOME_SUCCESS : PAM_OUTCOME_AUTH_ERR;
}

static bool enters(struct scene scene, bool password, unsigned unsaid)
{
    scene.password = password;
    scene.unsaid = unsaid;
    return pam_stack_run(scene.stack, answer, &scene);
}

static unsigned combinations(const struct pam_stack *stack)
{
    unsigned count = 0;

    for (size_t i = 0; i < stack->count; i++)
        count += stack->lines[i].module && kind_of(&stack->lines[i]) == KIND_UNKNOWN;
    return 2U << (count < UNKNOWN_MAX ? count : UNKNOWN_MAX);
}

/* Is there a case in which the right password enters and the wrong one does not? */
static bool password_enters(const struct scene *scene)
{
    const unsigned end = combinations(scene->stack);

    for (unsigned unsaid = 0; unsaid < end; unsaid++)
        if (enters(*scene, true, unsaid) && !enters(*scene, false, unsaid))
            return true;
    return false;
}

/* ... in which the yes of one line enters without any password, and its no does not? */
static bool line_enters(const struct scene *scene, unsigned bit)
{
    const unsigned end = combinations(scene->stack);

    for (unsigned unsaid = 0; unsaid < end; unsaid++)
        if ((unsaid & bit) == 0 && enters(*scene, false, unsaid | bit) && !enters(*scene, false, unsaid))
            return true;
    return false;
}

static bool nothing_enters(const struct scene *scene)
{
    return enters(*scene, false, 0) || enters(*scene, false, SILENT_SAY_YES);
}

/* "a, b": each name once. False: no memory. */
static bool append(char **list, const char *name)
{
    const char *found = strstr(*list, name);
    const size_t length = strlen(name);
    char *longer;

    while (found && ((found > *list && found[-1] != ' ') || (found[length] != ',' && found[length] != '\0')))
        found = strstr(found + 1, name);
    if (found)
        return true;
    longer = setting_sentence("%s%s%s", *list, (*list)[0] ? ", " : "", name);
    if (!longer)
        return false;
    free(*list);
    *list = longer;
    return true;
}

/* What ours may answer to somebody whom it has not let in. */
#define REFUSAL_COUNT 3
static void list_refusals(const struct pam_stack *stack, struct scene ret_scenes[REFUSAL_COUNT])
{
    ret_scenes[0] = (struct scene){.stack = stack, .local = true};
    ret_scenes[1] = (struct scene){.stack = stack, .ours = PAM_OUTCOME_AUTH_ERR};
    ret_scenes[2] = (struct scene){.stack = stack, .ours = PAM_OUTCOME_AUTHINFO_UNAVAIL};
}

static bool name_modules(const struct pam_stack *stack, const struct scene scenes[REFUSAL_COUNT],
                         struct stack_ways *ways)
{
    for (size_t i = 0; i < stack->count; i++) {
        const struct pam_line *line = &stack->lines[i];
        const enum module_kind kind = line->module ? kind_of(line) : KIND_SILENT;
        bool lets_in = false;

        if (kind == KIND_PASSWORD && !append(&ways->passwords, line->module))
            return false;
        for (size_t at = 0; kind == KIND_UNKNOWN && at < REFUSAL_COUNT; at++)
            lets_in = lets_in || line_enters(&scenes[at], unknown_bit(stack, line));
        if (lets_in && !append(&ways->others, line->module))
            return false;
    }
    return true;
}

bool stack_passwords_allowed(const struct pam_line *ours)
{
    const char *value = pam_line_argument(ours, "password_login=");

    return value && strcmp(value, "allowed") == 0;
}

bool stack_ways_find(const struct pam_stack *auth, struct stack_ways *ret_ways)
{
    const struct pam_line *ours = pam_stack_line(auth, OUR_MODULE);
    const bool lets_break_glass = ours && pam_line_argument(ours, "break_glass=");
    const struct scene approved = {.stack = auth, .ours = PAM_OUTCOME_SUCCESS};
    const struct scene passed_on = {.stack = auth, .ours = PAM_OUTCOME_IGNORE};
    struct scene refused[REFUSAL_COUNT];
    struct stack_ways ways = {.passwords = strdup(""), .others = strdup("")};

    list_refusals(auth, refused);
    ways.sign_in = enters(approved, false, 0);
    ways.local_password = password_enters(&refused[0]);
    ways.password_after_deny = password_enters(&refused[1]);
    ways.password_while_down = password_enters(&refused[2]);
    ways.break_glass = password_enters(&passed_on);
    ways.nothing = lets_break_glass && nothing_enters(&passed_on);
    for (size_t i = 0; i < REFUSAL_COUNT; i++)
        ways.nothing = ways.nothing || nothing_enters(&refused[i]);
    if (!ways.passwords || !ways.others || !name_modules(auth, refused, &ways)) {
        stack_ways_clear(&ways);
        return false;
    }
    *ret_ways = ways;
    return true;
}

void stack_ways_clear(struct stack_ways *ways)
{
    free(ways->passwords);
    free(ways->others);
    *ways = (struct stack_ways){0};
}

struct account_scene {
    enum pam_outcome ours, others;
};

static enum pam_outcome account_answer(void *context, const struct pam_line *line)
{
    const struct account_scene *scene = context;
    const enum module_kind kind = kind_of(line);

    return kind == KIND_OURS ? scene->ours : kind == KIND_PERMIT ? PAM_OUTCOME_SUCCESS : scene->others;
}

bool stack_account_heeds(const struct pam_stack *account)
{
    static const enum pam_outcome ours[] = {PAM_OUTCOME_PERM_DENIED, PAM_OUTCOME_USER_UNKNOWN,
                                            PAM_OUTCOME_AUTHINFO_UNAVAIL};
    static const enum pam_outcome others[] = {PAM_OUTCOME_SUCCESS, PAM_OUTCOME_IGNORE,
                                              PAM_OUTCOME_USER_UNKNOWN, PAM_OUTCOME_PERM_DENIED};
    const size_t count = sizeof others / sizeof others[0];

    for (size_t i = 0; i < sizeof ours / sizeof ours[0] * count; i++) {
        struct account_scene scene = {.ours = ours[i / count], .others = others[i % count]};

        if (pam_stack_run(account, account_answer, &scene))
            return false;
    }
    return true;
}
