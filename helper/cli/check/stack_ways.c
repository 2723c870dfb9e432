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

/* Silent ones neither let in nor keep out by a proof: they set up, delay, log, or turn away at the door. */
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
    {"pam_selinux_permit.so", KIND_SILENT},
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

/* One set of answers. */
struct scene {
    const struct pam_stack *stack;
    enum pam_outcome ours;
    bool password;    /* is right */
    unsigned unknown; /* bit i: the i-th unknown line says yes */
};

/* Which unknown line is it? Those beyond the last bit say what the last one says. */
static unsigned unknown_index(const struct pam_stack *stack, const struct pam_line *wanted)
{
    unsigned index = 0;

    for (const struct pam_line *line = stack->lines; line < wanted; line++)
        index += line->module && kind_of(line) == KIND_UNKNOWN;
    return index < UNKNOWN_MAX ? index : UNKNOWN_MAX - 1;
}

static enum pam_outcome answer(void *context, const struct pam_line *line)
{
    const struct scene *scene = context;
    bool yes = false;

    switch (kind_of(line)) {
    case KIND_OURS:
        return scene->ours;
    case KIND_SILENT:
        return PAM_OUTCOME_IGNORE;
    case KIND_PASSWORD:
        yes = scene->password;
        break;
    case KIND_PERMIT:
        yes = true;
        break;
    case KIND_UNKNOWN:
        yes = scene->unknown >> unknown_index(scene->stack, line) & 1;
        break;
    case KIND_DENY:
        break;
    }
    return yes ? PAM_OUTCOME_SUCCESS : PAM_OUTCOME_AUTH_ERR;
}

static bool enters(const struct pam_stack *stack, enum pam_outcome ours, bool password, unsigned unknown)
{
    struct scene scene = {.stack = stack, .ours = ours, .password = password, .unknown = unknown};

    return pam_stack_run(stack, answer, &scene);
}

static unsigned combinations(const struct pam_stack *stack)
{
    unsigned count = 0;

    for (size_t i = 0; i < stack->count; i++)
        count += stack->lines[i].module && kind_of(&stack->lines[i]) == KIND_UNKNOWN;
    return 1U << (count < UNKNOWN_MAX ? count : UNKNOWN_MAX);
}

/* Is there a case in which the right password enters and the wrong one does not? */
static bool password_enters(const struct pam_stack *stack, enum pam_outcome ours)
{
    const unsigned end = combinations(stack);

    for (unsigned unknown = 0; unknown < end; unknown++)
        if (enters(stack, ours, true, unknown) && !enters(stack, ours, false, unknown))
            return true;
    return false;
}

/* "a, b": each name once. False: no memory. */
static bool append(char **list, const char *name)
{
    char *longer;

    if (strstr(*list, name))
        return true;
    longer = setting_sentence("%s%s%s", *list, (*list)[0] ? ", " : "", name);
    if (!longer)
        return false;
    free(*list);
    *list = longer;
    return true;
}

static bool name_modules(const struct pam_stack *stack, enum pam_outcome local, struct stack_ways *ways)
{
    for (size_t i = 0; i < stack->count; i++) {
        const struct pam_line *line = &stack->lines[i];
        const enum module_kind kind = line->module ? kind_of(line) : KIND_SILENT;

        if (kind == KIND_PASSWORD && !append(&ways->passwords, line->module))
            return false;
        if (kind == KIND_UNKNOWN && enters(stack, local, false, 1U << unknown_index(stack, line)) &&
            !append(&ways->others, line->module))
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
    const enum pam_outcome local =
        ours && !stack_passwords_allowed(ours) ? PAM_OUTCOME_USER_UNKNOWN : PAM_OUTCOME_IGNORE;
    struct stack_ways ways = {
        .sign_in = enters(auth, PAM_OUTCOME_SUCCESS, false, 0),
        .local_password = password_enters(auth, local),
        .password_after_deny = password_enters(auth, PAM_OUTCOME_AUTH_ERR),
        .break_glass = password_enters(auth, PAM_OUTCOME_IGNORE),
        .nothing = enters(auth, local, false, 0) || enters(auth, PAM_OUTCOME_AUTH_ERR, false, 0) ||
                   enters(auth, PAM_OUTCOME_AUTHINFO_UNAVAIL, false, 0),
        .passwords = strdup(""),
        .others = strdup(""),
    };

    if (!ways.passwords || !ways.others || !name_modules(auth, local, &ways)) {
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

static enum pam_outcome account_answer(void *context, const struct pam_line *line)
{
    (void)context;
    return kind_of(line) == KIND_OURS ? PAM_OUTCOME_AUTH_ERR : PAM_OUTCOME_SUCCESS;
}

bool stack_account_heeds(const struct pam_stack *account)
{
    return !pam_stack_run(account, account_answer, NULL);
}
