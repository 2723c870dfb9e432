/* SPDX-License-Identifier: BSD-2-Clause */
/* The parts of the PAM module that need no socket, at the edges that no host and no helper come to easily. */
#include "unit/pam_stage.h"

#include <sys/un.h>

#include "../../pam_module/arguments.h"
#include "../../pam_module/caller.h"
#include "../../pam_module/converse.h"
#include "../../pam_module/lookup.h"
#include "../../pam_module/plain_text.h"
#include "frontdesk/ids.h"
#include "frontdesk/member_text.h"
#include "frontdesk/protocol.h"

static bool memory_is_out;
static const void *erased_at_free;

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);

void *__wrap_malloc(size_t size)
{
    return memory_is_out ? NULL : __real_malloc(size);
}

void __real_free(void *memory);
void __wrap_free(void *memory);

void __wrap_free(void *memory)
{
    if (memory && memory == erased_at_free)
        assert_int_equal(((const char *)memory)[0], 0);
    __real_free(memory);
}

static int clean(void **state)
{
    (void)state;
    memset(&pam, 0, sizeof pam);
    memory_is_out = false;
    NAMES_SAY({.error = 0});
    return 0;
}

static bool is_understood(const char *word)
{
    const char *argv[] = {word};
    const struct arguments arguments = arguments_read(1, argv);

    assert_true(!arguments.fault || arguments.fault == word);
    return !arguments.fault;
}

static void a_socket_is_an_absolute_path_that_fits_an_address(void **state)
{
    char word[256] = "socket=/";

    (void)state;
    assert_true(is_understood("socket=/run/x.sock"));
    assert_false(is_understood("socket=run/x.sock"));
    assert_false(is_understood("socket= /run"));
    memset(word + 8, 'x', sizeof((struct sockaddr_un *)0)->sun_path);
    word[7 + sizeof((struct sockaddr_un *)0)->sun_path] = '\0';
    assert_false(is_understood(word));
    word[7 + sizeof((struct sockaddr_un *)0)->sun_path - 1] = '\0';
    assert_true(is_understood(word));
}

static void a_word_is_understood_whole_or_not_at_all(void **state)
{
    static const char *good[] = {"debug",
                                 "timeout=1",
                                 "timeout=86400",
                                 "timeout=0900",
                                 "connection=staff",
                                 "local_users=a,b",
                                 "break_glass=a",
                                 "password_login=allowed",
                                 "password_login=denied"};
    static const char *const bad[] = {"nonsense",
                                      "",
                                      "=",
                                      "debug=yes",
                                      "debugging",
                                      "DEBUG",
                                      "timeout",
                                      "timeout=",
                                      "timeout=0",
                                      "timeout=86401",
                                      "timeout=-1",
                                      "timeout=+5",
                                      "timeout= 5",
                                      "timeout=5s",
                                      "timeout=5/",
                                      "timeout=:5",
                                      "timeout=99999999999999999999",
                                      "timeout=4294967297",
                                      "socket=",
                                      "connection=",
                                      "local_users=",
                                      "break_glass=",
                                      "local_user=maria",
                                      "password_login=",
                                      "password_login=yes",
                                      "password_login=allowed "};
    const char *twice[] = {"debug", "debug"}, *both[] = {"timeout=5", "debug"};
    char wide[16 + PROTOCOL_FIELD_MAX] = "connection=";

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(is_understood(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (is_understood(bad[i]))
            fail_msg("%s", bad[i]);
    memset(wide + 11, 'x', PROTOCOL_FIELD_MAX);
    assert_true(is_understood(wide));
    wide[11 + PROTOCOL_FIELD_MAX] = 'x';
    assert_false(is_understood(wide));
    assert_ptr_equal(arguments_read(2, twice).fault, twice[1]);
    assert_null(arguments_read(2, both).fault);
    assert_true(arguments_read(2, both).debug);
    assert_int_equal(arguments_read(2, both).timeout_s, 5);
    assert_int_equal(arguments_read(0, NULL).timeout_s, PROTOCOL_TIMEOUT_S);
    assert_true(arguments_read(1, &good[7]).passwords_allowed);
    assert_false(arguments_read(1, &good[8]).passwords_allowed);
    assert_false(arguments_read(1, &good[0]).passwords_allowed);
    assert_string_equal(arguments_read(1, &good[5]).local_users, "a,b");
    assert_string_equal(arguments_read(1, &good[4]).connection, "staff");
}

static void the_first_fault_of_a_line_is_told_and_the_rest_is_read(void **state)
{
    const char *argv[] = {"timeout=5", "first", "second=", "break_glass=admin"};
    const struct arguments arguments = arguments_read(4, argv);

    (void)state;
    assert_string_equal(arguments.fault, "first");
    assert_string_equal(arguments.break_glass, "admin");
    assert_int_equal(arguments.timeout_s, 5);
}

static void no_list_has_the_empty_name(void **state)
{
    (void)state;
    assert_false(name_list_has("", ""));
    assert_false(name_list_has("a,,b", ""));
    assert_false(name_list_has(",", ""));
    assert_false(name_list_has(NULL, "a"));
    assert_true(name_list_has("a,,b", "b"));
    assert_false(name_list_has("ab,ba", "a"));
    assert_false(name_list_has("a,b", "a,b"));
}

static void the_name_service_says_yes_no_or_neither(void **state)
{
    uid_t uid = 7;

    (void)state;
    NAMES_SAY({.is_found = true, .uid = 70000});
    assert_int_equal(lookup_user("ana", &uid), LOOKUP_FOUND);
    assert_int_equal(uid, 70000);
    NAMES_SAY({.error = 0});
    assert_int_equal(lookup_user("ana", &uid), LOOKUP_ABSENT);
    NAMES_SAY({.error = ENOENT});
    assert_int_equal(lookup_user("ana", &uid), LOOKUP_ABSENT);
    NAMES_SAY({.error = ESRCH});
    assert_int_equal(lookup_user("ana", &uid), LOOKUP_ABSENT);
    NAMES_SAY({.error = EIO});
    assert_int_equal(lookup_user("ana", &uid), LOOKUP_FAILED);
    assert_int_equal(names_asked, 1);
    assert_int_equal(uid, 70000);
}

static void a_wide_entry_gets_a_larger_buffer_up_to_a_mebibyte(void **state)
{
    uid_t uid = 7;

    (void)state;
    NAMES_SAY({.error = ERANGE}, {.error = ERANGE}, {.is_found = true, .uid = 70000});
    assert_int_equal(lookup_user("ana", &uid), LOOKUP_FOUND);
    assert_int_equal(names_asked, 3);
    NAMES_SAY({.error = ERANGE});
    assert_int_equal(lookup_user("ana", &uid), LOOKUP_FAILED);
    assert_int_equal(largest_buffer, 1024 * 1024);
}

static void without_memory_nobody_is_unknown(void **state)
{
    uid_t uid = 7;
    enum lookup lookup;

    (void)state;
    memory_is_out = true;
    lookup = lookup_user("ana", &uid);
    memory_is_out = false;
    assert_int_equal(lookup, LOOKUP_FAILED);
    assert_int_equal(names_asked, 0);
}

static struct caller find(const char *user)
{
    static const struct arguments arguments = {.local_users = "kiosk", .break_glass = "admin"};

    pam.items[PAM_USER] = user;
    return caller_find(PAMH, &arguments);
}

static void callers_are_sorted_by_their_ids(void **state)
{
    char name[PROTOCOL_USER_MAX + 3];
    struct caller caller;

    (void)state;
    assert_int_equal(find(NULL).kind, CALLER_UNNAMED);
    assert_int_equal(find("").kind, CALLER_UNNAMED);
    assert_int_equal(find("admin").kind, CALLER_BREAK_GLASS);
    assert_int_equal(find("ghost").kind, CALLER_STRANGER);
    NAMES_SAY({.error = EIO});
    assert_int_equal(find("ghost").kind, CALLER_UNREADABLE);
    NAMES_SAY({.is_found = true, .uid = FD_MEMBER_ID_MIN});
    assert_int_equal(find("ana").kind, CALLER_MEMBER);
    NAMES_SAY({.is_found = true, .uid = 1000});
    assert_int_equal(find("kiosk").kind, CALLER_LISTED);
    assert_int_equal(find("maria").kind, CALLER_LOCAL);
    NAMES_SAY({.is_found = true, .uid = 0});
    assert_int_equal(find("kiosk").kind, CALLER_LOCAL);
    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    caller = find(name);
    assert_int_equal(caller.kind, CALLER_TOO_LONG);
    assert_int_equal(strlen(caller.user), PROTOCOL_USER_MAX);
    assert_int_equal(find(name + 1).kind, CALLER_TOO_LONG);
    assert_int_equal(find(name + 2).kind, CALLER_LOCAL);
}

static void a_user_that_cannot_be_read_is_neither_unset_nor_the_same(void **state)
{
    struct caller caller;

    (void)state;
    pam.items_fail = true;
    caller = find("ana");
    assert_int_equal(caller.kind, CALLER_UNREADABLE);
    assert_string_equal(caller.user, "");
    assert_false(caller_is_unchanged(PAMH, &caller));
}

/* In UTF-8. */
static const char *spelt(uint32_t c, char ret_text[5])
{
    static const unsigned char heads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    const size_t size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

    for (size_t i = size - 1; i > 0; i--, c >>= 6)
        ret_text[i] = (char)(0x80 | (c & 63));
    ret_text[0] = (char)(heads[size] | c);
    ret_text[size] = '\0';
    return ret_text;
}

static void what_commands_a_terminal_or_hides_is_no_text(void **state)
{
    static const uint32_t hidden[] = {0x1b,   0x9b,   0xad,   0x61c,  0x180e, 0x200b,  0x202e,  0x2066,
                                      0xe000, 0xfdd0, 0xfeff, 0xfff9, 0xffff, 0x1fffe, 0xe0041, 0x10fffd};
    char text[5];

    (void)state;
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
        if (plain_text(spelt(hidden[i], text), true))
            fail_msg("U+%04X", (unsigned)hidden[i]);
    /* Nothing that the helper itself would not send, and everything that it would. */
    for (uint32_t c = 1; c <= 0x10ffff; c++)
        if ((c < 0xd800 || c > 0xdfff) && plain_text(spelt(c, text), false) != code_point_is_printable(c))
            fail_msg("U+%04X", (unsigned)c);
}

static void text_is_whole_characters_of_any_script(void **state)
{
    (void)state;
    assert_true(plain_text("a\nb", true));
    assert_true(plain_text("\n", true));
    assert_false(plain_text("a\nb", false));
    assert_false(plain_text("a\tb", true));
    assert_false(plain_text("a\xff", true));
    assert_false(plain_text("\xc3", true));
    assert_true(plain_text("", false));
    assert_true(plain_text("\u0627\u0641\u062a\u062d \u0627\u0644\u0631\u0627\u0628\u0637", true));
    assert_true(plain_text("\u0645\u06cc\u200c\u0634\u0648\u062f \u2588\u2580\u2584", true));
}

static void an_answer_that_came_with_a_failure_is_erased(void **state)
{
    char *answer;

    (void)state;
    pam.typed = "secret";
    pam.prompt_answers = PAM_CONV_ERR;
    assert_null(converse_ask(PAMH, PAM_PROMPT_ECHO_OFF, "Password: "));
    assert_false(converse_show(PAMH, PAM_TEXT_INFO, "Hello"));
    pam.typed = NULL;
    assert_null(converse_ask(PAMH, PAM_PROMPT_ECHO_OFF, "Password: "));
    pam.typed = "secret";
    pam.prompt_answers = PAM_SUCCESS;
    answer = converse_ask(PAMH, PAM_PROMPT_ECHO_OFF, "Password: ");
    assert_string_equal(answer, "secret");
    erased_at_free = answer;
    converse_erase(answer);
    erased_at_free = NULL;
    converse_erase(NULL);
}

#define TEST(name) cmocka_unit_test_setup(name, clean)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_socket_is_an_absolute_path_that_fits_an_address),
        TEST(a_word_is_understood_whole_or_not_at_all),
        TEST(the_first_fault_of_a_line_is_told_and_the_rest_is_read),
        TEST(no_list_has_the_empty_name),
        TEST(the_name_service_says_yes_no_or_neither),
        TEST(a_wide_entry_gets_a_larger_buffer_up_to_a_mebibyte),
        TEST(without_memory_nobody_is_unknown),
        TEST(callers_are_sorted_by_their_ids),
        TEST(a_user_that_cannot_be_read_is_neither_unset_nor_the_same),
        TEST(what_commands_a_terminal_or_hides_is_no_text),
        TEST(text_is_whole_characters_of_any_script),
        TEST(an_answer_that_came_with_a_failure_is_erased),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
