/* SPDX-License-Identifier: BSD-2-Clause */
/* Tickets of the kiosk, for as long as they are good: known by their digest alone, and few of them. */
#include "keeper_stage.h"

#include "keeper/kiosk_tickets.h"

static void begin(uint32_t member, char ret_ticket[TICKET_SIZE])
{
    begin_anew();
    desk.sign_in.member_id = member;
    assert_int_equal(kiosk_ticket_begin(&desk.keeper, &desk.sign_in), REASON_OK);
    memcpy(ret_ticket, desk.sign_in.ticket, TICKET_SIZE);
}

static void a_ticket_leads_to_its_member_and_connection(void **state)
{
    char one[TICKET_SIZE], two[TICKET_SIZE];
    const struct kiosk_ticket *found;

    (void)state;
    begin(70000, one);
    begin(70001, two);
    assert_int_equal(strlen(one), 22);
    found = kiosk_ticket_find(&desk.keeper, one);
    assert_non_null(found);
    assert_int_equal(found->member, 70000);
    assert_string_equal(found->connection, "corp");
    assert_null(strstr(found->hash, one));
    assert_int_equal(kiosk_ticket_find(&desk.keeper, two)->member, 70001);
    assert_null(kiosk_ticket_find(&desk.keeper, ""));
    assert_null(kiosk_ticket_find(&desk.keeper, "AAAAAAAAAAAAAAAAAAAAAA"));
}

static void a_ticket_that_ended_or_is_too_old_leads_nowhere_and_leaves_nothing(void **state)
{
    static const struct kiosk_tickets none;
    char one[TICKET_SIZE], two[TICKET_SIZE];

    (void)state;
    begin(70000, one);
    begin(70001, two);
    kiosk_ticket_end(&desk.keeper, one);
    assert_null(kiosk_ticket_find(&desk.keeper, one));
    assert_non_null(kiosk_ticket_find(&desk.keeper, two));
    kiosk_ticket_find(&desk.keeper, two)->ends_at_ms = boottime_ms();
    assert_null(kiosk_ticket_find(&desk.keeper, two));
    kiosk_tickets_forget(&desk.keeper);
    assert_memory_equal(desk.keeper.kiosk_tickets.list, none.list, sizeof none.list);
}

static void a_ticket_is_good_for_confirm_after_and_a_little_more(void **state)
{
    char ticket[TICKET_SIZE];
    const int64_t before = boottime_ms();
    int64_t life_ms;

    (void)state;
    assert_true(write_file("etc/frontdesk.conf", "[kiosk]\nconfirm_after = 30\n"));
    begin(70000, ticket);
    life_ms = kiosk_ticket_find(&desk.keeper, ticket)->ends_at_ms - before;
    assert_true(life_ms >= 35000 && life_ms <= 35000 + boottime_ms() - before);
    kiosk_tickets_forget(&desk.keeper);
    assert_non_null(kiosk_ticket_find(&desk.keeper, ticket));
}

static void of_too_many_the_oldest_goes(void **state)
{
    char first[TICKET_SIZE], second[TICKET_SIZE], other[TICKET_SIZE];

    (void)state;
    begin(70000, first);
    begin(70001, second);
    for (unsigned i = 2; i < KIOSK_TICKETS_MAX; i++)
        begin(70000 + i, other);
    assert_non_null(kiosk_ticket_find(&desk.keeper, first));
    begin(71000, other);
    assert_null(kiosk_ticket_find(&desk.keeper, first));
    assert_non_null(kiosk_ticket_find(&desk.keeper, second));
    assert_int_equal(kiosk_ticket_find(&desk.keeper, other)->member, 71000);
}

static void a_dry_run_gives_none(void **state)
{
    char ticket[TICKET_SIZE];

    (void)state;
    desk.keeper.options.dry_run = true;
    begin(70000, ticket);
    assert_string_equal(ticket, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_ticket_leads_to_its_member_and_connection, make, unmake),
        cmocka_unit_test_setup_teardown(a_ticket_that_ended_or_is_too_old_leads_nowhere_and_leaves_nothing,
                                        make, unmake),
        cmocka_unit_test_setup_teardown(a_ticket_is_good_for_confirm_after_and_a_little_more, make, unmake),
        cmocka_unit_test_setup_teardown(of_too_many_the_oldest_goes, make, unmake),
        cmocka_unit_test_setup_teardown(a_dry_run_gives_none, make, unmake),
    };

    return cmocka_run_group_tests_name("kiosk_tickets", tests, NULL, NULL);
}
