/* SPDX-License-Identifier: BSD-2-Clause */
/* What libpam's dispatcher makes of lines and answers (pam.conf(5)). The reader is in pam_stack_read.c. */
#include "cli/check/pam_stack.h"

#include <stdlib.h>
#include <string.h>

enum impression { UNDECIDED, POSITIVE, NEGATIVE };

struct state {
    enum impression impression;
    enum pam_outcome status; /* while POSITIVE */
};

/* The last line of what starts at `at`: a substack's place has its lines behind it. */
static size_t end_of(const struct pam_stack *stack, size_t at)
{
    const unsigned level = stack->lines[at].level;

    while (at + 1 < stack->count && stack->lines[at + 1].level > level)
        at++;
    return at;
}

/* The last line of this level and deeper ones: a decision skips them. */
static size_t end_of_level(const struct pam_stack *stack, size_t at)
{
    const unsigned level = stack->lines[at].level;

    while (at + 1 < stack->count && stack->lines[at + 1].level >= level)
        at++;
    return at;
}

/* The line that a jump ends on; jumping beyond the level's end is a failure. */
static size_t jump(const struct pam_stack *stack, size_t at, int over, struct state *state)
{
    const unsigned level = stack->lines[at].level;

    while (over > 0 && at + 1 < stack->count && stack->lines[at + 1].level >= level) {
        at = end_of(stack, at + 1);
        over--;
    }
    if (over > 0)
        state->impression = NEGATIVE;
    return at;
}

static void agree(struct state *state, enum pam_outcome outcome)
{
    const bool open = state->impression == UNDECIDED ||
                      (state->impression == POSITIVE && state->status == PAM_OUTCOME_SUCCESS);

    if (open)
        *state = (struct state){.impression = POSITIVE, .status = outcome};
}

/* The line after which it goes on. */
static size_t act(const struct pam_stack *stack, size_t at, enum pam_outcome outcome, struct state states[])
{
    const struct pam_line *line = &stack->lines[at];
    const int action = line->actions[outcome];
    struct state *state = &states[PAM_INCLUDE_DEPTH_MAX + 1];

    switch (action) {
    case PAM_ACTION_IGNORE:
        return at;
    case PAM_ACTION_OK:
    case PAM_ACTION_DONE:
        agree(state, outcome);
        return action == PAM_ACTION_DONE && state->impression == POSITIVE ? end_of_level(stack, at) : at;
    case PAM_ACTION_BAD:
    case PAM_ACTION_DIE:
        state->impression = NEGATIVE;
        return action == PAM_ACTION_DIE ? end_of_level(stack, at) : at;
    case PAM_ACTION_RESET:
        *state = states[line->level];
        return at;
    default:
        return jump(stack, at, action, state);
    }
}

bool pam_stack_run(const struct pam_stack *stack,
                   enum pam_outcome (*module)(void *context, const struct pam_line *line), void *context)
{
    /* The last one is now; the others are what was when each level was entered. */
    struct state states[PAM_INCLUDE_DEPTH_MAX + 2] = {0};
    const struct state *now = &states[PAM_INCLUDE_DEPTH_MAX + 1];
    unsigned level = 0;

    for (size_t at = 0; at < stack->count; at++) {
        const struct pam_line *line = &stack->lines[at];

        if (line->level > level)
            states[line->level] = *now;
        level = line->level;
        if (line->module)
            at = act(stack, at, module(context, line), states);
    }
    return now->impression == POSITIVE && now->status == PAM_OUTCOME_SUCCESS;
}

const struct pam_line *pam_stack_line(const struct pam_stack *stack, const char *module)
{
    for (size_t i = 0; i < stack->count; i++)
        if (stack->lines[i].module && strcmp(stack->lines[i].module, module) == 0)
            return &stack->lines[i];
    return NULL;
}

const char *pam_line_argument(const struct pam_line *line, const char *name)
{
    const size_t length = strlen(name);

    for (char **argument = line->arguments; *argument; argument++)
        if (strncmp(*argument, name, length) == 0)
            return *argument + length;
    return NULL;
}

void pam_stack_free(struct pam_stack *stack)
{
    if (!stack)
        return;
    for (size_t i = 0; i < stack->count; i++) {
        struct pam_line *line = &stack->lines[i];

        for (char **argument = line->arguments; argument && *argument; argument++)
            free(*argument);
        free(line->arguments);
        free(line->module);
        free(line->file);
    }
    free(stack->lines);
    free(stack->file);
    free(stack);
}
