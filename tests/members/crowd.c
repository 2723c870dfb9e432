/* SPDX-License-Identifier: BSD-2-Clause */
/* Fifty processes at the same moment, each with the store opened by itself. */
#include "members/verbs.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#define CROWD 50

struct crowd {
    struct desk *desk;
    pid_t people[CROWD];
    int starting_gun[2]; /* closing its writing end starts all at once */
};

typedef void (*fill_identity)(unsigned number, char subject[32], char name[32]);

static void same_person(unsigned number, char subject[32], char name[32])
{
    (void)number;
    (void)snprintf(subject, 32, "s-ada");
    (void)snprintf(name, 32, "ada");
}

static void others_of_one_name(unsigned number, char subject[32], char name[32])
{
    (void)snprintf(subject, 32, "s-%u", number);
    (void)snprintf(name, 32, "ada");
}

static void all_different(unsigned number, char subject[32], char name[32])
{
    (void)snprintf(subject, 32, "s-%u", number);
    (void)snprintf(name, 32, "p%u", number);
}

/* In a process of its own: exits with the reason. */
static void one_of_them(struct crowd *crowd, unsigned number, fill_identity fill)
{
    char subject[32], name[32], byte;
    struct identity identity;
    enum reason reason;

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)close(crowd->starting_gun[1]);
    fill(number, subject, name);
    identity = person(subject, name, NULL);
    (void)!read(crowd->starting_gun[0], &byte, 1);
    desk_open(crowd->desk);
    reason = sign_in(crowd->desk, &identity);
    if (reason == REASON_OK) {
        uint64_t published, stored;

        if (!publish_index_generation(crowd->desk->state_dir, &published) ||
            store_generation(crowd->desk->members.store, &stored) != STORE_OK || published > stored)
            reason = REASON_COUNT;
    }
    desk_close(crowd->desk);
    _exit((int)reason);
}

/* How many ended with this reason, and with the other. */
static void run(struct desk *desk, fill_identity fill, enum reason reason, unsigned *ret_count,
                unsigned *ret_taken)
{
    struct crowd crowd = {.desk = desk};
    int status;

    *ret_count = *ret_taken = 0;
    desk_close(desk);
    assert_int_equal(pipe(crowd.starting_gun), 0);
    for (unsigned i = 0; i < CROWD; i++) {
        crowd.people[i] = fork();
        assert_true(crowd.people[i] >= 0);
        if (crowd.people[i] == 0)
            one_of_them(&crowd, i, fill);
    }
    (void)close(crowd.starting_gun[0]);
    (void)close(crowd.starting_gun[1]);
    for (unsigned i = 0; i < CROWD; i++) {
        assert_int_equal(waitpid(crowd.people[i], &status, 0), crowd.people[i]);
        assert_true(WIFEXITED(status));
        *ret_count += WEXITSTATUS(status) == (int)reason;
        *ret_taken += WEXITSTATUS(status) == REASON_NAME_TAKEN;
    }
    desk_open(desk);
}

static void fifty_first_sign_ins_of_one_identity_make_one_member(void **state)
{
    struct desk *desk = *state;
    unsigned allowed, taken;

    run(desk, same_person, REASON_OK, &allowed, &taken);
    assert_int_equal(allowed, CROWD);
    assert_int_equal(count_members(desk->members.store), 1);
    assert_published(desk);
}

static void fifty_identities_of_one_name_make_one_member_and_49_refusals(void **state)
{
    struct desk *desk = *state;
    unsigned allowed, taken;

    run(desk, others_of_one_name, REASON_OK, &allowed, &taken);
    assert_int_equal(allowed, 1);
    assert_int_equal(taken, CROWD - 1);
    assert_int_equal(count_members(desk->members.store), 1);
    assert_published(desk);
}

static bool ids_rise_by_one(void *context, const struct member *member)
{
    uint32_t *next = context;

    if (*next == 65537) /* a local user's and a local group's, see verbs.h */
        *next = 65539;
    assert_int_equal(member->id, *next);
    ++*next;
    return true;
}

static void fifty_identities_become_fifty_members_with_ids_of_their_own(void **state)
{
    struct desk *desk = *state;
    unsigned allowed, taken;
    uint32_t next = FD_MEMBER_ID_MIN;

    run(desk, all_different, REASON_OK, &allowed, &taken);
    assert_int_equal(allowed, CROWD);
    assert_int_equal(count_members(desk->members.store), CROWD);
    assert_int_equal(store_each(desk->members.store, ids_rise_by_one, &next), STORE_OK);
    assert_published(desk);
}

/* The fifty also make the database itself, since the folder is empty when they start. */
static int setup_empty(void **state)
{
    struct desk *desk;
    char path[128];

    (void)desk_setup(state);
    desk = *state;
    (void)snprintf(path, sizeof path, "%s/" FD_STORE_NAME, desk->state_dir);
    return unlink(path);
}

#define CROWD_TEST(name) cmocka_unit_test_setup_teardown(name, setup_empty, desk_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CROWD_TEST(fifty_first_sign_ins_of_one_identity_make_one_member),
        CROWD_TEST(fifty_identities_of_one_name_make_one_member_and_49_refusals),
        CROWD_TEST(fifty_identities_become_fifty_members_with_ids_of_their_own),
    };

    return cmocka_run_group_tests_name("crowd", tests, etc_setup, NULL);
}
