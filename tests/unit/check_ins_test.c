/* SPDX-License-Identifier: BSD-2-Clause */
/* In, already in, out: by the time that the rule is told, not by any clock. */
#include "members/check_ins.h"

#include "members/store_events.h"
#include "members/verbs.h"

static char somewhere[] = "Berlin", elsewhere[] = "Ghent", a_program[] = "/usr/bin/tell";

/* Hooks for both, 16 h, 90 days, as the defaults have it. */
static void set_kiosk(struct desk *desk)
{
    static char machine[] = "desk-1";

    desk->config.machine.location = somewhere;
    desk->config.machine.name = machine;
    desk->config.kiosk.check_in_limit = 16 * 3600;
    desk->config.kiosk.keep_check_ins = 90 * 86400;
    desk->config.kiosk.on_check_in = desk->config.kiosk.on_check_out = a_program;
}

static struct check_ins at(struct desk *desk, int64_t now)
{
    return (struct check_ins){.members = &desk->members, .config = &desk->config, .now = now};
}

static struct member member_of(struct desk *desk, const char *name)
{
    struct member member = {0};

    assert_int_equal(store_by_name(desk->members.store, name, &member), STORE_OK);
    return member;
}

static void assert_scan(struct desk *desk, const char *name, int64_t now, const char *outcome, int64_t since)
{
    const struct check_ins check_ins = at(desk, now);
    struct member member = member_of(desk, name);
    enum check_in_outcome is = CHECK_IN_ALREADY;
    struct check_in check_in;

    assert_int_equal(check_ins_scan(&check_ins, &member, &is, &check_in), REASON_OK);
    assert_string_equal(check_in_outcome_name(is), outcome);
    assert_int_equal(check_in.in_at, since);
    check_in_clear(&check_in);
    member_clear(&member);
}

static int setup(void **state)
{
    struct desk *desk;

    if (desk_setup(state) != 0)
        return -1;
    desk = *state;
    set_kiosk(desk);
    assert_sign_in(desk, ada(), REASON_OK);
    assert_sign_in(desk, person(bob_subject, bob_name, NULL), REASON_OK);
    return 0;
}

struct rows {
    struct check_in last;
    unsigned count;
};

static bool keep_row(void *context, const struct check_in *check_in)
{
    struct rows *rows = context;

    rows->last = *check_in;
    rows->last.location = NULL;
    rows->count++;
    return true;
}

static struct rows rows_of(struct desk *desk, bool only_open)
{
    const struct check_in_filter filter = {.only_open = only_open};
    struct rows rows = {0};

    assert_int_equal(store_each_check_in(desk->members.store, &filter, keep_row, &rows), STORE_OK);
    assert_int_equal(store_verify(desk->members.store), STORE_OK);
    return rows;
}

static void a_second_scan_is_already_in_for_two_minutes_and_out_after(void **state)
{
    struct desk *desk = *state;

    assert_scan(desk, "ada", NOW, "in", NOW);
    assert_scan(desk, "ada", NOW, "already", NOW);
    assert_scan(desk, "ada", NOW + 119, "already", NOW);
    assert_int_equal(rows_of(desk, true).count, 1);
    assert_scan(desk, "ada", NOW + 120, "out", NOW);
    assert_int_equal(rows_of(desk, true).count, 0);
    assert_int_equal(rows_of(desk, false).last.out_at, NOW + 120);
    assert_int_equal(rows_of(desk, false).last.how_out, CHECK_IN_KIOSK);
    assert_scan(desk, "ada", NOW + 121, "in", NOW + 121);
    assert_int_equal(rows_of(desk, false).count, 2);
}

static void two_people_and_two_places_have_nothing_to_do_with_each_other(void **state)
{
    struct desk *desk = *state;

    assert_scan(desk, "ada", NOW, "in", NOW);
    assert_scan(desk, "bob", NOW + 10, "in", NOW + 10);
    desk->config.machine.location = elsewhere;
    assert_scan(desk, "ada", NOW + 300, "in", NOW + 300);
    assert_int_equal(rows_of(desk, true).count, 3);
    desk->config.machine.location = NULL;
    assert_scan(desk, "ada", NOW + 300, "in", NOW + 300);
    desk->config.machine.location = somewhere;
    assert_scan(desk, "ada", NOW + 600, "out", NOW);
    assert_int_equal(rows_of(desk, true).count, 3);
}

static void an_open_check_in_ends_after_the_limit(void **state)
{
    struct desk *desk = *state;
    const int64_t limit = desk->config.kiosk.check_in_limit;
    struct check_ins check_ins = at(desk, NOW + limit - 1);
    struct rows rows;

    assert_scan(desk, "ada", NOW, "in", NOW);
    assert_int_equal(check_ins_settle(&check_ins), REASON_OK);
    assert_int_equal(rows_of(desk, true).count, 1);
    check_ins.now = NOW + limit + 5000;
    assert_int_equal(check_ins_settle(&check_ins), REASON_OK);
    rows = rows_of(desk, false);
    assert_false(rows.last.is_open);
    assert_int_equal(rows.last.out_at, NOW + limit);
    assert_int_equal(rows.last.how_out, CHECK_IN_LIMIT);
}

static void who_comes_back_after_the_limit_is_in_anew(void **state)
{
    struct desk *desk = *state;
    const int64_t limit = desk->config.kiosk.check_in_limit;

    assert_scan(desk, "ada", NOW, "in", NOW);
    assert_scan(desk, "ada", NOW + limit, "in", NOW + limit);
    assert_int_equal(rows_of(desk, false).count, 2);
    assert_int_equal(rows_of(desk, true).count, 1);
}

static bool count_ended(void *context, const struct member *member, const struct check_in *check_in)
{
    assert_string_equal(member->name, "ada");
    assert_false(check_in->is_open);
    ++*(unsigned *)context;
    return true;
}

static bool refuse_ended(void *context, const struct member *member, const struct check_in *check_in)
{
    (void)context;
    (void)member;
    (void)check_in;
    return false;
}

static void what_the_limit_ended_and_could_not_be_told_did_not_end(void **state)
{
    struct desk *desk = *state;
    struct check_ins check_ins = at(desk, NOW + 10 * 86400);
    unsigned ended = 0;

    assert_scan(desk, "ada", NOW, "in", NOW);
    check_ins.told = refuse_ended;
    assert_int_equal(check_ins_settle(&check_ins), REASON_AUDIT_FAILED);
    assert_int_equal(rows_of(desk, true).count, 1);
    check_ins.told = count_ended;
    check_ins.context = &ended;
    assert_int_equal(check_ins_settle(&check_ins), REASON_OK);
    assert_int_equal(ended, 1);
    assert_int_equal(rows_of(desk, true).count, 0);
}

static void a_check_in_is_forgotten_when_its_time_is_over(void **state)
{
    struct desk *desk = *state;
    const int64_t keep = desk->config.kiosk.keep_check_ins;
    struct check_ins check_ins = at(desk, NOW + 200 + keep);
    struct hook_event event = {0};

    assert_scan(desk, "ada", NOW, "in", NOW);
    assert_scan(desk, "ada", NOW + 200, "out", NOW);
    assert_int_equal(check_ins_settle(&check_ins), REASON_OK);
    assert_int_equal(rows_of(desk, false).count, 1);
    check_ins.now++;
    assert_int_equal(check_ins_settle(&check_ins), REASON_OK);
    assert_int_equal(rows_of(desk, false).count, 0);
    assert_int_equal(store_event_next(desk->members.store, &event), STORE_NONE);
}

static void a_clock_that_is_set_back_makes_no_negative_stay_and_locks_nobody_in(void **state)
{
    struct desk *desk = *state;

    assert_scan(desk, "ada", NOW, "in", NOW);
    assert_scan(desk, "ada", NOW - 119, "already", NOW);
    assert_scan(desk, "ada", NOW - 7200, "out", NOW);
    assert_int_equal(rows_of(desk, false).last.out_at, NOW);
    assert_scan(desk, "ada", NOW - 7190, "in", NOW - 7190);
}

static void events_are_written_where_a_program_is_named_and_only_there(void **state)
{
    struct desk *desk = *state;
    struct hook_event event = {0};

    desk->config.kiosk.on_check_in = NULL;
    assert_scan(desk, "ada", NOW, "in", NOW);
    assert_int_equal(store_event_next(desk->members.store, &event), STORE_NONE);
    assert_scan(desk, "ada", NOW + 50, "already", NOW);
    assert_int_equal(store_event_next(desk->members.store, &event), STORE_NONE);
    assert_scan(desk, "ada", NOW + 500, "out", NOW);
    assert_int_equal(store_event_next(desk->members.store, &event), STORE_OK);
    assert_string_equal(event.kind, EVENT_KIND_CHECK_OUT);
    hook_event_clear(&event);
}

static void an_event_says_who_where_when_and_how(void **state)
{
    struct desk *desk = *state;
    struct hook_event event = {0};
    char start[128];

    assert_scan(desk, "ada", NOW, "in", NOW);
    assert_int_equal(store_event_next(desk->members.store, &event), STORE_OK);
    assert_int_equal(strlen(event.event_id), 22);
    (void)snprintf(start, sizeof start, "{\"version\":1,\"event\":\"%s\",\"kind\":\"check_in\",",
                   event.event_id);
    assert_memory_equal(event.json, start, strlen(start));
    assert_string_equal(event.json + strlen(start),
                        "\"time\":\"2023-11-14T22:13:20Z\",\"location\":\"Berlin\",\"machine\":\"desk-1\","
                        "\"how\":\"kiosk\",\"check_in\":1,\"checked_in_at\":\"2023-11-14T22:13:20Z\","
                        "\"connection\":\"acme\",\"member\":{\"name\":\"ada\",\"uid\":65536,"
                        "\"issuer\":\"https://login.acme.example\",\"subject\":\"s-ada\","
                        "\"full_name\":null,\"email\":\"ada@acme.example\","
                        "\"email_verified\":true}}");
    hook_event_clear(&event);
}

static void who_is_erased_leaves_no_check_in_and_no_event(void **state)
{
    struct desk *desk = *state;
    struct member member;
    struct hook_event event = {0};

    assert_scan(desk, "ada", NOW, "in", NOW);
    assert_scan(desk, "bob", NOW, "in", NOW);
    assert_int_equal(members_remove(&desk->members, "ada", false, false, &member), REASON_OK);
    member_clear(&member);
    assert_int_equal(rows_of(desk, false).count, 2);
    assert_int_equal(members_remove(&desk->members, "ada", false, true, &member), REASON_OK);
    member_clear(&member);
    assert_int_equal(rows_of(desk, false).count, 1);
    assert_int_equal(store_event_next(desk->members.store, &event), STORE_OK);
    assert_non_null(strstr(event.json, "\"bob\""));
    hook_event_clear(&event);
}

static void by_hand_a_member_is_in_once_and_out_once(void **state)
{
    struct desk *desk = *state;
    const struct check_ins check_ins = at(desk, NOW);
    struct check_in check_in;

    assert_int_equal(check_ins_add(&check_ins, "ada", "Ghent", &check_in), REASON_OK);
    assert_int_equal(check_in.how_in, CHECK_IN_DESK);
    check_in_clear(&check_in);
    assert_int_equal(check_ins_add(&check_ins, "ada", "Ghent", &check_in), REASON_ALREADY_CHECKED_IN);
    check_in_clear(&check_in);
    assert_int_equal(check_ins_add(&check_ins, "nobody", "Ghent", &check_in), REASON_NOT_A_MEMBER);
    assert_int_equal(check_ins_close(&check_ins, "bob", NULL), REASON_NOT_CHECKED_IN);
    assert_int_equal(check_ins_close(&check_ins, "ada", "Berlin"), REASON_NOT_CHECKED_IN);
    assert_int_equal(check_ins_close(&check_ins, "ada", NULL), REASON_OK);
    assert_int_equal(rows_of(desk, false).last.how_out, CHECK_IN_DESK);
    assert_int_equal(check_ins_close(&check_ins, "ada", NULL), REASON_NOT_CHECKED_IN);
}

static bool keep_number(void *context, const struct member *member, const struct check_in *check_in)
{
    assert_string_equal(member->name, "ada");
    assert_true(check_in->is_open);
    *(int64_t *)context = check_in->id;
    return true;
}

static void by_hand_what_cannot_be_told_is_not_done_and_what_is_done_is_told_as_it_is(void **state)
{
    struct desk *desk = *state;
    struct check_ins check_ins = at(desk, NOW);
    struct check_in check_in;
    int64_t told = 0;

    check_ins.told = refuse_ended;
    assert_int_equal(check_ins_add(&check_ins, "ada", "Ghent", &check_in), REASON_AUDIT_FAILED);
    check_in_clear(&check_in);
    assert_int_equal(rows_of(desk, false).count, 0);
    check_ins.told = keep_number;
    check_ins.context = &told;
    assert_int_equal(check_ins_add(&check_ins, "ada", "Ghent", &check_in), REASON_OK);
    check_in_clear(&check_in);
    assert_int_equal(told, rows_of(desk, true).last.id);
}

static void who_is_disabled_is_not_checked_in_by_hand_and_who_is_in_gets_out(void **state)
{
    struct desk *desk = *state;
    const struct check_ins check_ins = at(desk, NOW + 5);
    struct check_in check_in;

    assert_scan(desk, "ada", NOW, "in", NOW);
    assert_scan(desk, "bob", NOW, "in", NOW);
    assert_int_equal(set_state(desk, "ada", MEMBER_DISABLED), REASON_OK);
    assert_int_equal(check_ins_add(&check_ins, "ada", "Ghent", &check_in), REASON_MEMBER_DISABLED);
    assert_int_equal(check_ins_close(&check_ins, NULL, NULL), REASON_OK);
    assert_int_equal(rows_of(desk, true).count, 0);
    assert_int_equal(rows_of(desk, false).count, 2);
}

static void a_trial_writes_nothing(void **state)
{
    struct desk *desk = *state;
    const struct check_ins check_ins = at(desk, NOW);
    struct check_in check_in;

    desk->members.dry_run = true;
    assert_int_equal(check_ins_add(&check_ins, "ada", "", &check_in), REASON_OK);
    check_in_clear(&check_in);
    assert_scan(desk, "ada", NOW, "in", NOW);
    assert_int_equal(rows_of(desk, false).count, 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, desk_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_second_scan_is_already_in_for_two_minutes_and_out_after),
        CASE(two_people_and_two_places_have_nothing_to_do_with_each_other),
        CASE(an_open_check_in_ends_after_the_limit),
        CASE(who_comes_back_after_the_limit_is_in_anew),
        CASE(what_the_limit_ended_and_could_not_be_told_did_not_end),
        CASE(a_check_in_is_forgotten_when_its_time_is_over),
        CASE(a_clock_that_is_set_back_makes_no_negative_stay_and_locks_nobody_in),
        CASE(events_are_written_where_a_program_is_named_and_only_there),
        CASE(an_event_says_who_where_when_and_how),
        CASE(who_is_erased_leaves_no_check_in_and_no_event),
        CASE(by_hand_a_member_is_in_once_and_out_once),
        CASE(by_hand_what_cannot_be_told_is_not_done_and_what_is_done_is_told_as_it_is),
        CASE(who_is_disabled_is_not_checked_in_by_hand_and_who_is_in_gets_out),
        CASE(a_trial_writes_nothing),
    };

    return cmocka_run_group_tests_name("check_ins", tests, NULL, NULL);
}
