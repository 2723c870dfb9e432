/* SPDX-License-Identifier: BSD-2-Clause */
/* A backup comes back: what was given since stays given, whatever is left of the store, and who has it open
 * goes on. */
#include "faults/damage.h"
#include "members/members_restore.h"
#include "members/verbs.h"

#include <sys/socket.h>
#include <sys/wait.h>

static struct bytes back_up(struct desk *desk)
{
    struct bytes bytes;

    assert_int_equal(store_copy(desk->members.store, &bytes.at, &bytes.size), STORE_OK);
    return bytes;
}

/* Its names are there until the next one. */
static struct members_restoration restore(struct desk *desk, const struct bytes *bytes, enum reason expected)
{
    static struct members_restoration restoration;
    enum reason reason;

    members_restoration_clear(&restoration);
    reason = members_restore(&desk->members, bytes->at, bytes->size, &restoration);
    if (reason != expected)
        fail_msg("%s, not %s (%s)", reason_code(reason), reason_code(expected), desk->members.why);
    return restoration;
}

static enum member_state state_of(struct desk *desk, const char *name)
{
    enum member_state state;
    struct member member = {0};

    assert_int_equal(store_by_name(desk->members.store, name, &member), STORE_OK);
    state = member.state;
    member_clear(&member);
    return state;
}

static enum reason rename_to(struct desk *desk, const char *name, const char *new_name, bool free_name)
{
    struct member member;
    enum reason reason = members_rename(&desk->members, name, new_name, free_name, &member);

    member_clear(&member);
    return reason;
}

/* Before the backup ada and bob; behind it bob is renamed, ada is disabled and cy comes. */
static struct bytes live_on(struct desk *desk)
{
    struct bytes bytes;

    assert_sign_in(desk, ada(), REASON_OK);
    assert_sign_in(desk, person(bob_subject, bob_name, NULL), REASON_OK);
    bytes = back_up(desk);
    assert_int_equal(rename_to(desk, "bob", "rob", true), REASON_OK);
    assert_int_equal(set_state(desk, "ada", MEMBER_DISABLED), REASON_OK);
    assert_int_equal(invite(desk, "cy", "cy@acme.example", NULL), REASON_OK);
    return bytes;
}

static void what_was_given_since_is_given_to_nobody_else(void **state)
{
    struct desk *desk = *state;
    struct bytes bytes = live_on(desk);
    const uint32_t cy = id_of(desk, "cy");
    struct members_restoration restoration = restore(desk, &bytes, REASON_OK);

    assert_true(restoration.live_was_readable);
    assert_int_equal(restoration.members, 3);
    assert_int_equal(restoration.kept, 1);
    assert_int_equal(restoration.reopened, 1);
    assert_string_equal(restoration.reopened_names, "ada");
    assert_published(desk);
    assert_int_equal(state_of(desk, "ada"), MEMBER_ACTIVE);
    assert_int_equal(state_of(desk, "bob"), MEMBER_ACTIVE);
    assert_int_equal(state_of(desk, "cy"), MEMBER_DISABLED);
    assert_int_equal(id_of(desk, "cy"), cy);
    assert_int_equal(invite(desk, "rob", "x@acme.example", NULL), REASON_NAME_TAKEN);
    assert_int_equal(invite(desk, "dan", "x@acme.example", NULL), REASON_OK);
    assert_true(id_of(desk, "dan") > cy);
    assert_int_equal(rename_to(desk, "bob", "rob", false), REASON_OK);
    assert_int_equal(set_state(desk, "cy", MEMBER_ACTIVE), REASON_OK);
    assert_int_equal(state_of(desk, "cy"), MEMBER_INVITED);
    free(bytes.at);
}

static void who_was_bound_to_another_identity_since_is_told(void **state)
{
    const struct members_rebind elsewhere = {.name = "bob", .issuer = ISSUER, .subject = "new"};
    struct members_restoration restoration;
    struct desk *desk = *state;
    struct bytes bytes;
    size_t count;

    assert_sign_in(desk, person(bob_subject, bob_name, NULL), REASON_OK);
    assert_int_equal(invite(desk, "chosen", ada_email, NULL), REASON_OK);
    bytes = back_up(desk);
    assert_int_equal(members_rebind(&desk->members, &desk->config, &elsewhere, &count), REASON_OK);
    assert_sign_in(desk, ada(), REASON_OK);
    restoration = restore(desk, &bytes, REASON_OK);
    assert_int_equal(restoration.reopened, 0);
    assert_int_equal(restoration.rebound, 2);
    assert_string_equal(restoration.rebound_names, "bob chosen");
    assert_sign_in(desk, person(bob_subject, bob_name, NULL), REASON_OK);
    free(bytes.at);
}

static void everybody_who_may_sign_in_again_is_told_by_name(void **state)
{
    struct members_restoration restoration;
    struct desk *desk = *state;
    struct bytes bytes;
    char name[32];

    for (unsigned i = 0; i < 40; i++) {
        (void)snprintf(name, sizeof name, "member-number-%02u", i);
        assert_int_equal(invite(desk, name, "x@acme.example", NULL), REASON_OK);
    }
    bytes = back_up(desk);
    for (unsigned i = 0; i < 40; i++) {
        (void)snprintf(name, sizeof name, "member-number-%02u", i);
        assert_int_equal(set_state(desk, name, MEMBER_DISABLED), REASON_OK);
    }
    restoration = restore(desk, &bytes, REASON_OK);
    assert_int_equal(restoration.reopened, 40);
    assert_int_equal(strlen(restoration.reopened_names), 40 * (strlen(name) + 1) - 1);
    assert_non_null(strstr(restoration.reopened_names, " member-number-39"));
    free(bytes.at);
}

/* The index does not have removed ones, nor names from before. */
static void names_that_somebody_had_in_between_stay_taken(void **state)
{
    struct desk *desk = *state;
    struct bytes bytes;

    assert_sign_in(desk, ada(), REASON_OK);
    assert_sign_in(desk, person(bob_subject, bob_name, NULL), REASON_OK);
    bytes = back_up(desk);
    assert_int_equal(rename_to(desk, "bob", "rob", false), REASON_OK);
    assert_int_equal(rename_to(desk, "rob", "bobby", false), REASON_OK);
    assert_int_equal(remove_member(desk, "bobby", false, false), REASON_OK);
    (void)restore(desk, &bytes, REASON_OK);
    assert_sign_in(desk, person(bob_subject, bob_name, NULL), REASON_OK);
    assert_int_equal(invite(desk, "rob", "x@acme.example", NULL), REASON_NAME_TAKEN);
    assert_int_equal(invite(desk, "bobby", "x@acme.example", NULL), REASON_NAME_TAKEN);
    assert_int_equal(rename_to(desk, "bob", "bobby", true), REASON_OK);
    free(bytes.at);
}

static void a_name_that_was_freed_and_given_again_is_its_holders_of_the_backup(void **state)
{
    struct desk *desk = *state;
    struct identity next = person(bob_subject, ada_name, NULL);
    struct bytes bytes;
    uint32_t first, second;

    assert_sign_in(desk, ada(), REASON_OK);
    first = id_of(desk, "ada");
    bytes = back_up(desk);
    assert_int_equal(remove_member(desk, "ada", true, false), REASON_OK);
    assert_sign_in(desk, next, REASON_OK);
    second = id_of(desk, "ada");
    (void)restore(desk, &bytes, REASON_OK);
    assert_int_equal(id_of(desk, "ada"), first);
    assert_sign_in(desk, next, REASON_MEMBER_REMOVED);
    assert_int_equal(invite(desk, "dan", "x@acme.example", NULL), REASON_OK);
    assert_true(id_of(desk, "dan") > second);
    free(bytes.at);
}

/* What the damage left readable counts, and the index for the rest. */
static void over_a_store_that_cannot_be_read_the_index_tells_who_had_what(void **state)
{
    struct desk *desk = *state;
    struct bytes bytes = live_on(desk), garbage;
    const uint32_t cy = id_of(desk, "cy");
    struct members_restoration restoration;
    char path[128], *why = NULL;

    desk_close(desk);
    store_path(desk, path);
    garbage = read_bytes(path);
    memset(garbage.at, 'x', garbage.size);
    write_bytes(path, garbage.at, garbage.size);
    desk->members.store = store_open_or_later(desk->state_dir, &why);
    assert_non_null(why);
    free(why);
    restoration = restore(desk, &bytes, REASON_OK);
    assert_false(restoration.live_was_readable);
    assert_int_equal(restoration.kept, 1);
    assert_true(strlen(restoration.kept_file) > 0);
    assert_published(desk);
    assert_int_equal(id_of(desk, "cy"), cy);
    assert_int_equal(state_of(desk, "cy"), MEMBER_DISABLED);
    assert_int_equal(set_state(desk, "cy", MEMBER_ACTIVE), REASON_INVITED_NOT_BOUND);
    assert_int_equal(invite(desk, "rob", "x@acme.example", NULL), REASON_NAME_TAKEN);
    assert_int_equal(invite(desk, "dan", "x@acme.example", NULL), REASON_OK);
    assert_true(id_of(desk, "dan") > cy);
    (void)snprintf(path, sizeof path, "%s/%s", desk->state_dir, restoration.kept_file);
    free(bytes.at);
    bytes = read_bytes(path);
    assert_int_equal(bytes.size, garbage.size);
    assert_memory_equal(bytes.at, garbage.at, bytes.size);
    free(garbage.at);
    free(bytes.at);
}

/* A keeper that has had it open since before the damage, in the middle of a change. */
static pid_t let_another_write(const struct desk *desk, int ends[2])
{
    struct desk other = *desk;
    char word;
    pid_t pid;

    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    pid = fork();
    if (pid != 0)
        return pid;
    desk_open(&other);
    if (write(ends[1], "o", 1) != 1 || read(ends[1], &word, 1) != 1 ||
        store_begin(other.members.store) != STORE_OK || write(ends[1], "b", 1) != 1)
        _exit(1);
    (void)usleep(500 * 1000); /* so that one that does not wait is seen */
    if (store_add_former_name(other.members.store, 65536, "eve") != STORE_OK)
        _exit(1);
    _exit(store_commit(other.members.store) == STORE_OK ? 0 : 1);
}

static void flip_email(const struct desk *desk)
{
    struct bytes bytes;
    unsigned char *at;
    char path[128];

    store_path(desk, path);
    bytes = read_bytes(path);
    at = memmem(bytes.at, bytes.size, ada_email, strlen(ada_email));
    assert_non_null(at);
    *at ^= 1;
    write_bytes(path, bytes.at, bytes.size);
    free(bytes.at);
}

static void what_another_is_writing_into_a_damaged_store_is_waited_for(void **state)
{
    char word, *why = NULL;
    struct desk *desk = *state;
    struct bytes bytes;
    int ends[2], status;
    pid_t other;

    assert_sign_in(desk, ada(), REASON_OK);
    bytes = back_up(desk);
    desk_close(desk);
    other = let_another_write(desk, ends);
    assert_int_equal(read(ends[0], &word, 1), 1);
    flip_email(desk);
    assert_int_equal(write(ends[0], "g", 1), 1);
    assert_int_equal(read(ends[0], &word, 1), 1);
    desk->members.store = store_open_or_later(desk->state_dir, &why);
    assert_non_null(why);
    free(why);
    assert_false(restore(desk, &bytes, REASON_OK).live_was_readable);
    assert_int_equal(waitpid(other, &status, 0), other);
    assert_int_equal(status, 0);
    assert_int_equal(invite(desk, "eve", "x@acme.example", NULL), REASON_NAME_TAKEN);
    (void)close(ends[0]);
    (void)close(ends[1]);
    free(bytes.at);
}

static void a_missing_store_is_restored_beside_its_index(void **state)
{
    struct desk *desk = *state;
    struct bytes bytes = live_on(desk);
    char path[128], *why = NULL;

    desk_close(desk);
    store_path(desk, path);
    assert_int_equal(unlink(path), 0);
    desk->members.store = store_open_or_later(desk->state_dir, &why);
    assert_non_null(why);
    free(why);
    assert_sign_in(desk, ada(), REASON_STORE_CORRUPT);
    assert_int_equal(access(path, F_OK), -1);
    (void)restore(desk, &bytes, REASON_OK);
    assert_sign_in(desk, ada(), REASON_OK);
    assert_int_equal(invite(desk, "cy", "x@acme.example", NULL), REASON_NAME_TAKEN);
    free(bytes.at);
}

/* As the keeper has it, while the command restores. */
static void who_has_the_old_file_open_goes_on_with_the_restored_one(void **state)
{
    struct desk *desk = *state, other = *desk;
    struct bytes bytes = live_on(desk);

    desk_open(&other);
    assert_sign_in(&other, ada(), REASON_MEMBER_DISABLED);
    (void)restore(desk, &bytes, REASON_OK);
    assert_sign_in(&other, ada(), REASON_OK);
    assert_int_equal(invite(&other, "eve", "x@acme.example", NULL), REASON_OK);
    assert_int_equal(state_of(desk, "eve"), MEMBER_INVITED);
    assert_published(desk);
    desk_close(&other);
    free(bytes.at);
}

static void assert_untouched(struct desk *desk, const struct bytes *before)
{
    struct bytes after;
    char path[128];

    store_path(desk, path);
    after = read_bytes(path);
    assert_int_equal(after.size, before->size);
    assert_memory_equal(after.at, before->at, after.size);
    free(after.at);
    append(path, sizeof path, ".restoring");
    assert_int_equal(access(path, F_OK), -1);
}

static void a_backup_with_any_bit_flipped_or_cut_off_is_refused(void **state)
{
    struct desk *desk = *state;
    struct bytes bytes = live_on(desk), before;
    char path[128];

    store_path(desk, path);
    before = read_bytes(path);
    for (size_t i = 0; i < bytes.size; i += i + 64 < bytes.size ? 61 : 1) {
        bytes.at[i] ^= (unsigned char)(1U << (i % 8));
        (void)restore(desk, &bytes, REASON_STORE_FAILED);
        bytes.at[i] ^= (unsigned char)(1U << (i % 8));
    }
    for (size_t size = 0; size < bytes.size - 36; size += 997)
        (void)restore(desk, &(struct bytes){bytes.at, size}, REASON_STORE_FAILED);
    assert_true(desk->members.why[0] != '\0');
    assert_untouched(desk, &before);
    (void)restore(desk, &bytes, REASON_OK);
    free(before.at);
    free(bytes.at);
}

static void a_dry_run_changes_nothing(void **state)
{
    struct desk *desk = *state;
    struct bytes bytes = live_on(desk), before;
    char path[128];

    store_path(desk, path);
    before = read_bytes(path);
    desk->members.dry_run = true;
    assert_int_equal(restore(desk, &bytes, REASON_OK).kept, 1);
    desk->members.dry_run = false;
    assert_untouched(desk, &before);
    free(before.at);
    free(bytes.at);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(what_was_given_since_is_given_to_nobody_else),
        DESK_TEST(who_was_bound_to_another_identity_since_is_told),
        DESK_TEST(everybody_who_may_sign_in_again_is_told_by_name),
        DESK_TEST(names_that_somebody_had_in_between_stay_taken),
        DESK_TEST(a_name_that_was_freed_and_given_again_is_its_holders_of_the_backup),
        DESK_TEST(over_a_store_that_cannot_be_read_the_index_tells_who_had_what),
        DESK_TEST(what_another_is_writing_into_a_damaged_store_is_waited_for),
        DESK_TEST(a_missing_store_is_restored_beside_its_index),
        DESK_TEST(who_has_the_old_file_open_goes_on_with_the_restored_one),
        DESK_TEST(a_backup_with_any_bit_flipped_or_cut_off_is_refused),
        DESK_TEST(a_dry_run_changes_nothing),
    };

    return cmocka_run_group_tests_name("restore", tests, etc_setup, NULL);
}
