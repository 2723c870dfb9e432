/* SPDX-License-Identifier: BSD-2-Clause */
/* local-groups, the group file and a list from an index: only what root's two files agree on is given. */
#include "../../nss_module/local_groups.h"

#include <stdio.h>

#include <stdlib.h>
#include <string.h>

#include "frontdesk/ids.h"
#include "fuzz/lib/fuzz.h"

static void judge_gid(const char *allowed, const char *group, gid_t gid)
{
    char number[16];

    (void)snprintf(number, sizeof number, "%u", (unsigned)gid);
    FUZZ_CHECK(gid != 0 && !id_is_members(gid) && gid != 65534 && gid != 65535 && gid != (gid_t)-1);
    FUZZ_CHECK(strstr(group, number));
    FUZZ_CHECK(gid >= LOCAL_GROUP_GID_MIN || strchr(allowed, '!'));
}

/* Three texts, parted by form feeds. */
static void judge(const uint8_t *data, size_t size)
{
    char *parts[3];
    struct local_groups_files files;
    gid_t gids[MEMBER_GROUPS_MAX];
    size_t count;

    for (size_t i = 0; i < 3; i++) {
        const uint8_t *feed = size > 0 ? memchr(data, '\f', size) : NULL;
        const size_t length = feed ? (size_t)(feed - data) : size;

        parts[i] = fuzz_text(data, length);
        data += feed ? length + 1 : length;
        size -= feed ? length + 1 : length;
    }
    files.allowed = fuzz_file("local-groups", (const uint8_t *)parts[0], strlen(parts[0]));
    files.group = fuzz_file("group", (const uint8_t *)parts[1], strlen(parts[1]));
    count = local_groups_find(&files, parts[2], gids);
    if (count > 0)
        fuzz_note_good();
    FUZZ_CHECK(count <= MEMBER_GROUPS_MAX);
    for (size_t i = 0; i < count; i++)
        judge_gid(parts[0], parts[1], gids[i]);
    for (size_t i = 0; i < 3; i++)
        free(parts[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
