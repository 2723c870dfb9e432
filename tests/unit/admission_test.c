/* SPDX-License-Identifier: BSD-2-Clause */
/* Which connections a LOGIN may use, and how many sign-ins there may be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "keeper/admission.h"

static char login_word[] = "login", sudo_word[] = "sudo", corp_word[] = "corp", off_word[] = "off",
            other_word[] = "other", partner_word[] = "partner", bad_word[] = "bad", none_word[] = "none";
static char *for_login[] = {login_word, NULL}, *for_sudo[] = {sudo_word, NULL}, *bad_names[] = {bad_word};

static struct connection connections[] = {
    {.name = corp_word, .enabled = true, .services = for_login},
    {.name = off_word, .enabled = false, .services = for_login},
    {.name = other_word, .enabled = true, .services = for_sudo},
    {.name = partner_word, .enabled = true, .services = for_login},
};

static struct config whole(void)
{
    return (struct config){.connections = connections, .connection_count = 4};
}

static struct login asking(const char *service, const char *connection)
{
    struct login login = {.phase = PHASE_AUTH};

    (void)snprintf(login.service, sizeof login.service, "%s", service);
    (void)snprintf(login.connection, sizeof login.connection, "%s", connection);
    return login;
}

static void all_enabled_connections_of_the_service_are_choices(void **state)
{
    const struct config config = whole();
    const struct login login = asking("login", "");
    struct admission_choices choices;

    (void)state;
    assert_int_equal(admission_choices(&config, &login, &choices), REASON_OK);
    assert_int_equal(choices.count, 2);
    assert_string_equal(choices.connections[0]->name, "corp");
    assert_string_equal(choices.connections[1]->name, "partner");
}

static void the_pam_line_chooses_before_the_section(void **state)
{
    struct service section = {.name = login_word, .connection = corp_word};
    struct config config = whole();
    struct login login = asking("login", "partner");
    struct admission_choices choices;

    (void)state;
    config.services = &section;
    config.service_count = 1;
    assert_int_equal(admission_choices(&config, &login, &choices), REASON_OK);
    assert_int_equal(choices.count, 1);
    assert_string_equal(choices.connections[0]->name, "partner");
    login = asking("login", "");
    assert_int_equal(admission_choices(&config, &login, &choices), REASON_OK);
    assert_int_equal(choices.count, 1);
    assert_string_equal(choices.connections[0]->name, "corp");
}

static void naming_chooses_only_among_what_is_enabled_here(void **state)
{
    const struct config config = whole();
    const struct login disabled = asking("login", "off"), elsewhere = asking("login", "other"),
                       unknown = asking("login", "none");
    struct admission_choices choices;

    (void)state;
    assert_int_equal(admission_choices(&config, &disabled, &choices), REASON_NO_CONNECTION);
    assert_int_equal(admission_choices(&config, &elsewhere, &choices), REASON_NO_CONNECTION);
    assert_int_equal(admission_choices(&config, &unknown, &choices), REASON_CONNECTION_UNKNOWN);
}

static void a_section_that_names_nothing_known_is_no_free_pass(void **state)
{
    struct service section = {.name = login_word, .connection = none_word};
    struct config config = whole();
    const struct login login = asking("login", "");
    struct admission_choices choices;

    (void)state;
    config.services = &section;
    config.service_count = 1;
    assert_int_equal(admission_choices(&config, &login, &choices), REASON_CONNECTION_UNKNOWN);
}

static void while_a_file_is_broken_nobody_is_passed_on(void **state)
{
    struct config config = whole();
    const struct login unserved = asking("cups", ""), disabled = asking("login", "off"),
                       broken = asking("login", "bad"), served = asking("login", "");
    struct admission_choices choices;

    (void)state;
    assert_int_equal(admission_choices(&config, &unserved, &choices), REASON_NO_CONNECTION);
    config.broken_connections = bad_names;
    config.broken_connection_count = 1;
    assert_int_equal(admission_choices(&config, &unserved, &choices), REASON_CONNECTION_BROKEN);
    assert_int_equal(admission_choices(&config, &disabled, &choices), REASON_CONNECTION_BROKEN);
    assert_int_equal(admission_choices(&config, &broken, &choices), REASON_CONNECTION_BROKEN);
    assert_int_equal(admission_choices(&config, &served, &choices), REASON_OK);
}

static void a_broken_configuration_serves_nobody(void **state)
{
    struct config config = whole();
    const struct login login = asking("login", "corp");
    struct admission_choices choices;

    (void)state;
    config.broken = true;
    assert_int_equal(admission_choices(&config, &login, &choices), REASON_CONFIG_BROKEN);
}

static void each_cap_has_its_reason(void **state)
{
    const struct limits_settings limits = {
        .sign_ins = 5, .sign_ins_per_user = 3, .sign_ins_per_host = 2, .unprivileged = 1};
    const struct admission_load under = {.all = 4, .of_user = 2, .of_asker = 1}, all = {.all = 5},
                                user = {.all = 4, .of_user = 3}, host = {.all = 4, .of_asker = 2};

    (void)state;
    assert_int_equal(admission_caps(&limits, &under, SLOT_OF_ASKER), REASON_OK);
    assert_int_equal(admission_caps(&limits, &all, SLOT_PLAIN), REASON_TOO_MANY_SIGN_INS);
    assert_int_equal(admission_caps(&limits, &user, SLOT_PLAIN), REASON_TOO_MANY_FOR_USER);
    assert_int_equal(admission_caps(&limits, &host, SLOT_OF_ASKER), REASON_TOO_MANY_FOR_HOST);
    assert_int_equal(admission_caps(&limits, &host, SLOT_PLAIN), REASON_OK);
}

static void a_few_places_are_left_for_this_machine_when_other_hosts_have_taken_all(void **state)
{
    const struct limits_settings limits = {.sign_ins = 50, .sign_ins_per_user = 3, .sign_ins_per_host = 2};
    const struct admission_load outside = {.all = 50}, here = {.all = 54, .is_here = true, .here = 4},
                                full = {.all = 55, .is_here = true, .here = 5};

    (void)state;
    assert_int_equal(admission_caps(&limits, &outside, SLOT_PLAIN), REASON_TOO_MANY_SIGN_INS);
    assert_int_equal(admission_caps(&limits, &here, SLOT_PLAIN), REASON_OK);
    assert_int_equal(admission_caps(&limits, &full, SLOT_PLAIN), REASON_TOO_MANY_SIGN_INS);
}

static void of_few_places_one_is_left_for_this_machine(void **state)
{
    const struct limits_settings limits = {.sign_ins = 5, .sign_ins_per_user = 3, .sign_ins_per_host = 2};
    const struct admission_load outside = {.all = 5}, here = {.all = 5, .is_here = true},
                                full = {.all = 6, .is_here = true, .here = 1};

    (void)state;
    assert_int_equal(admission_caps(&limits, &outside, SLOT_PLAIN), REASON_TOO_MANY_SIGN_INS);
    assert_int_equal(admission_caps(&limits, &here, SLOT_PLAIN), REASON_OK);
    assert_int_equal(admission_caps(&limits, &full, SLOT_PLAIN), REASON_TOO_MANY_SIGN_INS);
}

static void users_and_root_do_not_take_each_others_slots(void **state)
{
    const struct limits_settings limits = {.sign_ins = 5, .sign_ins_per_user = 3, .unprivileged = 1};
    const struct admission_load roots = {.all = 5}, users = {.unprivileged = 1}, own = {.of_user = 3};

    (void)state;
    assert_int_equal(admission_caps(&limits, &roots, SLOT_UNPRIVILEGED), REASON_OK);
    assert_int_equal(admission_caps(&limits, &users, SLOT_PLAIN), REASON_OK);
    assert_int_equal(admission_caps(&limits, &users, SLOT_UNPRIVILEGED), REASON_TOO_MANY_UNPRIVILEGED);
    assert_int_equal(admission_caps(&limits, &own, SLOT_UNPRIVILEGED), REASON_TOO_MANY_FOR_USER);
}

static void a_key_is_a_line_of_its_own(void **state)
{
    static const struct {
        const char *said;
        bool key;
    } cases[] = {
        {"publickey ssh-ed25519 AAAA", true},
        {"publickey ssh-ed25519 AAAA\n", true},
        {"hostbased x\npublickey ssh-rsa AAAA\n", true},
        {"", false},
        {"publickey", false},
        {"publickeys ssh-rsa", false},
        {"keyboard-interactive/pam", false},
        {"password publickey x", false},
        {" publickey x", false},
        {"PUBLICKEY x", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct login login = {0};

        (void)snprintf(login.prior_auth, sizeof login.prior_auth, "%s", cases[i].said);
        assert_int_equal(admission_has_key(&login), cases[i].key);
    }
}

static void the_smaller_of_the_two_timeouts_ends_a_sign_in(void **state)
{
    const struct service none = {.timeout = 0}, short_one = {.timeout = 20}, long_one = {.timeout = 2000};
    struct login login = {.phase = PHASE_AUTH, .timeout_s = 900};
    uint32_t slack;

    (void)state;
    slack = admission_longest_s(&login, &none) - 900;
    assert_true(slack < 60);
    assert_int_equal(admission_longest_s(&login, &short_one), 20 + slack);
    assert_int_equal(admission_longest_s(&login, &long_one), 900 + slack);
    login.phase = PHASE_OPEN_SESSION;
    assert_int_equal(admission_longest_s(&login, &short_one), 900 + slack);
    login.timeout_s = UINT32_MAX;
    assert_int_equal(admission_longest_s(&login, &none), 3600 + slack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_enabled_connections_of_the_service_are_choices),
        cmocka_unit_test(the_pam_line_chooses_before_the_section),
        cmocka_unit_test(naming_chooses_only_among_what_is_enabled_here),
        cmocka_unit_test(a_section_that_names_nothing_known_is_no_free_pass),
        cmocka_unit_test(while_a_file_is_broken_nobody_is_passed_on),
        cmocka_unit_test(a_broken_configuration_serves_nobody),
        cmocka_unit_test(each_cap_has_its_reason),
        cmocka_unit_test(a_few_places_are_left_for_this_machine_when_other_hosts_have_taken_all),
        cmocka_unit_test(of_few_places_one_is_left_for_this_machine),
        cmocka_unit_test(users_and_root_do_not_take_each_others_slots),
        cmocka_unit_test(a_key_is_a_line_of_its_own),
        cmocka_unit_test(the_smaller_of_the_two_timeouts_ends_a_sign_in),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
