/* SPDX-License-Identifier: BSD-2-Clause */
#include "members/verbs.h"

#define ROWS_MAX 8

struct answers {
    enum reason reason;
    struct members_import_answer rows[ROWS_MAX];
};

static struct answers import(struct desk *desk, const struct members_import_row *rows, size_t count)
{
    struct answers answers;

    assert_true(count <= ROWS_MAX);
    answers.reason = members_import(&desk->members, &desk->config, rows, count, answers.rows);
    return answers;
}

static struct members_import_row bound_row(const char *name, const char *subject)
{
    return (struct members_import_row){
        .name = name, .connection = "acme", .issuer = ISSUER, .subject = subject, .state = MEMBER_ACTIVE};
}

static struct members_import_row invited_row(const char *name, const char *email)
{
    return (struct members_import_row){.name = name, .email = email, .state = MEMBER_INVITED};
}

/* That row alone; nothing is written. */
static void assert_refused(struct desk *desk, struct members_import_row row, enum reason reason,
                           const char *what)
{
    unsigned before = count_members(desk->members.store);
    struct answers answers = import(desk, &row, 1);

    if (answers.reason != reason || answers.rows[0].reason != reason ||
        strcmp(answers.rows[0].what, what) != 0)
        fail_msg("%s of \"%s\" (%s)", reason_code(answers.reason), answers.rows[0].what, desk->members.why);
    assert_int_equal(count_members(desk->members.store), before);
}

static void bound_invited_and_disabled_members_come_as_they_were(void **state)
{
    struct desk *desk = *state;
    struct members_import_row rows[] = {bound_row("ada", "s-ada"), invited_row("bob", "Bob@Acme.Example"),
                                        bound_row("eve", "s-eve")};
    struct member member = {0};

    rows[0].id = 70000;
    rows[0].email = ada_email;
    rows[0].email_verified = true;
    rows[0].full_name = "Ada Lovelace";
    rows[0].shell = "/bin/zsh";
    rows[0].created_at = 5;
    rows[0].last_sign_in_at = 6;
    rows[2].state = MEMBER_DISABLED;
    assert_int_equal(import(desk, rows, 3).reason, REASON_OK);
    assert_published(desk);
    assert_int_equal(store_by_name(desk->members.store, "ada", &member), STORE_OK);
    assert_int_equal(member.id, 70000);
    assert_string_equal(member.full_name, "Ada Lovelace");
    assert_string_equal(member.home, "/home/ada");
    assert_string_equal(member.shell, "/bin/zsh");
    assert_true(member.email_verified);
    assert_int_equal(member.created_at, 5);
    assert_int_equal(member.last_sign_in_at, 6);
    member_clear(&member);
    assert_nothing_written(desk, person(ada_subject, NULL, NULL), REASON_OK);
    assert_nothing_written(desk, person((char[]){"s-eve"}, NULL, NULL), REASON_MEMBER_DISABLED);
    desk->connection.create_users = false;
    desk->request.requested_user = "bob";
    assert_sign_in(desk, person(bob_subject, NULL, (char[]){"bob@acme.example"}), REASON_OK);
}

static void a_state_that_does_not_fit_the_binding_becomes_the_one_that_does(void **state)
{
    struct desk *desk = *state;
    struct members_import_row rows[] = {bound_row("ada", "s-ada"), invited_row("bob", "bob@acme.example")};
    struct member member = {0};

    rows[0].state = MEMBER_INVITED;
    rows[1].state = MEMBER_ACTIVE;
    assert_int_equal(import(desk, rows, 2).reason, REASON_OK);
    assert_int_equal(store_by_name(desk->members.store, "ada", &member), STORE_OK);
    assert_int_equal(member.state, MEMBER_ACTIVE);
    member_clear(&member);
    assert_int_equal(store_by_name(desk->members.store, "bob", &member), STORE_OK);
    assert_int_equal(member.state, MEMBER_INVITED);
    member_clear(&member);
}

static void ids_that_rows_name_are_given_to_no_other_row(void **state)
{
    struct desk *desk = *state;
    struct members_import_row rows[] = {invited_row("ada", "a@b.c"), invited_row("bob", "b@b.c")};
    struct answers answers;

    rows[1].id = 65536;
    answers = import(desk, rows, 2);
    assert_int_equal(answers.reason, REASON_OK);
    assert_int_equal(answers.rows[1].id, 65536);
    assert_int_equal(answers.rows[0].id, 65539);
    assert_int_equal(id_of(desk, "ada"), 65539);
}

static void tombstones_take_name_id_and_identity(void **state)
{
    struct desk *desk = *state;
    struct members_import_row rows[] = {
        bound_row("ada", "s-ada"), bound_row("", "s-bob"), {.name = "porter"}};

    rows[0].id = 65536;
    rows[1].id = 65541;
    rows[2].id = 65537;
    rows[1].connection = "gone-long-ago";
    rows[0].state = rows[1].state = rows[2].state = MEMBER_REMOVED;
    assert_int_equal(import(desk, rows, 3).reason, REASON_OK);
    assert_nothing_written(desk, ada(), REASON_MEMBER_REMOVED);
    assert_nothing_written(desk, person(bob_subject, bob_name, NULL), REASON_MEMBER_REMOVED);
    assert_int_equal(id_of(desk, "#65541"), 65541);
    assert_nothing_written(desk, person((char[]){"s-eve"}, ada_name, NULL), REASON_NAME_TAKEN);
    assert_sign_in(desk, person((char[]){"s-eve"}, bob_name, NULL), REASON_OK);
    assert_int_equal(id_of(desk, "bob"), 65542);
}

static void former_names_stay_taken(void **state)
{
    struct desk *desk = *state;
    static const char *const former[] = {"countess", "lovelace", NULL}, *const bad[] = {"Countess", NULL},
                             *const taken[] = {"lovelace", NULL};
    struct members_import_row row = bound_row("ada", "s-ada");

    row.former_names = bad;
    assert_refused(desk, row, REASON_NAME_INVALID, "former_names");
    row.former_names = former;
    assert_int_equal(import(desk, &row, 1).reason, REASON_OK);
    assert_int_equal(invite(desk, "countess", "x@y.z", NULL), REASON_NAME_TAKEN);
    assert_refused(desk, invited_row("lovelace", "x@y.z"), REASON_NAME_TAKEN, "name");
    row = invited_row("bob", "b@b.c");
    row.former_names = taken;
    assert_refused(desk, row, REASON_NAME_TAKEN, "former_names");
}

static void a_row_is_refused_for_what_an_admin_could_not_type(void **state)
{
    struct desk *desk = *state;
    struct members_import_row row = bound_row("ada", "s-ada");

    assert_refused(desk, bound_row("Ada", "s"), REASON_NAME_INVALID, "name");
    assert_refused(desk, bound_row("", "s"), REASON_NAME_INVALID, "name");
    assert_refused(desk, bound_row("#65540", "s"), REASON_NAME_INVALID, "name");
    assert_refused(desk, bound_row("docker", "s"), REASON_NAME_RESERVED, "name");
    assert_refused(desk, bound_row("porter", "s"), REASON_NAME_TAKEN, "name");
    assert_refused(desk, bound_row("ada", ""), REASON_CLAIM_SUB, "subject");
    assert_refused(desk, bound_row("ada", NULL), REASON_CLAIM_SUB, "subject");
    assert_refused(desk, invited_row("ada", NULL), REASON_CLAIMS_MALFORMED, "email");
    assert_refused(desk, invited_row("ada", "nobody"), REASON_CLAIMS_MALFORMED, "email");
    row.issuer = NULL;
    assert_refused(desk, row, REASON_CLAIM_ISS, "issuer");
    row.issuer = "https://a\n";
    assert_refused(desk, row, REASON_CLAIM_ISS, "issuer");
    row = bound_row("ada", "s-ada");
    row.full_name = "Ada\n";
    assert_refused(desk, row, REASON_CLAIMS_MALFORMED, "full_name");
    row.full_name = NULL;
    row.connection = NULL;
    assert_refused(desk, row, REASON_CONNECTION_UNKNOWN, "connection");
    row.connection = "nowhere";
    assert_refused(desk, row, REASON_CONNECTION_UNKNOWN, "connection");
    row.connection = "acme";
    row.home = "/etc/ada";
    assert_refused(desk, row, REASON_CONFIG_BROKEN, "home");
    row.home = "/srv/members/ada";
    row.shell = "bash";
    assert_refused(desk, row, REASON_CONFIG_BROKEN, "home");
    row.shell = NULL;
    assert_int_equal(import(desk, &row, 1).reason, REASON_OK);
}

static void an_id_is_kept_or_the_row_is_refused(void **state)
{
    struct desk *desk = *state;
    struct members_import_row row = invited_row("ada", "a@b.c");

    row.id = 1000;
    assert_refused(desk, row, REASON_RANGE_FULL, "id");
    row.id = UINT32_MAX;
    assert_refused(desk, row, REASON_RANGE_FULL, "id");
    row.id = 65537;
    assert_refused(desk, row, REASON_NAME_TAKEN, "id");
    row.id = 70000;
    desk->config.members.id_max = 69999;
    assert_refused(desk, row, REASON_RANGE_FULL, "id");
    desk->config.members.id_max = 70000;
    assert_int_equal(import(desk, &row, 1).reason, REASON_OK);
    row.name = "bob";
    assert_refused(desk, row, REASON_NAME_TAKEN, "id");
    row.state = MEMBER_REMOVED;
    assert_refused(desk, row, REASON_NAME_TAKEN, "id");
    row.id = 1000;
    assert_refused(desk, row, REASON_RANGE_FULL, "id");
}

static void one_row_that_is_refused_leaves_all_out_and_each_has_an_answer(void **state)
{
    struct desk *desk = *state;
    struct members_import_row rows[] = {bound_row("ada", "s-ada"), bound_row("Bob", "s-bob"),
                                        bound_row("eve", "s-ada"), invited_row("zoe", "z@b.c"),
                                        invited_row("zoe", "y@b.c")};
    struct answers answers = import(desk, rows, 5);

    assert_int_equal(answers.reason, REASON_NAME_INVALID);
    assert_int_equal(answers.rows[0].reason, REASON_OK);
    assert_string_equal(answers.rows[0].what, "");
    assert_int_equal(answers.rows[1].reason, REASON_NAME_INVALID);
    assert_int_equal(answers.rows[2].reason, REASON_NAME_TAKEN);
    assert_string_equal(answers.rows[2].what, "subject");
    assert_int_equal(answers.rows[3].reason, REASON_OK);
    assert_int_equal(answers.rows[4].reason, REASON_NAME_TAKEN);
    assert_string_equal(answers.rows[4].what, "name");
    assert_int_equal(count_members(desk->members.store), 0);
}

static void a_dry_import_answers_and_writes_nothing(void **state)
{
    struct desk *desk = *state;
    struct members_import_row row = bound_row("ada", "s-ada");
    struct answers answers;

    desk->members.dry_run = true;
    answers = import(desk, &row, 1);
    assert_int_equal(answers.reason, REASON_OK);
    assert_int_equal(answers.rows[0].id, 65536);
    assert_int_equal(count_members(desk->members.store), 0);
    desk->members.dry_run = false;
    assert_int_equal(import(desk, &row, 1).reason, REASON_OK);
    assert_int_equal(import(desk, &row, 0).reason, REASON_OK);
    assert_refused(desk, row, REASON_NAME_TAKEN, "subject");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(bound_invited_and_disabled_members_come_as_they_were),
        DESK_TEST(a_state_that_does_not_fit_the_binding_becomes_the_one_that_does),
        DESK_TEST(ids_that_rows_name_are_given_to_no_other_row),
        DESK_TEST(tombstones_take_name_id_and_identity),
        DESK_TEST(former_names_stay_taken),
        DESK_TEST(a_row_is_refused_for_what_an_admin_could_not_type),
        DESK_TEST(an_id_is_kept_or_the_row_is_refused),
        DESK_TEST(one_row_that_is_refused_leaves_all_out_and_each_has_an_answer),
        DESK_TEST(a_dry_import_answers_and_writes_nothing),
    };

    return cmocka_run_group_tests_name("members_import", tests, etc_setup, NULL);
}
