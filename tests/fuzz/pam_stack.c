/* SPDX-License-Identifier: BSD-2-Clause */
/* PAM lines as check reads them: a stack that is given can be run, and a circle ends. */
#include "cli/check/pam_stack.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"

static enum pam_outcome answer(void *context, const struct pam_line *line)
{
    unsigned *calls = context;

    FUZZ_CHECK(line->module && line->arguments && ++*calls <= PAM_LINES_MAX);
    return (enum pam_outcome)(strlen(line->module) % PAM_OUTCOME_COUNT);
}

static void judge_stack(const char *const *folders, enum pam_type type)
{
    char *why = NULL;
    struct pam_stack *stack = pam_stack_read(folders, "service", type, &why);
    unsigned calls = 0;

    FUZZ_CHECK(stack || why || faults_fired());
    if (stack) {
        fuzz_note_good();
        FUZZ_CHECK(stack->count <= PAM_LINES_MAX);
        (void)pam_stack_run(stack, answer, &calls);
        for (size_t i = 0; i < stack->count; i++)
            for (size_t k = 0; k < PAM_OUTCOME_COUNT; k++)
                FUZZ_CHECK(stack->lines[i].actions[k] >= PAM_ACTION_RESET);
        (void)pam_stack_line(stack, "pam_frontdesk.so");
        pam_stack_free(stack);
    }
    free(why);
}

/* The service's file, a form feed, and one that it may include (common-auth, which includes nothing else). */
static void judge(const uint8_t *data, size_t size)
{
    const uint8_t *feed = size > 0 ? memchr(data, '\f', size) : NULL;
    const size_t first = feed ? (size_t)(feed - data) : size;
    char *control = fuzz_text(data, first), *folder;
    const char *folders[] = {NULL, NULL};
    int actions[PAM_OUTCOME_COUNT];
    const char *path = fuzz_file("service", data, first);

    (void)fuzz_file("common-auth", feed ? feed + 1 : data, feed ? size - first - 1 : 0);
    folder = fuzz_text((const uint8_t *)path, (size_t)(strrchr(path, '/') - path));
    folders[0] = folder;
    for (enum pam_type type = PAM_TYPE_AUTH; type <= PAM_TYPE_SESSION; type++)
        judge_stack(folders, type);
    if (pam_control_parse(control, actions))
        for (size_t k = 0; k < PAM_OUTCOME_COUNT; k++)
            FUZZ_CHECK(actions[k] >= PAM_ACTION_RESET);
    free(control);
    free(folder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
