/* SPDX-License-Identifier: BSD-2-Clause */
/* A folder of PAM files for the tests that read stacks: includes what cmocka wants. */
#ifndef TESTS_UNIT_PAM_ROOM_H
#define TESTS_UNIT_PAM_ROOM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/check/pam_stack.h"

struct room {
    char folder[64];
    const char *folders[2];
};

static inline int set_up(void **state)
{
    struct room *room = calloc(1, sizeof *room);

    (void)snprintf(room->folder, sizeof room->folder, "/tmp/frontdesk-test-XXXXXX");
    assert_non_null(mkdtemp(room->folder));
    room->folders[0] = room->folder;
    *state = room;
    return 0;
}

static const char *const file_names[] = {"service", "common-auth", "other", "loop", NULL};

static inline void remove_files(const struct room *room)
{
    char path[128];

    for (const char *const *name = file_names; *name; name++) {
        (void)snprintf(path, sizeof path, "%s/%s", room->folder, *name);
        (void)unlink(path);
    }
}

static inline int tear_down(void **state)
{
    struct room *room = *state;

    remove_files(room);
    (void)rmdir(room->folder);
    free(room);
    return 0;
}

static inline void put(const struct room *room, const char *name, const char *text)
{
    char path[128];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s", room->folder, name);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static inline struct pam_stack *read_stack(const struct room *room, enum pam_type type)
{
    char *why = NULL;
    struct pam_stack *stack = pam_stack_read(room->folders, "service", type, &why);

    if (why)
        print_message("# %s\n", why);
    assert_non_null(stack);
    return stack;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
