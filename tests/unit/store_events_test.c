/* SPDX-License-Identifier: BSD-2-Clause */
/* Events wait in their order, with an id that never changes, until they are acknowledged. */
#include "members/fixture.h"
#include "members/store_events.h"

static struct hook_event event_of(const char *event_id, uint32_t member, int64_t made_at)
{
    static char json[] = "{\"version\":1}";
    struct hook_event event = {.member = member, .json = json, .made_at = made_at};

    (void)snprintf(event.event_id, sizeof event.event_id, "%s", event_id);
    (void)snprintf(event.kind, sizeof event.kind, "%s", EVENT_KIND_CHECK_IN);
    return event;
}

static void add(struct desk *desk, const char *event_id, uint32_t member, int64_t made_at)
{
    const struct hook_event event = event_of(event_id, member, made_at);

    assert_int_equal(store_begin(desk->members.store), STORE_OK);
    assert_int_equal(store_event_add(desk->members.store, &event), STORE_OK);
    assert_int_equal(store_commit(desk->members.store), STORE_OK);
}

static void assert_next_is(struct desk *desk, const char *event_id)
{
    struct hook_event event = {0};

    assert_int_equal(store_event_next(desk->members.store, &event), STORE_OK);
    assert_string_equal(event.event_id, event_id);
    hook_event_clear(&event);
}

static struct hook_backlog backlog_of(struct desk *desk)
{
    struct hook_backlog backlog = {0};

    assert_int_equal(store_event_backlog(desk->members.store, &backlog), STORE_OK);
    return backlog;
}

static void an_event_comes_back_as_it_was_made(void **state)
{
    struct desk *desk = *state;
    struct hook_event event = {0};

    assert_int_equal(store_event_next(desk->members.store, &event), STORE_NONE);
    add(desk, "one", 70000, NOW);
    desk_close(desk);
    desk_open(desk);
    assert_int_equal(store_event_next(desk->members.store, &event), STORE_OK);
    assert_string_equal(event.event_id, "one");
    assert_string_equal(event.kind, "check_in");
    assert_string_equal(event.json, "{\"version\":1}");
    assert_int_equal(event.member, 70000);
    assert_int_equal(event.made_at, NOW);
    assert_int_equal(event.attempts, 0);
    assert_int_equal(event.last_tried_at, 0);
    assert_null(event.last_error);
    hook_event_clear(&event);
    assert_int_equal(store_verify(desk->members.store), STORE_OK);
}

static void events_wait_in_the_order_in_which_they_were_made_whatever_the_clock_says(void **state)
{
    struct desk *desk = *state;

    add(desk, "one", 70000, NOW);
    add(desk, "two", 70000, NOW - 5000);
    add(desk, "three", 70000, NOW + 5000);
    assert_next_is(desk, "one");
    assert_next_is(desk, "one");
    assert_int_equal(store_event_acknowledge(desk->members.store, "one"), STORE_OK);
    assert_next_is(desk, "two");
    assert_int_equal(store_event_acknowledge(desk->members.store, "two"), STORE_OK);
    assert_next_is(desk, "three");
}

static void an_event_is_acknowledged_once_and_its_number_is_not_given_again(void **state)
{
    struct desk *desk = *state;
    struct hook_event event = {0};
    int64_t number;

    add(desk, "one", 70000, NOW);
    assert_int_equal(store_event_next(desk->members.store, &event), STORE_OK);
    number = event.number;
    hook_event_clear(&event);
    assert_int_equal(store_event_acknowledge(desk->members.store, "one"), STORE_OK);
    assert_int_equal(store_event_acknowledge(desk->members.store, "one"), STORE_NONE);
    assert_int_equal(store_event_next(desk->members.store, &event), STORE_NONE);
    add(desk, "two", 70000, NOW);
    assert_int_equal(store_event_next(desk->members.store, &event), STORE_OK);
    assert_int_equal(event.number, number + 1);
    hook_event_clear(&event);
}

static void an_event_of_the_same_id_is_refused(void **state)
{
    struct desk *desk = *state;
    const struct hook_event event = event_of("one", 70000, NOW);

    add(desk, "one", 70000, NOW);
    assert_int_equal(store_begin(desk->members.store), STORE_OK);
    assert_int_equal(store_event_add(desk->members.store, &event), STORE_CONFLICT);
    store_rollback(desk->members.store);
    assert_int_equal(store_verify(desk->members.store), STORE_OK);
}

static void a_failure_is_kept_with_its_words_and_since_when(void **state)
{
    struct desk *desk = *state;
    struct hook_event event = {0};
    struct hook_backlog backlog;

    add(desk, "one", 70000, NOW);
    add(desk, "two", 70000, NOW);
    assert_int_equal(store_event_failed(desk->members.store, "one", "status 1", NOW + 10), STORE_OK);
    assert_int_equal(store_event_failed(desk->members.store, "one", "killed", NOW + 20), STORE_OK);
    assert_int_equal(store_event_failed(desk->members.store, "none", "x", NOW), STORE_NONE);
    assert_int_equal(store_event_next(desk->members.store, &event), STORE_OK);
    assert_string_equal(event.event_id, "one");
    assert_int_equal(event.attempts, 2);
    assert_int_equal(event.first_failed_at, NOW + 10);
    assert_int_equal(event.last_tried_at, NOW + 20);
    assert_string_equal(event.last_error, "killed");
    hook_event_clear(&event);
    backlog = backlog_of(desk);
    assert_int_equal(backlog.count, 2);
    assert_int_equal(backlog.oldest_made_at, NOW);
    assert_int_equal(backlog.failing_since, NOW + 10);
    assert_string_equal(backlog.last_error, "killed");
    assert_int_equal(backlog.lost, 0);
    assert_int_equal(store_verify(desk->members.store), STORE_OK);
    assert_int_equal(store_event_acknowledge(desk->members.store, "one"), STORE_OK);
    backlog = backlog_of(desk);
    assert_int_equal(backlog.failing_since, 0);
    assert_string_equal(backlog.last_error, "");
}

static void of_too_many_the_oldest_goes_and_is_counted(void **state)
{
    struct desk *desk = *state;
    char name[16];

    assert_int_equal(store_begin(desk->members.store), STORE_OK);
    for (unsigned i = 0; i < STORE_EVENTS_MAX + 3; i++) {
        struct hook_event event;

        (void)snprintf(name, sizeof name, "e%u", i);
        event = event_of(name, 70000, NOW);
        assert_int_equal(store_event_add(desk->members.store, &event), STORE_OK);
    }
    assert_int_equal(store_commit(desk->members.store), STORE_OK);
    assert_next_is(desk, "e3");
    assert_int_equal(backlog_of(desk).count, STORE_EVENTS_MAX);
    assert_int_equal(backlog_of(desk).lost, 3);
    assert_int_equal(store_verify(desk->members.store), STORE_OK);
}

static void what_is_erased_or_too_old_goes(void **state)
{
    struct desk *desk = *state;

    add(desk, "old", 70001, NOW - 100);
    add(desk, "hers", 70000, NOW);
    add(desk, "his", 70001, NOW);
    assert_int_equal(store_events_forget(desk->members.store, NOW), STORE_OK);
    assert_next_is(desk, "hers");
    assert_int_equal(store_events_erase(desk->members.store, 70000), STORE_OK);
    assert_next_is(desk, "his");
    assert_int_equal(store_verify(desk->members.store), STORE_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(an_event_comes_back_as_it_was_made),
        DESK_TEST(events_wait_in_the_order_in_which_they_were_made_whatever_the_clock_says),
        DESK_TEST(an_event_is_acknowledged_once_and_its_number_is_not_given_again),
        DESK_TEST(an_event_of_the_same_id_is_refused),
        DESK_TEST(a_failure_is_kept_with_its_words_and_since_when),
        DESK_TEST(of_too_many_the_oldest_goes_and_is_counted),
        DESK_TEST(what_is_erased_or_too_old_goes),
    };

    return cmocka_run_group_tests_name("store_events", tests, NULL, NULL);
}
