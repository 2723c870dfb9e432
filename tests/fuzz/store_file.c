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
#include "members/store_check_ins.h"
#include "members/store_events.h"

static bool look_at(void *context, const struct member *member)
{
    unsigned *seen = context;

    (void)strlen(member->name);
    return ++*seen < 100;
}

static bool look_at_check_in(void *context, const struct check_in *check_in)
{
    unsigned *seen = context;

    FUZZ_CHECK(check_in->is_open || check_in->out_at >= check_in->in_at);
    (void)strlen(check_in->location);
    return ++*seen < 100;
}

static void judge_check_ins(struct store *store)
{
    static const struct check_in_filter all = {0};
    struct hook_backlog backlog;
    struct hook_event event = {0};
    struct check_in check_in = {0};
    unsigned seen = 0;

    (void)store_each_check_in(store, &all, look_at_check_in, &seen);
    (void)store_check_in_find(store, 65536, "Berlin", &check_in);
    check_in_clear(&check_in);
    (void)store_event_next(store, &event);
    hook_event_clear(&event);
    (void)store_event_backlog(store, &backlog);
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
    judge_check_ins(store);
    if (store_begin(store) == STORE_OK) {
        if (store_next_id(store, 65536, 65540, &id) == STORE_OK)
            FUZZ_CHECK(id >= 65536 && id <= 65540);
        store_rollback(store);
    }
    FUZZ_CHECK(store_error(store));
}

/* One of each, in the caller's transaction. */
static bool add_check_in(struct store *store)
{
    char berlin[] = "Berlin", json[] = "{}";
    struct check_in check_in = {.member = 65536, .location = berlin, .in_at = 5};
    const struct hook_event event = {
        .event_id = "e-1", .kind = EVENT_KIND_CHECK_IN, .member = 65536, .json = json, .made_at = 5};

    return store_check_in_begin(store, &check_in) == STORE_OK && store_event_add(store, &event) == STORE_OK;
}

/* A store with members, a former name, a session, a check-in and an event, made once and kept in memory. */
static const uint8_t *sound_store(const char *state, size_t *ret_size)
{
    static uint8_t bytes[256 * 1024];
    static size_t size;
    char issuer[] = "https://idp.example", subject[] = "s-1", corp[] = "corp", home[] = "/home/ada",
         shell[] = "/bin/sh";
    const struct member ada = {.id = 65536,
                               .name = "ada",
                               .issuer = issuer,
                               .subject = subject,
                               .home = home,
                               .shell = shell,
                               .connection = corp,
                               .state = MEMBER_ACTIVE};
    const struct session_row session = {.ticket_hash = "00",
                                        .boot = corp,
                                        .user = corp,
                                        .issuer = issuer,
                                        .subject = subject,
                                        .connection = corp,
                                        .service = corp,
                                        .began_at = 5};
    struct store *store;
    FILE *file;

    if (size == 0) {
        store = store_open(state, &(char *){NULL});
        FUZZ_CHECK(store && store_begin(store) == STORE_OK && store_insert(store, &ada) == STORE_OK);
        FUZZ_CHECK(store_add_former_name(store, ada.id, "old") == STORE_OK);
        FUZZ_CHECK(add_check_in(store));
        FUZZ_CHECK(store_session_begin(store, &session) == STORE_OK && store_commit(store) == STORE_OK);
        store_close(store);
        file = fopen(fuzz_path("state/members.db"), "re");
        FUZZ_CHECK(file);
        size = fread(bytes, 1, sizeof bytes, file);
        FUZZ_CHECK(fclose(file) == 0 && size > 0 && size < sizeof bytes);
    }
    *ret_size = size;
    return bytes;
}

/* 'R': the rest is the file. Else changes to a sound one: three bytes say where, in shares of the file, and
 * one what to; 0xff there cuts it. */
static const char *make_file(const char *state, const uint8_t *data, size_t size, size_t *ret_size)
{
    static uint8_t changed[256 * 1024];
    size_t length;

    if (size > 0 && data[0] == 'R') {
        *ret_size = size - 1;
        return fuzz_file("state/members.db", data + 1, size - 1);
    }
    memcpy(changed, sound_store(state, &length), sizeof changed);
    for (; size >= 4; data += 4, size -= 4) {
        const size_t at = ((size_t)data[0] << 16 | (size_t)data[1] << 8 | data[2]) % length;

        if (data[3] == 0xff)
            length = at > 0 ? at : 1;
        else
            changed[at] = data[3];
    }
    *ret_size = length;
    return fuzz_file("state/members.db", changed, length);
}

static void judge(const uint8_t *data, size_t size)
{
    char state[128], *why = NULL;
    struct store *store;
    struct stat status;
    size_t length;

    faults_pause();
    (void)snprintf(state, sizeof state, "%s", fuzz_path("state"));
    (void)mkdir(state, 0711);
    (void)unlink(fuzz_path("state/members.db-journal"));
    FUZZ_CHECK(chmod(make_file(state, data, size, &length), 0600) == 0);
    faults_resume();
    store = store_open(state, &why);
    FUZZ_CHECK(store || why || faults_fired());
    if (store) {
        fuzz_note_good();
        judge_open(store);
    } else { /* as it was: somebody may still mend it */
        faults_pause();
        FUZZ_CHECK(stat(fuzz_path("state/members.db"), &status) == 0 && (size_t)status.st_size == length);
        faults_resume();
    }
    free(why);
    store_close(store);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
