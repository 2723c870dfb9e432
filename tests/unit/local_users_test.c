/* SPDX-License-Identifier: BSD-2-Clause */
#include "members/verbs.h"

#include <fcntl.h>
#include <pwd.h>

#include "members/local_users.h"

static void write_map(struct desk *desk, const char *text_of_it)
{
    char *path = NULL;
    int file;

    assert_true(asprintf(&path, "%s/map", desk->state_dir) > 0);
    file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert_true(file >= 0);
    assert_int_equal(write(file, text_of_it, strlen(text_of_it)), (ssize_t)strlen(text_of_it));
    assert_int_equal(close(file), 0);
    free(desk->connection.user_map_file);
    desk->connection.user_map_file = path;
}

static int teardown(void **state)
{
    struct desk *desk = *state;

    free(desk->connection.user_map_file);
    return desk_teardown(state);
}

/* With a blank behind each. */
static void assert_users(const struct desk *desk, const struct identity *identity, const char *expected)
{
    char **users = NULL, *why = NULL, all[256] = "";

    if (local_users_of(&desk->connection, identity, &users, &why) != REASON_OK)
        fail_msg("%s", why ? why : "?");
    for (size_t i = 0; users[i]; i++)
        (void)append(append(all, sizeof all, users[i]), sizeof all, " ");
    list_free(users);
    assert_string_equal(all, expected);
}

static void without_a_word_there_are_no_local_users(void **state)
{
    struct identity identity = ada();

    assert_users(*state, &identity, "");
}

static void everyone_enters_the_shared_account(void **state)
{
    struct desk *desk = *state;
    struct identity identity = ada(), other = person(bob_subject, NULL, NULL);
    char kiosk[] = "kiosk";

    desk->connection.shared_account = kiosk;
    assert_users(desk, &identity, "kiosk ");
    assert_users(desk, &other, "kiosk ");
}

static void a_file_names_many_users_for_many_people(void **state)
{
    struct desk *desk = *state;
    struct identity identity = ada(), other = person(bob_subject, NULL, NULL);
    char kiosk[] = "kiosk", front[] = "front";

    write_map(desk, "sub:s-ada = front back\nemail:ada@acme.example = vault front\nsub:s-bob = front\n");
    assert_users(desk, &identity, "front back vault ");
    assert_users(desk, &other, "front ");
    desk->connection.shared_account = kiosk;
    assert_users(desk, &identity, "front back vault kiosk ");
    desk->connection.shared_account = front;
    assert_users(desk, &other, "front ");
}

static void an_address_that_is_not_verified_opens_no_local_user(void **state)
{
    struct desk *desk = *state;
    struct identity identity = ada();

    write_map(desk, "email:ada@acme.example = vault\n");
    assert_users(desk, &identity, "vault ");
    identity.email_verified = false;
    identity.email_proof = EMAIL_UNSAID;
    assert_users(desk, &identity, "");
}

static void a_file_that_cannot_be_used_is_told(void **state)
{
    struct desk *desk = *state;
    struct identity identity = ada();
    char **users = NULL, *why = NULL;

    write_map(desk, "anybody = root\n");
    assert_int_equal(local_users_of(&desk->connection, &identity, &users, &why), REASON_USER_MAP_BROKEN);
    assert_null(users);
    assert_non_null(why);
    free(why);
}

static bool everybody_is_known;

int __real_getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t size,
                      struct passwd **ret_found);
int __wrap_getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t size,
                      struct passwd **ret_found);

int __wrap_getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t size,
                      struct passwd **ret_found)
{
    if (!everybody_is_known)
        return __real_getpwnam_r(name, entry, buffer, size, ret_found);
    *entry = (struct passwd){.pw_name = (char *)(uintptr_t)name, .pw_uid = 1234};
    *ret_found = entry;
    return 0;
}

static void no_name_is_nobodys_even_where_everybody_is_known(void **state)
{
    (void)state;
    everybody_is_known = true;
    assert_int_equal(local_user_judge("anybody"), REASON_OK);
    assert_int_equal(local_user_judge(""), REASON_LOCAL_USER_UNFIT);
    everybody_is_known = false;
}

static void only_accounts_of_this_machine_may_be_entered_and_none_of_the_systems(void **state)
{
    static const struct {
        const char *name;
        enum reason reason;
    } cases[] = {
        {"porter", REASON_OK},
        {"Kiosk User", REASON_LOCAL_USER_UNFIT},
        {"nowhere", REASON_LOCAL_USER_UNFIT},
        {"", REASON_LOCAL_USER_UNFIT},
        {"root", REASON_LOCAL_USER_UNFIT},
        {"toor", REASON_LOCAL_USER_UNFIT},
        {"hall", REASON_LOCAL_USER_UNFIT},
        {"www-data", REASON_LOCAL_USER_UNFIT},
        {"systemd-oom", REASON_LOCAL_USER_UNFIT},
        {"nobody", REASON_LOCAL_USER_UNFIT},
        {"guest", REASON_OK},
        {"PORTER", REASON_LOCAL_USER_UNFIT},
        {"Night.Desk", REASON_OK},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (local_user_judge(cases[i].name) != cases[i].reason)
            fail_msg("\"%s\": %s", cases[i].name, reason_code(local_user_judge(cases[i].name)));
}

static int more_etc_setup(void **state)
{
    (void)state;
    return use_private_etc("toor:x:0:0::/root:/bin/sh\nporter:x:900:900::/:/bin/sh\n"
                           "hall:x:65537:100::/:/bin/sh\nwww-data:x:33:33::/:/bin/sh\n"
                           "nobody:x:65534:65534::/:/bin/sh\nguest:x:1001:1001::/:/bin/sh\n"
                           "systemd-oom:x:990:990::/:/bin/sh\nNight.Desk:x:1001:1001::/:/bin/sh\n",
                           "");
}

#define LOCAL_TEST(name) cmocka_unit_test_setup_teardown(name, desk_setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOCAL_TEST(without_a_word_there_are_no_local_users),
        LOCAL_TEST(everyone_enters_the_shared_account),
        LOCAL_TEST(a_file_names_many_users_for_many_people),
        LOCAL_TEST(an_address_that_is_not_verified_opens_no_local_user),
        LOCAL_TEST(a_file_that_cannot_be_used_is_told),
        LOCAL_TEST(no_name_is_nobodys_even_where_everybody_is_known),
        LOCAL_TEST(only_accounts_of_this_machine_may_be_entered_and_none_of_the_systems),
    };

    return cmocka_run_group_tests_name("local_users", tests, more_etc_setup, NULL);
}
