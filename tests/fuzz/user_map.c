/* SPDX-License-Identifier: BSD-2-Clause */
/* user_map_file: whom it opens an account to stands in it, and nobody gets root. */
#include "connection/user_map.h"

#include <stdlib.h>
#include <string.h>

#include "connection/connection.h"
#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"

struct named {
    const char *text;
    size_t size;
};

static bool judge_name(void *context, const char *name)
{
    const struct named *file = context;

    FUZZ_CHECK(name[0] != '\0' && strlen(name) <= 32 && strcmp(name, "root") != 0);
    FUZZ_CHECK(memmem(file->text, file->size, name, strlen(name)));
    FUZZ_CHECK(!strpbrk(name, " \t\n:/,="));
    return true;
}

static void judge(const uint8_t *data, size_t size)
{
    static const char *const subjects[] = {"s-1", "a=b", "", "sub:s-1"};
    struct named file = {(const char *)data, size};
    char *why = NULL;
    struct user_map *map = user_map_read(fuzz_file("users.map", data, size), &why);

    FUZZ_CHECK(map || why || faults_fired());
    FUZZ_CHECK(!map || !why);
    if (map)
        user_map_each_user(map, judge_name, &file);
    for (size_t i = 0; map && i < sizeof subjects / sizeof subjects[0]; i++) {
        char **users = user_map_users(map, subjects[i], i == 0 ? "ada@corp.example" : NULL);
        size_t count = 0;

        FUZZ_CHECK(users || faults_fired());
        while (users && users[count])
            FUZZ_CHECK(judge_name(&file, users[count++]));
        FUZZ_CHECK(count <= USER_MAP_USERS_MAX);
        if (count > 0)
            fuzz_note_good();
        if (count > 0)
            FUZZ_CHECK(memmem(data, size, subjects[i], strlen(subjects[i])) || i == 0);
        list_free(users);
    }
    user_map_free(map);
    free(why);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
