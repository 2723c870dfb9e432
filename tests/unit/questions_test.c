/* SPDX-License-Identifier: BSD-2-Clause */
/* The label wherever the person meets it: 80 characters of any script survive. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "display/display.h"

#define LABEL_CHARACTERS 80

static const struct display_place console = {
    .service = "login", .tty = "/dev/tty1", .rhost = "", .user = "", .codeset = "UTF-8"};
static const struct display_place ssh = {
    .service = "sshd", .tty = "ssh", .rhost = "203.0.113.9", .user = "ana", .codeset = "UTF-8"};

static const char *const characters[] = {
    "x",                /* Latin */
    "\xd8\xb4",         /* Arabic */
    "\xe6\xbc\xa2",     /* Chinese */
    "\xe0\xa4\x95",     /* Devanagari */
    "\xf0\x9f\x94\x91", /* beyond the basic plane */
    "\xcc\x81",         /* a combining accent */
};
#define CHARACTERS (sizeof characters / sizeof characters[0])

static char *label_of(const char *character)
{
    static char label[LABEL_CHARACTERS * 4 + 1];

    const size_t length = strlen(character);

    for (unsigned i = 0; i < LABEL_CHARACTERS; i++)
        memcpy(label + i * length, character, length + 1);
    return label;
}

static void assert_holds(char *text, const char *label)
{
    assert_non_null(text);
    assert_non_null(strstr(text, label));
    free(text);
}

static void a_long_label_of_any_script_survives_in_each_question(void **state)
{
    const struct display_place *const places[] = {&console, &ssh};

    (void)state;
    for (size_t i = 0; i < CHARACTERS * 2; i++) {
        const char *label = label_of(characters[i / 2]);

        assert_holds(display_offer(places[i % 2], label), label);
        assert_holds(display_choice(places[i % 2], &label, 1), label);
    }
}

static void a_long_label_of_any_script_survives_beside_the_code(void **state)
{
    static char machine_name[] = "desk-1";
    const struct machine_settings machine = {.name = machine_name};
    const struct device_grant grant = {.user_code = "WDJB-MJHT",
                                       .verification_uri = "https://idp.example/device"};
    const struct service service = {.prompt = PROMPT_AUTO};

    (void)state;
    for (size_t i = 0; i < CHARACTERS; i++) {
        const char *label = label_of(characters[i]);

        assert_holds(display_prompt(&console, &service, &machine, label, &grant), label);
        assert_holds(display_prompt(&ssh, &service, &machine, label, &grant), label);
    }
}

static void what_is_asked_ends_as_a_prompt(void **state)
{
    const char *names[] = {"kiosk", "ana"};
    char *texts[] = {display_offer(&console, "Acme"), display_offer(&console, NULL), display_email_question(),
                     display_users(&console, names, 2)};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_string_equal(texts[i] + strlen(texts[i]) - 2, ": ");
        free(texts[i]);
    }
}

static void where_to_sign_out_is_a_link_or_has_its_qr(void **state)
{
    static const char url[] = "https://idp.example/out?client_id=desk";
    struct service service = {.log_out = LOG_OUT_LINK, .qr = QR_UTF8};
    char *text = display_log_out(&console, &service, url);

    (void)state;
    assert_null(strchr(text, '\n'));
    assert_holds(text, url);
    service.log_out = LOG_OUT_QR;
    text = display_log_out(&console, &service, url);
    assert_non_null(strstr(text, "\xe2\x96\x88"));
    assert_holds(text, url);
    service.qr = QR_NONE;
    text = display_log_out(&console, &service, url);
    assert_null(strchr(text, '\n'));
    free(text);
}

static void a_url_that_no_screen_may_show_is_not_shown(void **state)
{
    const struct service service = {.log_out = LOG_OUT_LINK};

    (void)state;
    assert_null(display_log_out(&console, &service, "http://idp.example/out"));
    assert_null(display_log_out(&console, &service, "https://idp.example/\x1b]0;x"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_long_label_of_any_script_survives_in_each_question),
        cmocka_unit_test(a_long_label_of_any_script_survives_beside_the_code),
        cmocka_unit_test(what_is_asked_ends_as_a_prompt),
        cmocka_unit_test(where_to_sign_out_is_a_link_or_has_its_qr),
        cmocka_unit_test(a_url_that_no_screen_may_show_is_not_shown),
    };

    return cmocka_run_group_tests_name("questions", tests, NULL, NULL);
}
