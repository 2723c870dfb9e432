/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands on the screen, where, and what never does. */
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

/* Into one of the grant's strings, which are all longer than what is set here. */
static void set(char *ret_text, const char *text)
{
    memcpy(ret_text, text, strlen(text) + 1);
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

static void ssh_has_one_prompt_with_everything_in_it(void **state)
{
    char *text = show(&ssh);

    (void)state;
    assert_true(display_is_ssh(&ssh));
    assert_true(display_asks(&ssh, &plain_service));
    assert_int_equal(text[0], '\n');
    assert_int_not_equal(text[1], '\n');
    assert_has(text, FULL_BLOCK FULL_BLOCK);
    assert_ends(text, URI "\n" CODE_LAST "\n" PROMPT);
    free(text);
}

static void a_console_goes_on_by_itself(void **state)
{
    char *text = show(&console);

    (void)state;
    assert_false(display_asks(&console, &plain_service));
    assert_int_not_equal(text[0], '\n');
    assert_has(text, FULL_BLOCK FULL_BLOCK);
    assert_ends(text, URI "\n" CODE_LAST);
    free(text);
}

static void the_message_names_machine_service_label_user_and_remote_host(void **state)
{
    char *text = show(&ssh);

    (void)state;
    assert_has(text, "\nSign in with Acme: ada on desk-1 (sshd), from 192.0.2.7\n");
    assert_has(text, "Approve only if you are signing in there yourself, right now.\n");
    free(text);
}

static void a_page_that_fills_in_the_code_is_shown_with_it_and_to_be_compared(void **state)
{
    struct device_grant grant = usual_grant;
    char *text;

    (void)state;
    set(grant.verification_uri_complete, COMPLETE);
    text = display_prompt(&ssh, &plain_service, &machine, LABEL, &grant);
    assert_has(text, "Check that the code matches.\n");
    assert_has(text, "\n" CODE_LAST "\n");
    free(text);
}

static void a_name_cannot_go_on_with_our_sentence(void **state)
{
    struct display_place place = ssh;
    char *text;

    (void)state;
    place.user = "ada on desk-9 (login), from 10.0.0.1";
    place.rhost = "::1), 2, (x";
    text = display_prompt(&place, &plain_service, &machine, LABEL, &usual_grant);
    assert_has(text, "Acme: ada?on?desk-9??login???from?10.0.0.1 on desk-1 (sshd), from ::1???2???x\n");
    free(text);
}

static void what_is_unknown_is_not_named(void **state)
{
    struct display_place place = console;
    char *text = show(&place);

    (void)state;
    assert_has(text, "Sign in with Acme: ada on desk-1 (login)\n");
    free(text);
    place.user = "";
    text = show(&place);
    assert_has(text, "Sign in with Acme: desk-1 (login)\n");
    free(text);
    place.rhost = "192.0.2.7";
    text = show(&place);
    assert_has(text, "Sign in with Acme: desk-1 (login), from 192.0.2.7\n");
    free(text);
}

static void the_service_may_ask_for_enter_or_not(void **state)
{
    const struct service enter = {.prompt = PROMPT_ENTER}, none = {.prompt = PROMPT_NONE};
    char *text = show_with(&console, enter);

    (void)state;
    assert_true(display_asks(&console, &enter));
    assert_int_not_equal(text[0], '\n');
    assert_ends(text, CODE_LAST "\n" PROMPT);
    free(text);
    assert_false(display_asks(&ssh, &none));
    text = show_with(&ssh, none);
    assert_int_not_equal(text[0], '\n');
    assert_ends(text, CODE_LAST);
    free(text);
}

static void without_a_prompt_ssh_gets_ascii_only(void **state)
{
    char *text = show_with(&ssh, (struct service){.prompt = PROMPT_NONE});

    (void)state;
    assert_has(text, "####");
    for (const char *at = text; *at; at++)
        assert_true((*at >= 0x20 && *at <= 0x7e) || *at == '\n');
    free(text);
}

static void the_longest_message_fits_a_packet(void **state)
{
    static const enum qr_form forms[] = {QR_UTF8, QR_ASCII};
    struct device_grant grant = usual_grant;

    (void)state;
    memset(grant.verification_uri_complete, 'a', VERIFICATION_URI_MAX);
    memcpy(grant.verification_uri_complete, "https://x/", 10);
    memcpy(grant.verification_uri, grant.verification_uri_complete, VERIFICATION_URI_MAX);
    for (size_t i = 0; i < 2; i++) {
        const struct service service = {.qr = forms[i]};
        char *text = display_prompt(&ssh, &service, &machine, LABEL, &grant);

        assert_true(strlen(text) <= PROTOCOL_TEXT_MAX);
        assert_int_equal(has_qr(text), forms[i] == QR_UTF8);
        assert_has(text, grant.verification_uri);
        assert_ends(text, CODE_LAST "\n" PROMPT);
        free(text);
    }
}

static void no_byte_of_a_provider_reaches_the_screen_unjudged(void **state)
{
    (void)state;
    for (int byte = 1; byte <= 0xff; byte++) {
        struct device_grant code = usual_grant, uri = usual_grant, complete = usual_grant;
        const bool is_plain = byte >= 0x20 && byte <= 0x7e;
        char *text;

        code.user_code[3] = (char)byte;
        text = display_prompt(&console, &plain_service, &machine, LABEL, &code);
        assert_int_equal(text != NULL, is_plain);
        free(text);
        uri.verification_uri[22] = (char)byte;
        text = display_prompt(&console, &plain_service, &machine, LABEL, &uri);
        assert_int_equal(text != NULL, is_plain && !strchr(" \"<>\\^`{|}", byte));
        free(text);
        set(complete.verification_uri_complete, COMPLETE);
        complete.verification_uri_complete[22] = (char)byte;
        text = display_prompt(&console, &plain_service, &machine, LABEL, &complete);
        assert_int_equal(text != NULL, is_plain && !strchr(" \"<>\\^`{|}", byte));
        free(text);
    }
}

static void other_schemes_never_reach_a_qr(void **state)
{
    static const char *const uris[] = {"http://idp.example/", "javascript:alert(1)", "tel:+1", "wifi:S:x;;"};

    (void)state;
    for (size_t i = 0; i < sizeof uris / sizeof uris[0]; i++) {
        struct device_grant grant = usual_grant;

        set(grant.verification_uri_complete, uris[i]);
        assert_null(display_prompt(&console, &plain_service, &machine, LABEL, &grant));
        grant.verification_uri_complete[0] = '\0';
        set(grant.verification_uri, uris[i]);
        assert_null(display_prompt(&console, &plain_service, &machine, LABEL, &grant));
    }
}

static void strings_of_the_host_are_shown_harmless_and_cut(void **state)
{
    struct display_place place = console;
    char user[PROTOCOL_USER_MAX + 1], *text;

    (void)state;
    for (int byte = 1; byte <= 0xff; byte++) {
        const char foreign[] = {'a', (char)byte, 'b', '\0'};

        place.user = place.service = place.rhost = foreign;
        text = show_with(&place, (struct service){.qr = QR_NONE});
        for (const char *at = text; *at; at++)
            assert_true((*at >= 0x20 && *at <= 0x7e) || *at == '\n');
        assert_int_equal(count_lines(text), 4);
        free(text);
    }
    place.user = place.service = place.rhost = "\xc3\xa4x";
    text = show_with(&place, (struct service){.qr = QR_NONE});
    assert_has(text, ": ??x on desk-1 (??x), from ??x\n");
    free(text);
    memset(user, 'u', sizeof user - 1);
    user[sizeof user - 1] = '\0';
    place = console;
    place.user = user;
    text = show(&place);
    assert_has(text, "uuu... on desk-1");
    assert_true(strcspn(text, "\n") < 100);
    free(text);
}

static void format_characters_are_text(void **state)
{
    struct display_place place = console;
    struct device_grant grant = usual_grant;
    char *text;

    (void)state;
    place.user = "%n%s";
    set(grant.user_code, "%n%s%n");
    set(grant.verification_uri, "https://x/%n%s");
    text = display_prompt(&place, &plain_service, &machine, "%s%n", &grant);
    assert_has(text, "%s%n: %n%s on desk-1");
    assert_has(text, "https://x/%n%s\nCode: %n%s%n");
    free(text);
}

static void a_label_keeps_its_characters_where_they_can_be_shown(void **state)
{
    static const char label[] = "B\xc3\xbc"
                                "ro\x1b\xc2\x9b\xff";
    struct display_place place = console;
    char *text = display_prompt(&place, &plain_service, &machine, label, &usual_grant);

    (void)state;
    assert_has(text, "B\xc3\xbc"
                     "ro????: ada");
    free(text);
    place.codeset = "ISO-8859-1";
    text = display_prompt(&place, &plain_service, &machine, label, &usual_grant);
    assert_has(text, "B?ro????: ada");
    free(text);
    text = display_prompt(&ssh, &plain_service, &machine, label, &usual_grant);
    assert_has(text, "B\xc3\xbc"
                     "ro????: ada");
    free(text);
}

static void choices_are_numbered_from_one(void **state)
{
    static const char *const labels[] = {"Acme", "B\xc3\xbc"
                                                 "ro"};
    struct display_place place = console;
    char *text = display_choice(&place, labels, 2);

    (void)state;
    assert_string_equal(text, "How do you want to sign in?\n  1  Acme\n  2  B\xc3\xbc"
                              "ro\nNumber: ");
    free(text);
    place.codeset = "";
    text = display_choice(&place, labels, 2);
    assert_has(text, "  2  B?ro\n");
    free(text);
    text = display_choice(&ssh, labels, 2);
    assert_int_equal(text[0], '\n');
    free(text);
}

static void as_many_choices_as_there_can_be_fit_a_packet(void **state)
{
    const char *labels[CONFIG_CONNECTIONS_MAX];
    char label[512], *text;

    (void)state;
    memset(label, 'x', sizeof label - 1);
    label[sizeof label - 1] = '\0';
    for (size_t i = 0; i < CONFIG_CONNECTIONS_MAX; i++)
        labels[i] = label;
    text = display_choice(&console, labels, CONFIG_CONNECTIONS_MAX);
    assert_true(strlen(text) <= PROTOCOL_TEXT_MAX);
    assert_has(text, " 64  xxx");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ssh_has_one_prompt_with_everything_in_it),
        cmocka_unit_test(a_console_goes_on_by_itself),
        cmocka_unit_test(the_message_names_machine_service_label_user_and_remote_host),
        cmocka_unit_test(a_page_that_fills_in_the_code_is_shown_with_it_and_to_be_compared),
        cmocka_unit_test(a_name_cannot_go_on_with_our_sentence),
        cmocka_unit_test(what_is_unknown_is_not_named),
        cmocka_unit_test(the_service_may_ask_for_enter_or_not),
        cmocka_unit_test(without_a_prompt_ssh_gets_ascii_only),
        cmocka_unit_test(the_longest_message_fits_a_packet),
        cmocka_unit_test(no_byte_of_a_provider_reaches_the_screen_unjudged),
        cmocka_unit_test(other_schemes_never_reach_a_qr),
        cmocka_unit_test(strings_of_the_host_are_shown_harmless_and_cut),
        cmocka_unit_test(format_characters_are_text),
        cmocka_unit_test(a_label_keeps_its_characters_where_they_can_be_shown),
        cmocka_unit_test(choices_are_numbered_from_one),
        cmocka_unit_test(as_many_choices_as_there_can_be_fit_a_packet),
    };

    return cmocka_run_group_tests_name("display", tests, NULL, NULL);
}
