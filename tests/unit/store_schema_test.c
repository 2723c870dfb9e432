/* SPDX-License-Identifier: BSD-2-Clause */
/* A database that an earlier version left grows, whole or not at all, and what it holds stays. */
#include "members/fixture.h"

#include <fcntl.h>
#include <sqlite3.h>

#include "members/store_check_ins.h"
#include "members/store_verify.h"
#include "store_version_3.h"

/* Word for word what version 0.1.0 made. */
static const char version_1[] =
    "CREATE TABLE member ("
    " id INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL UNIQUE,"
    " issuer TEXT,"
    " subject TEXT,"
    " connection TEXT,"
    " full_name TEXT,"
    " email TEXT,"
    " home TEXT NOT NULL,"
    " shell TEXT NOT NULL,"
    " state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'disabled', 'removed')),"
    " created_at INTEGER NOT NULL,"
    " last_sign_in_at INTEGER NOT NULL,"
    " email_verified INTEGER NOT NULL CHECK (email_verified IN (0, 1)),"
    " UNIQUE (issuer, subject),"
    " CHECK ((issuer IS NULL) = (subject IS NULL)),"
    " CHECK (state <> 'active' OR (issuer IS NOT NULL AND connection IS NOT NULL)),"
    " CHECK (state <> 'invited' OR (issuer IS NULL AND email IS NOT NULL)));"
    "CREATE TABLE generation (value INTEGER NOT NULL);"
    "INSERT INTO generation VALUES (1);"
    "CREATE TRIGGER member_added AFTER INSERT ON member BEGIN"
    " UPDATE generation SET value = value + 1;"
    "END;"
    "CREATE TRIGGER member_changed AFTER UPDATE ON member"
    " WHEN (old.name, old.issuer, old.subject, old.connection, old.full_name, old.email, old.home,"
    "       old.shell, old.state, old.created_at, old.email_verified)"
    " IS NOT (new.name, new.issuer, new.subject, new.connection, new.full_name, new.email, new.home,"
    "       new.shell, new.state, new.created_at, new.email_verified) BEGIN"
    " UPDATE generation SET value = value + 1;"
    "END;"
    "CREATE TRIGGER member_keeps_id BEFORE UPDATE ON member WHEN old.id <> new.id BEGIN"
    " SELECT RAISE(ABORT, 'a member keeps the id');"
    "END;"
    "CREATE TRIGGER member_stays BEFORE DELETE ON member BEGIN"
    " SELECT RAISE(ABORT, 'members are never deleted');"
    "END;"
    "PRAGMA application_id = 1717857634; PRAGMA user_version = 1;";

static const char people[] = "INSERT INTO member VALUES (70000, 'ada', '" ISSUER
                             "', 's1', 'acme', 'Ada', 'ada@acme.example', '/home/ada',"
                             " '/bin/sh', 'active', 5, 6, 1);"
                             "INSERT INTO member VALUES (70001, '#70001', '" ISSUER
                             "', 's2', 'acme', NULL, NULL, '/home/bob', '/bin/sh',"
                             " 'removed', 5, 0, 0);";

static void execute(const struct desk *desk, const char *sql)
{
    char path[128];
    sqlite3 *db;

    (void)snprintf(path, sizeof path, "%s/%s", desk->state_dir, FD_STORE_NAME);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_true(store_digest_register(db));
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(db));
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static int64_t ask_number(const struct desk *desk, const char *sql)
{
    sqlite3_stmt *statement;
    char path[128];
    int64_t number;
    sqlite3 *db;

    (void)snprintf(path, sizeof path, "%s/%s", desk->state_dir, FD_STORE_NAME);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    number = sqlite3_column_int64(statement, 0);
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return number;
}

/* In place of the new database that the fixture made. */
static void leave_version_1(struct desk *desk)
{
    char path[128];

    desk_close(desk);
    (void)snprintf(path, sizeof path, "%s/%s", desk->state_dir, FD_STORE_NAME);
    assert_int_equal(truncate(path, 0), 0);
    execute(desk, version_1);
    execute(desk, people);
}

/* Likewise one of version 3, as whole as its own programs left it. */
static void leave_version_3(struct desk *desk)
{
    static const char rows[] =
        "INSERT INTO generation VALUES (7, -7, 0);"
        "INSERT INTO member VALUES (70000, 'ada', '" ISSUER
        "', 's1', 'acme', 'Ada', 'ada@acme.example', '/home/ada', '/bin/sh', 'active', 5, 6, 1, 'crew', 1);"
        "INSERT INTO former_name VALUES ('countess', 70000, 1);"
        "INSERT INTO session VALUES ('00', 'b1', 'ada', '" ISSUER "', 's1', 'acme', 'login', NULL, 0, 9, 1);"
        "UPDATE member SET digest = " DIGEST_OF(
            MEMBER_FIELDS) ";"
                           "UPDATE former_name SET digest = " DIGEST_OF(
                               FORMER_NAME_FIELDS) ";"
                                                   "UPDATE session SET digest = " DIGEST_OF(
                                                       SESSION_FIELDS) ";"
                                                                       "UPDATE generation SET value = 7, "
                                                                       "complement = -7, content "
                                                                       "= " STORE_CONTENT_3 ";"
                                                                       "INSERT INTO seal VALUES "
                                                                       "(" STORE_SCHEMA_DIGEST ");";
    char path[128];

    desk_close(desk);
    (void)snprintf(path, sizeof path, "%s/%s", desk->state_dir, FD_STORE_NAME);
    assert_int_equal(truncate(path, 0), 0);
    execute(desk, version_3);
    execute(desk, rows);
}

static void a_store_of_version_3_grows_keeps_all_and_is_whole(void **state)
{
    struct desk *desk = *state;
    struct session_row session = {0};
    struct member member = {0};
    struct check_in check_in = {.member = 70000};
    uint64_t generation;
    uint32_t holder;

    leave_version_3(desk);
    desk_open(desk);
    assert_int_equal(ask_number(desk, "PRAGMA user_version"), 4);
    assert_int_equal(store_verify(desk->members.store), STORE_OK);
    assert_int_equal(store_by_name(desk->members.store, "ada", &member), STORE_OK);
    assert_string_equal(member.groups, "crew");
    member_clear(&member);
    assert_int_equal(store_former_holder(desk->members.store, "countess", &holder), STORE_OK);
    assert_int_equal(store_session_find(desk->members.store, "00", "b1", &session), STORE_OK);
    session_row_clear(&session);
    assert_int_equal(store_generation(desk->members.store, &generation), STORE_OK);
    assert_int_equal(generation, 7);
    check_in.location = text("Berlin");
    assert_int_equal(store_check_in_begin(desk->members.store, &check_in), STORE_OK);
    check_in_clear(&check_in);
    desk_close(desk);
    desk_open(desk);
    assert_int_equal(store_verify(desk->members.store), STORE_OK);
}

/* Grown, its wrong rows would look like new ones. */
static void a_damaged_store_of_version_3_is_refused_and_does_not_grow(void **state)
{
    static const char *const damages[] = {
        "UPDATE generation SET content = content + 1",
        "UPDATE generation SET value = 8, complement = -8, content = content; UPDATE seal SET value = 'x'",
        "DROP TRIGGER member_digest_follows; UPDATE member SET subject = 's2'",
        "DELETE FROM seal",
    };
    struct desk *desk = *state;

    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        char *why = NULL;

        leave_version_3(desk);
        execute(desk, damages[i]);
        assert_null(store_open(desk->state_dir, &why));
        assert_non_null(strstr(why, "is damaged"));
        free(why);
        assert_int_equal(ask_number(desk, "PRAGMA user_version"), 3);
    }
}

static void an_old_database_grows_and_keeps_its_members(void **state)
{
    struct desk *desk = *state;
    struct member member = {0};
    uint64_t generation;

    leave_version_1(desk);
    desk_open(desk);
    assert_int_equal(store_by_name(desk->members.store, "ada", &member), STORE_OK);
    assert_int_equal(member.id, 70000);
    assert_string_equal(member.email, "ada@acme.example");
    assert_true(member.email_verified);
    assert_null(member.groups);
    assert_int_equal(store_generation(desk->members.store, &generation), STORE_OK);
    assert_int_equal(generation, 3);
    member.groups = text("crew");
    assert_int_equal(store_update(desk->members.store, &member), STORE_OK);
    assert_int_equal(store_generation(desk->members.store, &generation), STORE_OK);
    assert_int_equal(generation, 4);
    member_clear(&member);
    assert_int_equal(store_by_name(desk->members.store, "#70001", &member), STORE_OK);
    member_clear(&member);
    desk_close(desk);
    assert_int_equal(ask_number(desk, "PRAGMA user_version"), 4);
    desk_open(desk);
    assert_int_equal(store_by_name(desk->members.store, "ada", &member), STORE_OK);
    assert_string_equal(member.groups, "crew");
    member_clear(&member);
}

static void an_old_database_that_grew_is_found_whole(void **state)
{
    struct desk *desk = *state;
    char *why = NULL;

    leave_version_1(desk);
    desk_open(desk);
    assert_int_equal(store_verify(desk->members.store), STORE_OK);
    desk_close(desk);
    execute(desk, "UPDATE member SET subject = 's1x', digest = digest + 1 WHERE id = 70000");
    assert_null(store_open(desk->state_dir, &why));
    assert_non_null(strstr(why, "is damaged"));
    free(why);
}

static void a_grown_database_has_all_that_a_new_one_has(void **state)
{
    static const char parts[] =
        "SELECT count(*) * 1000 + sum(length(name)) FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'";
    struct desk *desk = *state;
    int64_t fresh = ask_number(desk, parts);

    leave_version_1(desk);
    desk_open(desk);
    assert_int_equal(ask_number(desk, parts), fresh);
    leave_version_3(desk);
    desk_open(desk);
    assert_int_equal(ask_number(desk, parts), fresh);
}

static void a_growth_that_fails_leaves_the_old_database_as_it_was(void **state)
{
    struct desk *desk = *state;
    char *why = NULL;

    leave_version_1(desk);
    execute(desk, "CREATE TABLE session (x)");
    assert_null(store_open(desk->state_dir, &why));
    assert_non_null(why);
    free(why);
    assert_int_equal(ask_number(desk, "PRAGMA user_version"), 1);
    assert_int_equal(ask_number(desk, "SELECT count(*) FROM pragma_table_info('member')"), 13);
    execute(desk, "DROP TABLE session");
    desk_open(desk);
}

static void a_newer_versions_database_is_refused(void **state)
{
    struct desk *desk = *state;
    char *why = NULL;

    desk_close(desk);
    execute(desk, "PRAGMA user_version = 5");
    assert_null(store_open(desk->state_dir, &why));
    assert_non_null(strstr(why, "newer version"));
    free(why);
}

static bool is_refused(const struct desk *desk, const char *sql)
{
    char path[128];
    bool is_refused;
    sqlite3 *db;

    (void)snprintf(path, sizeof path, "%s/%s", desk->state_dir, FD_STORE_NAME);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    is_refused = sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK;
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return is_refused;
}

static void the_database_itself_keeps_names_and_ids_whoever_writes(void **state)
{
    struct desk *desk = *state;

    leave_version_1(desk);
    desk_open(desk);
    assert_true(is_refused(desk, "DELETE FROM member"));
    assert_true(is_refused(desk, "UPDATE member SET id = 70005 WHERE id = 70000"));
    execute(desk, "INSERT INTO former_name VALUES ('old', 70000, 1)");
    assert_true(is_refused(desk, "INSERT INTO former_name VALUES ('ada', 70001, 1)"));
    assert_true(is_refused(desk, "UPDATE member SET name = 'old', digest = 1 WHERE id = 70001"));
    assert_true(is_refused(desk,
                           "INSERT INTO member VALUES (70002, 'old', NULL, NULL, NULL, NULL, 'a@b', '/h/old',"
                           " '/bin/sh', 'invited', 0, 0, 0, NULL, 1)"));
    execute(desk, "UPDATE member SET name = 'old', digest = 1 WHERE id = 70000");
    assert_int_equal(ask_number(desk, "SELECT count(*) FROM former_name"), 0);
}

/* As it signs people in: with its own statements, which know no digests. */
static void the_database_itself_keeps_check_ins_as_they_were_whoever_writes(void **state)
{
    struct desk *desk = *state;

    leave_version_3(desk);
    desk_open(desk);
    execute(desk, "INSERT INTO check_in VALUES (1, 70000, 'Berlin', 5, NULL, 'kiosk', NULL, 1);"
                  "INSERT INTO check_in VALUES (2, 70000, 'Berlin', 3, 4, 'kiosk', 'limit', 1)");
    assert_true(
        is_refused(desk, "INSERT INTO check_in VALUES (3, 70000, 'Berlin', 6, NULL, 'desk', NULL, 1)"));
    assert_true(
        is_refused(desk, "INSERT INTO check_in VALUES (3, 70009, 'Berlin', 6, NULL, 'desk', NULL, 1)"));
    assert_true(
        is_refused(desk, "INSERT INTO check_in VALUES (3, 70000, 'Ghent', 6, NULL, 'limit', NULL, 1)"));
    assert_true(
        is_refused(desk, "INSERT INTO check_in VALUES (3, 70000, 'Ghent', 6, NULL, 'desk', NULL, 0)"));
    assert_true(
        is_refused(desk, "UPDATE check_in SET out_at = 4, how_out = 'desk', digest = 2 WHERE id = 1"));
    assert_true(is_refused(desk, "UPDATE check_in SET out_at = 9, how_out = 'desk' WHERE id = 1"));
    assert_true(is_refused(desk, "UPDATE check_in SET in_at = 4, digest = 2 WHERE id = 1"));
    assert_true(is_refused(desk, "UPDATE check_in SET out_at = 9, digest = 2 WHERE id = 2"));
    execute(desk, "UPDATE check_in SET out_at = 9, how_out = 'desk', digest = 2 WHERE id = 1");
}

static void a_keeper_of_an_earlier_version_that_still_runs_damages_nothing(void **state)
{
    struct desk *desk = *state;

    leave_version_1(desk);
    desk_open(desk);
    assert_true(is_refused(desk, "UPDATE member SET last_sign_in_at = 99 WHERE id = 70000"));
    assert_true(is_refused(desk, "UPDATE member SET email = NULL, state = 'disabled' WHERE id = 70000"));
    assert_true(is_refused(desk, "INSERT INTO member (id, name, email, home, shell, state, created_at,"
                                 " last_sign_in_at, email_verified)"
                                 " VALUES (70002, 'cy', 'c@b', '/h/cy', '/bin/sh', 'invited', 0, 0, 0)"));
    assert_true(is_refused(desk, "INSERT INTO former_name (name, id) VALUES ('old', 70000)"));
    assert_true(is_refused(desk, "INSERT INTO session (ticket_hash, boot, user, issuer, subject, connection,"
                                 " service, local, began_at)"
                                 " VALUES ('t', 'b', 'ada', 'i', 's1', 'acme', 'login', 0, 1)"));
    assert_int_equal(store_verify(desk->members.store), STORE_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(an_old_database_grows_and_keeps_its_members),
        DESK_TEST(a_store_of_version_3_grows_keeps_all_and_is_whole),
        DESK_TEST(a_damaged_store_of_version_3_is_refused_and_does_not_grow),
        DESK_TEST(an_old_database_that_grew_is_found_whole),
        DESK_TEST(a_grown_database_has_all_that_a_new_one_has),
        DESK_TEST(a_growth_that_fails_leaves_the_old_database_as_it_was),
        DESK_TEST(a_newer_versions_database_is_refused),
        DESK_TEST(the_database_itself_keeps_names_and_ids_whoever_writes),
        DESK_TEST(the_database_itself_keeps_check_ins_as_they_were_whoever_writes),
        DESK_TEST(a_keeper_of_an_earlier_version_that_still_runs_damages_nothing),
    };

    return cmocka_run_group_tests_name("store_schema", tests, NULL, NULL);
}
