/* SPDX-License-Identifier: BSD-2-Clause */
/* What a place can show: characters, form and size, and what becomes of the QR there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "display/display.h"
#include "display/place.h"
#include "frontdesk/protocol.h"

#define URI        "https://idp.example/device"
#define COMPLETE   URI "?user_code=WDJB-MJHT"
#define CODE       "WDJB-MJHT"
#define LABEL      "Sign in with Acme"
#define FULL_BLOCK "\xe2\x96\x88"
#define PROMPT     "Press Enter once approved: "
#define CODE_LAST  "Code: " CODE

static const struct machine_settings machine = {.name = (char[]){"desk-1"}};
static const struct service plain_service = {.name = (char[]){"x"}};
static const struct device_grant usual_grant = {.user_code = CODE, .verification_uri = URI};

static const struct display_place ssh = {
    .service = "sshd", .tty = "ssh", .rhost = "192.0.2.7", .user = "ada", .codeset = "ANSI_X3.4-1968"};
static const struct display_place console = {
    .service = "login", .tty = "pts/3", .rhost = "", .user = "ada", .codeset = "UTF-8"};

static char *show(const struct display_place *place)
{
    return display_prompt(place, &plain_service, &machine, LABEL, &usual_grant);
}

static char *show_with(const struct display_place *place, struct service service)
{
    return display_prompt(place, &service, &machine, LABEL, &usual_grant);
}

static void assert_has(const char *text, const char *part)
{
    assert_non_null(text);
    if (!strstr(text, part))
        print_error("no \"%s\" in:\n%s\n", part, text);
    assert_non_null(strstr(text, part));
}

static void assert_ends(const char *text, const char *end)
{
    assert_non_null(text);
    assert_true(strlen(text) >= strlen(end));
    assert_string_equal(text + strlen(text) - strlen(end), end);
}

static bool has_qr(const char *text)
{
    return strstr(text, FULL_BLOCK FULL_BLOCK) || strstr(text, "####");
}

static unsigned count_lines(const char *text)
{
    unsigned n = 1;

    for (; *text; text++)
        n += *text == '\n' ? 1 : 0;
    return n;
}

static void the_form_of_the_qr_follows_service_and_codeset(void **state)
{
    struct display_place place = console;
    enum qr_style style;

    (void)state;
    assert_true(place_qr_style(&place, &plain_service, &style));
    assert_int_equal(style, QR_STYLE_HALF_BLOCKS);
    place.codeset = "ISO-8859-1";
    assert_true(place_qr_style(&place, &plain_service, &style));
    assert_int_equal(style, QR_STYLE_ASCII);
    assert_true(place_qr_style(&place, &(struct service){.qr = QR_UTF8}, &style));
    assert_int_equal(style, QR_STYLE_HALF_BLOCKS);
    assert_true(place_qr_style(&console, &(struct service){.qr = QR_ASCII}, &style));
    assert_int_equal(style, QR_STYLE_ASCII);
    assert_false(place_qr_style(&console, &(struct service){.qr = QR_NONE}, &style));
    assert_true(place_qr_style(&ssh, &plain_service, &style));
    assert_int_equal(style, QR_STYLE_HALF_BLOCKS);
}

static void a_virtual_console_shows_half_blocks_although_login_knows_no_codeset(void **state)
{
    static const struct {
        const char *tty, *codeset;
        bool utf8;
    } rows[] = {
        {"tty1", "ANSI_X3.4-1968", true},
        {"/dev/tty63", "", true},
        {"tty1", "ISO-8859-1", false},
        {"ttyS0", "ANSI_X3.4-1968", false},
        {"pts/1", "", false},
        {"tty", "", false},
        {"", "", false},
        {"/dev/pts/1", "utf8", true},
        {"ttyS0", "UTF-8", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct display_place place = console;

        place.tty = rows[i].tty;
        place.codeset = rows[i].codeset;
        assert_int_equal(place_takes_utf8(&place, false), rows[i].utf8);
    }
}

static void no_qr_is_drawn_where_none_is_wanted(void **state)
{
    char *text = show_with(&console, (struct service){.qr = QR_NONE});

    (void)state;
    assert_false(has_qr(text));
    assert_ends(text, "open: " URI "\n" CODE_LAST);
    free(text);
}

/* Lines the terminal needs: a message that asks nothing leaves the cursor on a line of its own. */
static bool fits(const struct display_place *place, const char *text)
{
    return count_lines(text) + (display_asks(place, &plain_service) ? 0 : 1) <= place->rows;
}

static void a_qr_is_shown_exactly_where_the_whole_message_fits(void **state)
{
    struct display_place place = console;
    char *text;

    (void)state;
    place.columns = 80;
    for (place.rows = 1; place.rows <= 60; place.rows++) {
        text = show(&place);
        /* Version 2, thin: 25 + 2 modules in 14 rows, then title, warning, URL with code, cursor. */
        assert_int_equal(has_qr(text), place.rows >= 14 + 4);
        if (has_qr(text))
            assert_true(fits(&place, text));
        assert_has(text, URI);
        assert_ends(text, CODE_LAST);
        free(text);
    }
}

static void the_layout_gets_roomier_with_the_screen(void **state)
{
    static const struct {
        unsigned rows, lines;
    } sizes[] = {{18, 14 + 3}, {19, 15 + 3}, {20, 15 + 4}, {21, 15 + 4}, {40, 15 + 4}};
    struct display_place place = console;

    (void)state;
    place.columns = 80;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char *text;

        place.rows = sizes[i].rows;
        text = show(&place);
        assert_int_equal(count_lines(text), sizes[i].lines);
        free(text);
    }
}

static void words_are_saved_before_the_qr_is(void **state)
{
    struct display_place place = console;
    struct device_grant grant = usual_grant;

    (void)state;
    (void)snprintf(grant.verification_uri_complete, sizeof grant.verification_uri_complete, "%s", COMPLETE);
    place.columns = 80;
    for (place.rows = 1; place.rows <= 40; place.rows++) {
        char *text = display_prompt(&place, &plain_service, &machine, LABEL, &grant);

        /* Version 3, thin: 29 + 2 modules in 16 rows, then title, warning, URL with code, cursor. */
        assert_int_equal(has_qr(text), place.rows >= 16 + 4);
        if (has_qr(text)) {
            assert_true(fits(&place, text));
            assert_int_equal(strstr(text, "Check that the code matches.") != NULL, place.rows > 16 + 4);
        }
        assert_has(text, "Approve only if you are signing in there yourself, right now.");
        free(text);
    }
}

static void a_screen_too_narrow_gets_no_qr(void **state)
{
    struct display_place place = console;
    char *text;

    (void)state;
    place.rows = 60;
    for (place.columns = 20; place.columns < 60; place.columns++) {
        text = show(&place);
        assert_int_equal(has_qr(text), place.columns >= 25 + 4);
        assert_has(text, URI);
        assert_ends(text, CODE_LAST);
        free(text);
    }
}

static void wrapped_lines_count(void **state)
{
    struct display_place place = console;
    char *text;

    (void)state;
    place.columns = 80;
    place.rows = 18;
    text = display_prompt(&place, &plain_service, &machine,
                          "A label that is long enough to make the first line wrap at eighty columns, it is",
                          &usual_grant);
    assert_false(has_qr(text));
    free(text);
    assert_int_equal(place_lines(&place, ""), 1);
    place.columns = 4;
    assert_int_equal(place_lines(&place, "1234"), 1);
    assert_int_equal(place_lines(&place, "12345"), 2);
    assert_int_equal(place_lines(&place, "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"), 1);
    assert_int_equal(place_lines(&place, "\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad"), 2);
    place.columns = 0;
    assert_int_equal(place_lines(&place, "12345"), 1);
}

static void a_kiosk_is_never_asked_for_enter(void **state)
{
    const struct service waits = {.name = (char[]){"frontdesk-kiosk"}, .prompt = PROMPT_ENTER};
    struct display_place place = console;

    (void)state;
    assert_true(display_asks(&place, &waits));
    place.service = "frontdesk-kiosk";
    assert_false(display_asks(&place, &waits));
    place.tty = "ssh";
    assert_false(display_asks(&place, &plain_service));
}

static void with_an_unknown_size_the_qr_is_shown(void **state)
{
    struct display_place place = console;
    char *text;

    (void)state;
    place.rows = 5;
    text = show(&place);
    assert_true(has_qr(text));
    free(text);
    place.rows = 0;
    place.columns = 10;
    text = show(&place);
    assert_true(has_qr(text));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_form_of_the_qr_follows_service_and_codeset),
        cmocka_unit_test(a_virtual_console_shows_half_blocks_although_login_knows_no_codeset),
        cmocka_unit_test(no_qr_is_drawn_where_none_is_wanted),
        cmocka_unit_test(a_qr_is_shown_exactly_where_the_whole_message_fits),
        cmocka_unit_test(the_layout_gets_roomier_with_the_screen),
        cmocka_unit_test(words_are_saved_before_the_qr_is),
        cmocka_unit_test(a_screen_too_narrow_gets_no_qr),
        cmocka_unit_test(wrapped_lines_count),
        cmocka_unit_test(a_kiosk_is_never_asked_for_enter),
        cmocka_unit_test(with_an_unknown_size_the_qr_is_shown),
    };

    return cmocka_run_group_tests_name("place", tests, NULL, NULL);
}
