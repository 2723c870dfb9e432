/* SPDX-License-Identifier: BSD-2-Clause */
/* The one reply of a greeter that counts, and how little it takes to be none. */
#include "unit/pam_stage.h"

#include "../../pam_module/greeter_reply.h"

#define EIDP               "{\"authSelection\":{\"status\":\"Ok\",\"eidp\":{}}}"
#define PASSWORD_HEAD      "{\"authSelection\":{\"status\":\"Ok\",\"password\":{\"password\":\""
#define PASSWORD_TAIL      "\"}}}"
#define PASSWORD(password) PASSWORD_HEAD password PASSWORD_TAIL

static struct greeter_reply reply;

static enum greeter_choice choice_of(const char *json)
{
    reply = (struct greeter_reply){.choice = GREETER_CHOICE_NONE, .password = "untouched"};
    if (greeter_reply_read(json, &reply)) {
        assert_int_not_equal(reply.choice, GREETER_CHOICE_NONE);
        return reply.choice;
    }
    assert_int_equal(reply.choice, GREETER_CHOICE_NONE);
    assert_string_equal(reply.password, "untouched");
    return GREETER_CHOICE_NONE;
}

static void assert_none(const char *json)
{
    if (choice_of(json) != GREETER_CHOICE_NONE)
        fail_msg("%s", json);
}

/* What stands between the quotes is this password. */
static void assert_password(const char *escaped, const char *password)
{
    char json[GREETER_REPLY_MAX + 1];

    (void)snprintf(json, sizeof json, PASSWORD("%s"), escaped);
    if (choice_of(json) != GREETER_CHOICE_PASSWORD)
        fail_msg("%s", json);
    assert_string_equal(reply.password, password);
}

static void assert_no_password(const char *escaped)
{
    char json[256];

    (void)snprintf(json, sizeof json, PASSWORD("%s"), escaped);
    assert_none(json);
}

static void the_two_choices_are_read(void **state)
{
    (void)state;
    assert_int_equal(choice_of(EIDP), GREETER_CHOICE_EIDP);
    assert_string_equal(reply.password, "");
    assert_password("open sesame", "open sesame");
    assert_password("", "");
}

static void members_come_in_any_order_with_space_between(void **state)
{
    (void)state;
    assert_int_equal(choice_of("{\"authSelection\":{\"eidp\":{},\"status\":\"Ok\"}}"), GREETER_CHOICE_EIDP);
    assert_int_equal(choice_of(" \t\n\r{ \"authSelection\" : { \"status\" : \"Ok\" , \"eidp\" : { } } } \n"),
                     GREETER_CHOICE_EIDP);
    assert_int_equal(
        choice_of("{\"authSelection\":{\"password\":{ \"password\" : \"x\" },\"status\":\"Ok\"}}"),
        GREETER_CHOICE_PASSWORD);
    assert_string_equal(reply.password, "x");
    assert_none("\v" EIDP);
    assert_none("\xc2\xa0" EIDP);
}

static void anything_else_is_none(void **state)
{
    static const char *const others[] = {
        "",
        " ",
        "{}",
        "null",
        "[]",
        "{\"authSelection\":{}}",
        "{\"authSelection\":null}",
        "{\"authSelection\":{\"status\":\"Ok\"}}",
        "{\"authSelection\":{\"eidp\":{}}}",
        "{\"authSelection\":{\"status\":\"Ok\",}}",
        "{\"authSelection\":{\"status\":\"Ok\",\"status\":\"Ok\"}}",
        "{\"authSelection\":{\"eidp\":{},\"eidp\":{}}}",
        "{\"authSelection\":{\"status\":\"Ok\",\"eidp\":{},\"eidp\":{}}}",
        "{\"authSelection\":{\"status\":\"Ok\",\"eidp\":{},\"status\":\"Ok\"}}",
        "{\"authSelection\":{\"status\":\"Ok\",\"eidp\":{}},\"more\":1}",
        "{\"authSelection\":{\"status\":\"Ok\",\"eidp\":{}}},",
        "{\"more\":1,\"authSelection\":{\"status\":\"Ok\",\"eidp\":{}}}",
        "{\"authSelection\":{\"status\":\"Ok\",\"eidp\":{\"eidp\":{}}}}",
        "{\"authSelection\":{\"status\":\"Ok\",\"passkey\":{}}}",
        "{\"authSelection\":{\"status\":\"Ok\",\"eidp2\":{}}}",
        "{\"authSelection\":{\"status\":\"Ok\",\"password\":{}}}",
        "{\"authSelection\":{\"status\":\"Ok\",\"password\":\"x\"}}",
        "{\"authSelection\":{\"status\":\"Ok\",\"password\":{\"password\":1}}}",
        "{\"authSelection\":{\"status\":\"Ok\",\"password\":{\"password\":null}}}",
        "{\"authSelection\":{\"status\":\"Ok\",\"password\":{\"pin\":\"x\"}}}",
        "{\"authSelection\":{\"status\":\"Ok\",\"password\":{\"password\":\"x\",\"password\":\"y\"}}}",
        "{\"authSelection\":{\"status\":\"Ok\",\"x\":}}",
        "{\"authSelection\":{\"status\":\"Ok\",\"x\":{}}}",
        "{\"authSelection\":{\"status\":\"Ok\n,\"eidp\":{}}}",
        "{\"authSelection\":{\"status\":\"Ok\",\"eidp\n:{}}}",
        "{\"authSelection\":{\"status\":\"Ok\",\"eidp\":{}}}}",
        "{\"authSelection\":{\"status\":\"ok\",\"eidp\":{}}}",
        "{\"authSelection\":{\"status\":\"Okay\",\"eidp\":{}}}",
        "{\"authSelection\":{\"status\":\"\",\"eidp\":{}}}",
        "{\"authSelection\":{\"status\":true,\"eidp\":{}}}",
        "{\"authSelection\":{\"eidp\":{},\"status\":\"Error\"}}",
        "{\"AuthSelection\":{\"status\":\"Ok\",\"eidp\":{}}}",
        "{\"authSelectionOfManyMore\":{\"status\":\"Ok\",\"eidp\":{}}}",
        "{authSelection:{\"status\":\"Ok\",\"eidp\":{}}}",
        "{\"password\":{\"status\":\"Ok\",\"eidp\":{}}}",
        "{\"password\":{\"password\":\"x\"}}",
        EIDP EIDP,
    };

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_none(others[i]);
}

static void every_byte_of_it_counts(void **state)
{
    static const char *const whole[] = {
        EIDP, PASSWORD(""), "{\"authSelection\":{\"eidp\":{},\"status\":\"Ok\"}}",
        "{\"authSelection\":{\"password\":{\"password\":\"\"},\"status\":\"Ok\"}}"};
    char json[128];

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        const size_t length = strlen(whole[i]);

        for (size_t at = 0; at < length; at++) {
            (void)snprintf(json, sizeof json, "%.*s", (int)at, whole[i]);
            assert_none(json);
            (void)snprintf(json, sizeof json, "%.*s%s", (int)at, whole[i], whole[i] + at + 1);
            assert_none(json);
            for (int c = 1; c < 256; c++) {
                (void)snprintf(json, sizeof json, "%s", whole[i]);
                json[at] = (char)c;
                if (json[at] != whole[i][at])
                    assert_none(json);
            }
        }
    }
}

static void a_name_may_be_spelled_with_escapes(void **state)
{
    (void)state;
    assert_int_equal(choice_of("{\"\\u0061uthSelection\":{\"statu\\u0073\":\"\\u004Fk\",\"eidp\":{}}}"),
                     GREETER_CHOICE_EIDP);
}

static void escapes_are_characters(void **state)
{
    (void)state;
    assert_password("a\\\"b\\\\c\\/d", "a\"b\\c/d");
    assert_password("\\b\\f\\n\\r\\t", "\b\f\n\r\t");
    assert_password("\\u0041\\u007a\\u00e9\\u20AC", "Az\xc3\xa9\xe2\x82\xac");
    assert_password("\\u0001\\u001f\\u0020\\u007f", "\x01\x1f \x7f");
    assert_password("\\ud83d\\udd11", "\xf0\x9f\x94\x91");
    assert_password("\\uAbCd\\uaBcD", "\xea\xaf\x8d\xea\xaf\x8d");
    assert_no_password("\\");
    for (int c = 1; c < 256; c++) {
        const char escape[] = {'\\', (char)c, '\0'};

        if (!strchr("\"\\/bfnrt", c))
            assert_no_password(escape);
    }
}

static void an_escaped_unit_is_four_hexadecimal_digits(void **state)
{
    char escape[] = "\\u0041";
    unsigned taken = 0;

    (void)state;
    for (size_t at = 2; at < 6; at++) {
        for (int c = 1; c < 256; c++) {
            char json[128];

            (void)snprintf(escape, sizeof escape, "\\u0041");
            escape[at] = (char)c;
            (void)snprintf(json, sizeof json, PASSWORD("%s"), escape);
            taken += choice_of(json) == GREETER_CHOICE_PASSWORD;
        }
    }
    assert_int_equal(taken, 4 * 22);
    assert_no_password("\\u");
    assert_no_password("\\u004");
    assert_no_password("\\u 041");
    assert_no_password("\\U0041");
    assert_no_password("\\x41");
}

static void a_password_holds_no_nul(void **state)
{
    (void)state;
    assert_no_password("\\u0000");
    assert_no_password("a\\u0000b");
    assert_password("\\u0001", "\x01");
}

static void surrogates_come_in_pairs(void **state)
{
    static const char *const lone[] = {
        "\\ud800",        "\\udbff",        "\\udc00",        "\\udfff",        "\\ud800x",
        "\\ud800\\n",     "\\ud800\\u0041", "\\ud800\\ud800", "\\ud800\\udbff", "\\ud800\\ue000",
        "\\udc00\\ud800", "\\udc00\\udc00", "\\ud800\\u",     "\\ud800\\udc0",  "\\ud800 \\udc00",
        "\\ud800\\Udc00", "\\ud800udc00",   "\\ud800/udc00",  "\\udfff\\udc00", "\\ud800\\xdc00"};

    (void)state;
    for (size_t i = 0; i < sizeof lone / sizeof lone[0]; i++)
        assert_no_password(lone[i]);
    assert_password("\\ud7ff\\ue000", "\xed\x9f\xbf\xee\x80\x80");
    assert_password("\\ud800\\udc00", "\xf0\x90\x80\x80");
    assert_password("\\ud800\\udfff", "\xf0\x90\x8f\xbf");
    assert_password("\\udbff\\udc00", "\xf4\x8f\xb0\x80");
    assert_password("\\udbff\\udfff", "\xf4\x8f\xbf\xbf");
}

static void a_character_is_the_same_escaped_or_not(void **state)
{
    static const struct {
        const char *plain, *escaped;
    } same[] = {{"\x7f", "\\u007f"},
                {"\xc2\x80", "\\u0080"},
                {"\xdf\xbf", "\\u07ff"},
                {"\xe0\xa0\x80", "\\u0800"},
                {"\xef\xbf\xbf", "\\uffff"},
                {"\xf0\x90\x80\x80", "\\ud800\\udc00"},
                {"\xf3\xa5\x95\x97", "\\udb55\\udd57"},
                {"\xf4\x8f\xbf\xbf", "\\udbff\\udfff"}};

    (void)state;
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        assert_password(same[i].plain, same[i].plain);
        assert_password(same[i].escaped, same[i].plain);
    }
}

static void what_is_no_text_is_none(void **state)
{
    static const char *const broken[] = {"\x80",         "\xc3",     "\xc0\x80",         "\xe2\x82",
                                         "\xed\xa0\x80", "\xf0\x9f", "\xf4\x90\x80\x80", "\xff"};

    (void)state;
    for (int c = 1; c < 0x20; c++) {
        const char control[] = {'a', (char)c, '\0'};

        assert_no_password(control);
    }
    assert_password(" \x7f", " \x7f");
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++)
        assert_no_password(broken[i]);
    /* cut by the end */
    assert_none(PASSWORD_HEAD "x");
    assert_none(PASSWORD_HEAD "\xe2\x82");
    assert_none(PASSWORD_HEAD "\\");
}

static void a_password_that_is_too_long_is_known_by_its_length(void **state)
{
    char text[2 * PAM_MAX_RESP_SIZE];

    (void)state;
    for (size_t length = PAM_MAX_RESP_SIZE - 2; length < PAM_MAX_RESP_SIZE + 3; length++) {
        char kept[PAM_MAX_RESP_SIZE + 1];

        memset(text, 'x', length);
        text[length] = '\0';
        memcpy(kept, text, sizeof kept);
        kept[PAM_MAX_RESP_SIZE] = '\0';
        assert_password(text, kept);
        assert_int_equal(strlen(reply.password), length < PAM_MAX_RESP_SIZE ? length : PAM_MAX_RESP_SIZE);
    }
}

static void a_long_text_is_not_read(void **state)
{
    static char json[GREETER_REPLY_MAX + 2];

    (void)state;
    memset(json, ' ', sizeof json);
    memcpy(json, EIDP, strlen(EIDP));
    json[GREETER_REPLY_MAX] = '\0';
    assert_int_equal(choice_of(json), GREETER_CHOICE_EIDP);
    json[GREETER_REPLY_MAX] = ' ';
    json[GREETER_REPLY_MAX + 1] = '\0';
    assert_none(json);
}

static void the_longest_password_has_room_however_it_is_spelled(void **state)
{
    char text[PAM_MAX_RESP_SIZE * 6], password[PAM_MAX_RESP_SIZE];
    size_t n = 0;

    (void)state;
    for (size_t i = 0; i < sizeof password - 1; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "\\u%04x", 'x');
    memset(password, 'x', sizeof password - 1);
    password[sizeof password - 1] = '\0';
    assert_password(text, password);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_two_choices_are_read),
        cmocka_unit_test(members_come_in_any_order_with_space_between),
        cmocka_unit_test(anything_else_is_none),
        cmocka_unit_test(every_byte_of_it_counts),
        cmocka_unit_test(a_name_may_be_spelled_with_escapes),
        cmocka_unit_test(escapes_are_characters),
        cmocka_unit_test(an_escaped_unit_is_four_hexadecimal_digits),
        cmocka_unit_test(a_password_holds_no_nul),
        cmocka_unit_test(surrogates_come_in_pairs),
        cmocka_unit_test(a_character_is_the_same_escaped_or_not),
        cmocka_unit_test(what_is_no_text_is_none),
        cmocka_unit_test(a_password_that_is_too_long_is_known_by_its_length),
        cmocka_unit_test(a_long_text_is_not_read),
        cmocka_unit_test(the_longest_password_has_room_however_it_is_spelled),
    };

    return cmocka_run_group_tests_name("greeter_reply", tests, NULL, NULL);
}
