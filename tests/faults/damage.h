/* SPDX-License-Identifier: BSD-2-Clause */
/* A store with a bit of everything in it, as bytes to spoil, and what it says as text. */
#ifndef TESTS_FAULTS_DAMAGE_H
#define TESTS_FAULTS_DAMAGE_H

#include <fcntl.h>

#include "members/fixture.h"
#include "members/store_check_ins.h"
#include "members/store_events.h"

struct bytes {
    unsigned char *at;
    size_t size;
};

static inline void store_path(const struct desk *desk, char path[128])
{
    (void)snprintf(path, 128, "%s/%s", desk->state_dir, FD_STORE_NAME);
}

static inline struct bytes read_bytes(const char *path)
{
    struct bytes bytes = {0};
    struct stat status;
    int file = open(path, O_RDONLY | O_CLOEXEC);

    assert_true(file >= 0);
    assert_int_equal(fstat(file, &status), 0);
    bytes.size = (size_t)status.st_size;
    bytes.at = malloc(bytes.size + 1);
    assert_non_null(bytes.at);
    assert_int_equal(read(file, bytes.at, bytes.size), bytes.size);
    assert_int_equal(close(file), 0);
    return bytes;
}

/* Emptied first, it would have to be on the disk before it is closed: thousands of times, to no end. */
static inline void write_bytes(const char *path, const unsigned char *at, size_t size)
{
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    assert_true(file >= 0);
    assert_int_equal(write(file, at, size), size);
    assert_int_equal(ftruncate(file, (off_t)size), 0);
    assert_int_equal(close(file), 0);
}

static inline bool print_member(void *context, const struct member *member)
{
    (void)fprintf(context, "%u %s %s %s %s %s %s %s %s %s %s %d %lld %lld\n", member->id, member->name,
                  member->issuer ? member->issuer : "-", member->subject ? member->subject : "-",
                  member->connection ? member->connection : "-", member->full_name ? member->full_name : "-",
                  member->email ? member->email : "-", member->home, member->shell,
                  member->groups ? member->groups : "-", member_state_name(member->state),
                  member->email_verified, (long long)member->created_at, (long long)member->last_sign_in_at);
    return true;
}

static inline bool print_former_name(void *context, uint32_t id, const char *name)
{
    (void)fprintf(context, "%u was %s\n", id, name);
    return true;
}

static inline bool print_check_in(void *context, const struct check_in *check_in)
{
    (void)fprintf(context, "%lld %u %s %lld %d %lld %s %s\n", (long long)check_in->id, check_in->member,
                  check_in->location, (long long)check_in->in_at, check_in->is_open,
                  (long long)check_in->out_at, check_in_how_name(check_in->how_in),
                  check_in_how_name(check_in->how_out));
    return true;
}

static inline bool print_event(void *context, const struct hook_event *event)
{
    (void)fprintf(context, "%lld %s %s %u %s %lld %lld %lld %lld %s\n", (long long)event->number,
                  event->event_id, event->kind, event->member, event->json, (long long)event->made_at,
                  (long long)event->attempts, (long long)event->first_failed_at,
                  (long long)event->last_tried_at, event->last_error ? event->last_error : "-");
    return true;
}

static inline bool print_check_ins(struct store *store, FILE *file)
{
    static const struct check_in_filter all = {0};
    struct hook_backlog backlog = {0};
    struct check_in open = {0};
    bool is_whole = store_each_check_in(store, &all, print_check_in, file) == STORE_OK &&
                    store_each_event(store, print_event, file) == STORE_OK &&
                    store_event_backlog(store, &backlog) == STORE_OK &&
                    fprintf(file, "%lld lost\n", (long long)backlog.lost) > 0 &&
                    store_check_in_find(store, FD_MEMBER_ID_MIN, "Ghent", &open) == STORE_OK &&
                    print_check_in(file, &open);

    check_in_clear(&open);
    return is_whole;
}

/* All that the store says, by every way that is asked of it; NULL: it refuses to say something. */
static inline char *say_all(struct store *store, const char *const *names)
{
    char *said = NULL;
    uint64_t generation;
    size_t size;
    FILE *file = open_memstream(&said, &size);
    bool is_whole = store_each(store, print_member, file) == STORE_OK &&
                    store_each_former_name(store, print_former_name, file) == STORE_OK &&
                    store_generation(store, &generation) == STORE_OK && print_check_ins(store, file);

    for (; is_whole && *names; names++) {
        struct member member = {0};

        is_whole = store_by_name(store, *names, &member) == STORE_OK && print_member(file, &member);
        member_clear(&member);
        is_whole = is_whole && store_by_identity(store, ISSUER, *names, &member) == STORE_OK &&
                   print_member(file, &member);
        member_clear(&member);
    }
    if (is_whole)
        (void)fprintf(file, "generation %llu\n", (unsigned long long)generation);
    assert_int_equal(fclose(file), 0);
    if (is_whole)
        return said;
    free(said);
    return NULL;
}

#endif
