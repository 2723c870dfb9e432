/* SPDX-License-Identifier: BSD-2-Clause */
/* What a greeter is told, member by member. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "display/greeter_json.h"
#include "frontdesk/protocol.h"
#include "json/json.h"

#define URI      "https://idp.example/device"
#define COMPLETE URI "?user_code=WDJB-MJHT"
#define PROMPT                                                                                               \
    "Scan the code with your phone, or open the address on it. Approve only if you are signing in here "     \
    "yourself, right now."
#define EIDP(label, uri, timeout)                                                                            \
    "\"eidp\":{\"name\":\"" label "\",\"role\":\"eidp\",\"linkPrompt\":\"" PROMPT "\",\"uri\":\"" uri "\","  \
    "\"code\":\"WDJB-MJHT\",\"timeout\":" timeout

static const struct device_grant usual_grant = {
    .user_code = "WDJB-MJHT", .verification_uri = URI, .verification_uri_complete = COMPLETE};

static struct greeter_sign_in usual(enum greeter greeter)
{
    return (struct greeter_sign_in){
        .greeter = greeter, .label = "Acme", .grant = &usual_grant, .lifetime_s = 120};
}

/* The builder escapes slashes or not, as json-c likes: both texts are looked at as what they mean. */
static void assert_json(char *text, const char *wanted)
{
    struct json_document *seen, *same;
    char *a, *b;

    assert_non_null(text);
    seen = json_parse(text, strlen(text));
    same = json_parse(wanted, strlen(wanted));
    assert_non_null(seen);
    assert_non_null(same);
    a = json_print(json_top(seen));
    b = json_print(json_top(same));
    assert_string_equal(a, b);
    free(a);
    free(b);
    json_free(seen);
    json_free(same);
    free(text);
}

/* Into or behind one of the grant's strings, which are all longer than what is set here. */
static void set(char *ret_text, const char *text)
{
    memcpy(ret_text, text, strlen(text) + 1);
}

static void append(char *text, const char *more)
{
    set(text + strlen(text), more);
}

static char *uri_in(const struct greeter_sign_in *sign_in)
{
    static char found[VERIFICATION_URI_MAX + 1];
    char *text = greeter_json_sign_in(sign_in);
    struct json_document *document = json_parse(text, strlen(text));
    const char *uri;

    assert_true(
        json_string(json_get_path(json_top(document), "authSelection.mechanisms.eidp.uri"), &uri, NULL));
    (void)strncpy(found, uri, sizeof found - 1);
    json_free(document);
    free(text);
    return found;
}

static int64_t timeout_in(int64_t lifetime_s)
{
    struct greeter_sign_in sign_in = usual(GREETER_KIOSK);
    struct json_document *document;
    int64_t timeout = -1;
    char *text;

    sign_in.lifetime_s = lifetime_s;
    text = greeter_json_sign_in(&sign_in);
    document = json_parse(text, strlen(text));
    assert_true(
        json_integer(json_get_path(json_top(document), "authSelection.mechanisms.eidp.timeout"), &timeout));
    json_free(document);
    free(text);
    return timeout;
}

static void who_draws_is_the_service_whose_host_offers_it(void **state)
{
    (void)state;
    assert_int_equal(greeter_of("gdm-switchable-auth", "json"), GREETER_DISPLAY_MANAGER);
    assert_int_equal(greeter_of("frontdesk-kiosk", "json"), GREETER_KIOSK);
    assert_int_equal(greeter_of("gdm-switchable-auth", ""), GREETER_NONE);
    assert_int_equal(greeter_of("frontdesk-kiosk", ""), GREETER_NONE);
    assert_int_equal(greeter_of("frontdesk-kiosk", "jsonp"), GREETER_NONE);
    assert_int_equal(greeter_of("gdm-password", "json"), GREETER_NONE);
    assert_int_equal(greeter_of("sshd", "json"), GREETER_NONE);
}

static void a_display_manager_gets_the_members_that_it_knows(void **state)
{
    const struct greeter_sign_in sign_in = usual(GREETER_DISPLAY_MANAGER);

    (void)state;
    assert_json(greeter_json_sign_in(&sign_in), "{\"authSelection\":{\"mechanisms\":{" EIDP(
                                                    "Acme", COMPLETE, "110") "}},"
                                                                             "\"priority\":[\"eidp\"]}}");
}

static void a_password_is_a_mechanism_behind_the_code(void **state)
{
    struct greeter_sign_in sign_in = usual(GREETER_DISPLAY_MANAGER);

    (void)state;
    sign_in.has_password = true;
    assert_json(
        greeter_json_sign_in(&sign_in),
        "{\"authSelection\":{\"mechanisms\":{" EIDP(
            "Acme", COMPLETE,
            "110") "},"
                   "\"password\":{\"name\":\"Password\",\"role\":\"password\",\"prompt\":\"Password\"}},"
                   "\"priority\":[\"eidp\",\"password\"]}}");
}

static void the_kiosk_gets_the_address_to_type_and_the_life_of_the_code(void **state)
{
    const struct greeter_sign_in sign_in = usual(GREETER_KIOSK);

    (void)state;
    assert_json(greeter_json_sign_in(&sign_in),
                "{\"authSelection\":{\"mechanisms\":{" EIDP(
                    "Acme", COMPLETE, "110") ",\"uriPlain\":\"" URI
                                             "\",\"lifetime\":120}},\"priority\":[\"eidp\"]}}");
}

static void the_address_is_the_complete_one_where_it_can_be_drawn(void **state)
{
    struct device_grant grant = usual_grant;
    struct greeter_sign_in gdm = usual(GREETER_DISPLAY_MANAGER), kiosk = usual(GREETER_KIOSK);

    (void)state;
    gdm.grant = kiosk.grant = &grant;
    while (strlen(grant.verification_uri_complete) < 78)
        append(grant.verification_uri_complete, "x");
    assert_string_equal(uri_in(&gdm), grant.verification_uri_complete);
    append(grant.verification_uri_complete, "x");
    assert_string_equal(uri_in(&gdm), URI);
    assert_string_equal(uri_in(&kiosk), grant.verification_uri_complete);
    grant.verification_uri_complete[0] = '\0';
    assert_string_equal(uri_in(&gdm), URI);
    assert_string_equal(uri_in(&kiosk), URI);
}

static void a_greeter_begins_anew_a_little_before_the_code_ends(void **state)
{
    (void)state;
    assert_int_equal(timeout_in(1800), 1790);
    assert_int_equal(timeout_in(21), 11);
    assert_int_equal(timeout_in(20), 20);
    assert_int_equal(timeout_in(1), 1);
}

static void a_label_cannot_leave_its_string_and_all_is_ascii_on_one_line(void **state)
{
    struct greeter_sign_in sign_in = usual(GREETER_KIOSK);
    struct json_document *document;
    const char *name;
    char *text;

    (void)state;
    sign_in.label = "A\"},\\ \n\x1b[2J Caf\xc3\xa9 \xe2\x80\xae \xff";
    text = greeter_json_sign_in(&sign_in);
    for (const char *c = text; *c; c++)
        assert_true(*c >= 0x20 && *c <= 0x7e);
    document = json_parse(text, strlen(text));
    assert_true(
        json_string(json_get_path(json_top(document), "authSelection.mechanisms.eidp.name"), &name, NULL));
    assert_string_equal(name, "A\"},\\ ??[2J Caf\xc3\xa9 ??? ?");
    json_free(document);
    free(text);
}

static void the_longest_of_everything_fits_a_message(void **state)
{
    struct device_grant grant = usual_grant;
    struct greeter_sign_in sign_in = usual(GREETER_KIOSK);
    char label[500] = "";
    char *text;

    (void)state;
    for (size_t i = 0; i < 80; i++)
        append(label, "\xf0\x9f\x94\x91");
    while (strlen(grant.verification_uri) < VERIFICATION_URI_MAX)
        append(grant.verification_uri, grant.verification_uri[8] ? "/" : "x");
    set(grant.verification_uri_complete, grant.verification_uri);
    sign_in.label = label;
    sign_in.grant = &grant;
    text = greeter_json_sign_in(&sign_in);
    assert_non_null(text);
    assert_true(strlen(text) <= PROTOCOL_TEXT_MAX / 2); /* room for longer words in another language */
    free(text);
}

static void what_no_screen_may_show_no_greeter_gets(void **state)
{
    struct device_grant grant = usual_grant;
    struct greeter_sign_in sign_in = usual(GREETER_KIOSK);

    (void)state;
    sign_in.grant = &grant;
    set(grant.user_code, "A\x1b");
    assert_null(greeter_json_sign_in(&sign_in));
    grant = usual_grant;
    set(grant.verification_uri, "http://idp.example/");
    assert_null(greeter_json_sign_in(&sign_in));
    grant = usual_grant;
    set(grant.verification_uri_complete, "javascript:alert(1)");
    assert_null(greeter_json_sign_in(&sign_in));
}

static void a_refusal_is_code_sentence_and_when_to_come_again(void **state)
{
    (void)state;
    assert_json(greeter_json_refusal(REASON_ACCESS_DENIED, "No: \"never\".", 0),
                "{\"refusal\":{\"reason\":\"access_denied\",\"text\":\"No: \\\"never\\\".\","
                "\"retryAfter\":0}}");
    assert_json(greeter_json_refusal(REASON_IDP_BUSY, "Sp\xc3\xa4ter.", 90),
                "{\"refusal\":{\"reason\":\"idp_busy\",\"text\":\"Sp\\u00e4ter.\",\"retryAfter\":90}}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_draws_is_the_service_whose_host_offers_it),
        cmocka_unit_test(a_display_manager_gets_the_members_that_it_knows),
        cmocka_unit_test(a_password_is_a_mechanism_behind_the_code),
        cmocka_unit_test(the_kiosk_gets_the_address_to_type_and_the_life_of_the_code),
        cmocka_unit_test(the_address_is_the_complete_one_where_it_can_be_drawn),
        cmocka_unit_test(a_greeter_begins_anew_a_little_before_the_code_ends),
        cmocka_unit_test(a_label_cannot_leave_its_string_and_all_is_ascii_on_one_line),
        cmocka_unit_test(the_longest_of_everything_fits_a_message),
        cmocka_unit_test(what_no_screen_may_show_no_greeter_gets),
        cmocka_unit_test(a_refusal_is_code_sentence_and_when_to_come_again),
    };

    return cmocka_run_group_tests_name("greeter_json", tests, NULL, NULL);
}
