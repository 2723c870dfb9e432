/* SPDX-License-Identifier: BSD-2-Clause */
/* A forged index: whatever the bytes, the NSS reader gives only members' ids, names by the grammar, safe
 * homes. */
#include "../../nss_module/index_reader.h"

#include <string.h>

#include "frontdesk/member_text.h"
#include "fuzz/lib/fuzz.h"

static void judge_member(const struct index_member *member)
{
    FUZZ_CHECK(id_is_members(member->id) && member->id >= FD_MEMBER_ID_MIN && member->id <= FD_MEMBER_ID_MAX);
    FUZZ_CHECK(member_name_is_valid(member->name, strlen(member->name)) &&
               !member_name_is_reserved(member->name));
    FUZZ_CHECK(gecos_is_valid(member->full_name, strlen(member->full_name)));
    FUZZ_CHECK(home_is_valid(member->home, strlen(member->home), member->name));
    FUZZ_CHECK(shell_is_valid(member->shell, strlen(member->shell)));
    FUZZ_CHECK(!strpbrk(member->full_name, ":\n") && !strpbrk(member->home, ":\n") &&
               !strpbrk(member->shell, ":\n"));
}

static void judge_name(const char *path, const char *name)
{
    struct index_member member = {.id = 77}, again;
    char groups[MEMBER_GROUP_LIST_MAX + 1] = "untouched";

    if (index_find_name(path, name, &member) == INDEX_FOUND) {
        fuzz_note_good();
        judge_member(&member);
        FUZZ_CHECK(strcmp(member.name, name) == 0);
        if (index_find_id(path, member.id, &again) == INDEX_FOUND)
            judge_member(&again);
    } else {
        FUZZ_CHECK(member.id == 77 && member.name[0] == '\0');
    }
    if (index_find_groups(path, name, groups) != INDEX_FOUND)
        FUZZ_CHECK(strcmp(groups, "untouched") == 0);
    else
        FUZZ_CHECK(memchr(groups, '\0', sizeof groups));
}

static void judge_id(const char *path, uint32_t id)
{
    struct index_member member = {.id = 77};

    if (index_find_id(path, id, &member) != INDEX_FOUND) {
        FUZZ_CHECK(member.id == 77);
        return;
    }
    judge_member(&member);
    FUZZ_CHECK(member.id == id);
}

/* Besides a few names and ids, the first record's own: whatever the forger put there is asked for. */
static void judge(const uint8_t *data, size_t size)
{
    static const uint32_t ids[] = {0, 1, 1000, 65534, 65536, 65537, 65538, 70000, 99999, 100000, UINT32_MAX};
    static const char *const names[] = {
        "ada", "bob", "root", "", "a..b", "zoe", "eve-of-31-characters-is-allowed"};
    const char *path = fuzz_file("members", data, size);
    char name[MEMBER_NAME_MAX + 2] = "";

    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        judge_id(path, ids[i]);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        judge_name(path, names[i]);
    if (size >= sizeof(struct member_index_header) + sizeof(struct member_index_record)) {
        struct member_index_record record;

        memcpy(&record, data + sizeof(struct member_index_header), sizeof record);
        memcpy(name, record.name, sizeof record.name);
        judge_name(path, name);
        judge_id(path, record.id);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
