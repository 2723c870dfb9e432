/* SPDX-License-Identifier: BSD-2-Clause */
/* A store's file of any bytes: opened as it is, or refused with a sentence; never rebuilt, never a crash. */
#include "members/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frontdesk/member_name.h"
#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"

static bool look_at(void *context, const struct member *member)
{
    unsigned *seen = context;

    (void)strlen(member->name);
    return ++*seen < 100;
}

static void judge_open(struct store *store)
{
    struct member member = {0};
    struct session_row session = {0};
    uint64_t generation;
    uint32_t id = 0;
    unsigned seen = 0;

    (void)store_each(store, look_at, &seen);
    (void)store_generation(store, &generation);
    (void)store_by_name(store, "ada", &member);
    member_clear(&member);
    (void)store_by_identity(store, "https://idp.example", "s-1", &member);
    member_clear(&member);
    (void)store_session_find(store, "00", "boot", &session);
    session_row_clear(&session);
    if (store_begin(store) == STORE_OK) {
        if (store_next_id(store, 65536, 65540, &id) == STORE_OK)
            FUZZ_CHECK(id >= 65536 && id <= 65540);
        store_rollback(store);
    }
    FUZZ_CHECK(store_error(store));
}

static void judge(const uint8_t *data, size_t size)
{
    char state[128], *why = NULL;
    struct store *store;
    struct stat status;
    const char *path;

    faults_pause();
    (void)snprintf(state, sizeof state, "%s", fuzz_path("state"));
    (void)mkdir(state, 0711);
    path = fuzz_file("state/members.db", data, size);
    FUZZ_CHECK(chmod(path, 0600) == 0);
    (void)unlink(fuzz_path("state/members.db-journal"));
    faults_resume();
    store = store_open(state, &why);
    FUZZ_CHECK(store || why || faults_fired());
    if (store)
        fuzz_note_good(), judge_open(store);
    else /* as it was: somebody may still mend it */
        FUZZ_CHECK(stat(fuzz_path("state/members.db"), &status) == 0 && (size_t)status.st_size == size);
    free(why);
    store_close(store);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
