/* SPDX-License-Identifier: BSD-2-Clause */
/* Two people, a machine with a few accounts of its own, and the verbs of members.h in one word each. */
#ifndef TESTS_MEMBERS_VERBS_H
#define TESTS_MEMBERS_VERBS_H

#include "members/fixture.h"
#include "members/private_etc.h"

static __attribute__((unused)) char ada_subject[] = "s-ada", ada_name[] = "ada",
                                    ada_email[] = "ada@acme.example";
static __attribute__((unused)) char bob_subject[] = "s-bob", bob_name[] = "bob";

static inline int etc_setup(void **state)
{
    (void)state;
    return use_private_etc("porter:x:900:900::/:/bin/sh\nhall:x:65537:100::/:/bin/sh\n",
                           "keys:x:900:\nlobby:x:65538:\n");
}

static inline struct identity ada(void)
{
    return person(ada_subject, ada_name, ada_email);
}

static inline void assert_sign_in(struct desk *desk, struct identity identity, enum reason expected)
{
    enum reason reason = sign_in(desk, &identity);

    if (reason != expected)
        fail_msg("%s, not %s (%s)", reason_code(reason), reason_code(expected), desk->members.why);
}

static inline void assert_nothing_written(struct desk *desk, struct identity identity, enum reason expected)
{
    uint64_t before, after;
    unsigned members = count_members(desk->members.store);

    assert_int_equal(store_generation(desk->members.store, &before), STORE_OK);
    assert_sign_in(desk, identity, expected);
    assert_int_equal(store_generation(desk->members.store, &after), STORE_OK);
    assert_int_equal(before, after);
    assert_int_equal(count_members(desk->members.store), members);
}

static inline uint32_t id_of(struct desk *desk, const char *name)
{
    struct member member = {0};
    uint32_t id;

    assert_int_equal(store_by_name(desk->members.store, name, &member), STORE_OK);
    id = member.id;
    member_clear(&member);
    return id;
}

static inline void assert_published(struct desk *desk)
{
    uint64_t published, stored;

    assert_true(publish_index_generation(desk->state_dir, &published));
    assert_int_equal(store_generation(desk->members.store, &stored), STORE_OK);
    assert_int_equal(published, stored);
}

static inline enum reason invite(struct desk *desk, const char *name, const char *email,
                                 const char *connection)
{
    struct members_invitation invitation = {.name = name, .email = email, .connection = connection};
    struct member member;
    enum reason reason = members_invite(&desk->members, &desk->config, &invitation, &member);

    member_clear(&member);
    return reason;
}

static inline enum reason set_state(struct desk *desk, const char *name, enum member_state new_state)
{
    struct member member;
    enum reason reason = members_set_state(&desk->members, name, new_state, &member);

    member_clear(&member);
    return reason;
}

static inline enum reason remove_member(struct desk *desk, const char *name, bool free_name, bool erase)
{
    struct member member;
    enum reason reason = members_remove(&desk->members, name, free_name, erase, &member);

    if (reason == REASON_OK) {
        assert_string_equal(member.name, name);
        assert_non_null(strstr(member.home, "/home/"));
    }
    member_clear(&member);
    return reason;
}

static inline enum reason account(struct desk *desk, const char *user, const char *service)
{
    struct member member;
    enum reason reason;

    desk->request.requested_user = user;
    reason = members_account(&desk->members, &desk->request, service, &member);
    desk->request.requested_user = "";
    member_clear(&member);
    return reason;
}

#endif
