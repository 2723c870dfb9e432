/* SPDX-License-Identifier: BSD-2-Clause */
/* The display manager's extension, on both sides of one conversation function. */
#include "unit/pam_stage.h"

#include <arpa/inet.h>
#include <security/pam_appl.h>

#include "../../pam_module/greeter.h"

#define NAME "org.gnome.DisplayManager.UserVerifier.CustomJSON"

/* As the host has it; see tests/pam/greeter.c. */
struct host_json {
    uint32_t length;
    unsigned char type, padding[3];
    char protocol_name[64];
    unsigned version;
    char *json;
};

static struct {
    const char *environment; /* NULL: unset */
    const char *reply;       /* NULL: without JSON */
    int code;
    bool no_response, no_reply;
    bool fails_with_reply;
    char *kept; /* JSON that the module must not take, and so cannot free */
    void *kept_reply;
    size_t length; /* that the reply says of itself */
    struct host_json seen;
    char json[64];
    unsigned asked;
} host;

char *__wrap_secure_getenv(const char *name);

char *__wrap_secure_getenv(const char *name)
{
    static char value[16384];

    assert_string_equal(name, "GDM_SUPPORTED_PAM_EXTENSIONS");
    if (!host.environment)
        return NULL;
    (void)snprintf(value, sizeof value, "%s", host.environment);
    return value;
}

static int converse(int count, const struct pam_message **messages, struct pam_response **ret_responses,
                    void *context)
{
    struct host_json *reply;

    assert_int_equal(count, 1);
    assert_ptr_equal(context, &host);
    assert_int_equal(messages[0]->msg_style, PAM_BINARY_PROMPT);
    memcpy(&host.seen, messages[0]->msg, sizeof host.seen);
    (void)snprintf(host.json, sizeof host.json, "%s", host.seen.json);
    host.asked++;
    if (host.no_response)
        return host.code;
    *ret_responses = calloc(1, sizeof **ret_responses);
    if (host.no_reply || (host.code != PAM_SUCCESS && !host.fails_with_reply))
        return host.code;
    reply = calloc(1, sizeof *reply);
    reply->length = htonl((uint32_t)host.length);
    reply->json = host.reply ? strdup(host.reply) : NULL;
    if (host.length != sizeof *reply || host.fails_with_reply)
        host.kept = reply->json;
    if (host.fails_with_reply)
        host.kept_reply = reply;
    (*ret_responses)->resp = (char *)(void *)reply;
    return host.code;
}

static const struct pam_conv conversation = {.conv = converse, .appdata_ptr = &host};

static int clean(void **state)
{
    (void)state;
    memset(&pam, 0, sizeof pam);
    memset(&host, 0, sizeof host);
    pam.items[PAM_CONV] = (const char *)(const void *)&conversation;
    host.environment = NAME;
    host.reply = "{}";
    host.length = sizeof(struct host_json);
    return 0;
}

static void assert_answers(const char *wanted)
{
    char *reply = greeter_ask(PAMH, "frontdesk", "{\"a\":1}");

    if (wanted)
        assert_string_equal(reply, wanted);
    else
        assert_null(reply);
    free(reply);
    free(host.kept);
    free(host.kept_reply);
    host.kept = host.kept_reply = NULL;
}

static void a_request_is_laid_out_as_the_host_has_it(void **state)
{
    (void)state;
    assert_answers("{}");
    assert_int_equal(host.seen.length, htonl(sizeof(struct host_json)));
    assert_int_equal(host.seen.type, 0);
    assert_string_equal(host.seen.protocol_name, "frontdesk");
    assert_int_equal(host.seen.version, 1);
    assert_string_equal(host.json, "{\"a\":1}");
    assert_int_equal(host.asked, 1);
}

static void its_type_is_the_place_of_its_name(void **state)
{
    char names[2 * 256 + sizeof NAME] = "";

    (void)state;
    host.environment = "one  two " NAME " three";
    assert_answers("{}");
    assert_int_equal(host.seen.type, 2);
    host.environment = " " NAME;
    assert_answers("{}");
    assert_int_equal(host.seen.type, 0);
    host.environment = names;
    for (size_t i = 0; i < 255; i++)
        memcpy(names + 2 * i, "x ", 2);
    memcpy(names + 2 * 255, NAME, sizeof NAME);
    assert_answers("{}");
    assert_int_equal(host.seen.type, 255);
    memcpy(names + 2 * 255, "x ", 2);
    memcpy(names + 2 * 256, NAME, sizeof NAME);
    assert_answers(NULL);
    assert_false(greeter_is_offered());
}

static void what_is_not_offered_is_not_asked(void **state)
{
    static const char *const others[] = {NULL, "", " ", "x", "org", NAME "x", "x" NAME, NAME "," NAME};

    (void)state;
    assert_true(greeter_is_offered());
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        host.environment = others[i];
        assert_false(greeter_is_offered());
        assert_answers(NULL);
    }
    host.environment = "org.gnome.DisplayManager.UserVerifier.CustomJSOM";
    assert_false(greeter_is_offered());
    host.environment = "x " NAME " y";
    assert_true(greeter_is_offered());
    assert_int_equal(host.asked, 0);
}

static void a_host_without_a_conversation_gives_no_reply(void **state)
{
    static const struct pam_conv mute = {.conv = NULL};

    (void)state;
    pam.items[PAM_CONV] = (const char *)(const void *)&mute;
    assert_answers(NULL);
    pam.items[PAM_CONV] = NULL;
    assert_answers(NULL);
    (void)clean(NULL);
    pam.items_fail = true;
    assert_answers(NULL);
}

static void a_conversation_that_fails_gives_no_reply(void **state)
{
    (void)state;
    host.code = PAM_CONV_ERR;
    assert_answers(NULL);
    host.no_response = true;
    assert_answers(NULL);
    host.code = PAM_SUCCESS;
    assert_answers(NULL);
    assert_int_equal(host.asked, 3);
    (void)clean(NULL);
    host.code = PAM_CONV_ERR;
    host.fails_with_reply = true;
    assert_answers(NULL);
}

static void a_reply_without_json_or_of_another_length_is_none(void **state)
{
    (void)state;
    host.no_reply = true;
    assert_answers(NULL);
    host.no_reply = false;
    host.reply = NULL;
    assert_answers(NULL);
    host.reply = "{}";
    for (size_t i = 0; i < 2; i++) {
        host.length = sizeof(struct host_json) + (i == 0 ? 1 : (size_t)-1);
        assert_answers(NULL);
    }
    assert_int_equal(host.asked, 4);
    (void)clean(NULL);
    host.reply = "";
    assert_answers("");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, clean)
    const struct CMUnitTest tests[] = {
        TEST(a_request_is_laid_out_as_the_host_has_it),
        TEST(its_type_is_the_place_of_its_name),
        TEST(what_is_not_offered_is_not_asked),
        TEST(a_host_without_a_conversation_gives_no_reply),
        TEST(a_conversation_that_fails_gives_no_reply),
        TEST(a_reply_without_json_or_of_another_length_is_none),
    };
#undef TEST

    return cmocka_run_group_tests_name("greeter", tests, NULL, NULL);
}
