/* SPDX-License-Identifier: BSD-2-Clause */
/* Whole calls of the PAM module in a host that offers the JSON extension, and in the kiosk's process. */
#include "unit/pam_script.h"

#include <arpa/inet.h>
#include <security/pam_appl.h>

#define EIDP     "{\"authSelection\":{\"status\":\"Ok\",\"eidp\":{}}}"
#define PASSWORD "{\"authSelection\":{\"status\":\"Ok\",\"password\":{\"password\":\"secret\"}}}"

/* As the host has it; see tests/pam/greeter.c. */
struct host_json {
    uint32_t length;
    unsigned char type, padding[3];
    char protocol_name[64];
    unsigned version;
    char *json;
};

static const char *reply_json, *offered;
static uid_t effective_uid;

char *__wrap_secure_getenv(const char *name);
uid_t __wrap_geteuid(void);

char *__wrap_secure_getenv(const char *name)
{
    (void)name;
    return (char *)(uintptr_t)offered;
}

uid_t __wrap_geteuid(void)
{
    return effective_uid;
}

static int converse(int count, const struct pam_message **messages, struct pam_response **ret_responses,
                    void *context)
{
    struct host_json *reply = calloc(1, sizeof *reply);

    (void)count;
    (void)context;
    (void)snprintf(pam.shown, sizeof pam.shown, "%s",
                   ((const struct host_json *)(const void *)messages[0]->msg)->protocol_name);
    reply->length = htonl(sizeof *reply);
    reply->json = strdup(reply_json);
    *ret_responses = calloc(1, sizeof **ret_responses);
    (*ret_responses)->resp = (char *)(void *)reply;
    return PAM_SUCCESS;
}

static const struct pam_conv conversation = {.conv = converse};

static int begin_greeted(void **state)
{
    (void)begin(state);
    pam.items[PAM_CONV] = (const char *)(const void *)&conversation;
    offered = "org.gnome.DisplayManager.UserVerifier.CustomJSON";
    reply_json = EIDP;
    effective_uid = 0;
    return 0;
}

static void say_greeter(const char *protocol, const char *json)
{
    struct wire_writer w = say(MESSAGE_GREETER);

    wire_put_string(&w, protocol);
    wire_put_string(&w, json);
    said(&w);
}

/* Kind of the answer that the helper hears behind LOGIN; 0: none. */
static unsigned heard(void)
{
    uint8_t packet[PROTOCOL_PACKET_MAX];
    ssize_t n = recv(helper_end, packet, sizeof packet, MSG_DONTWAIT);

    if (n < 0 && errno == ECONNRESET) /* once: the module left something unread */
        n = recv(helper_end, packet, sizeof packet, MSG_DONTWAIT);
    assert_true(n > 0);
    n = recv(helper_end, packet, sizeof packet, MSG_DONTWAIT);
    return n > 1 && packet[0] == MESSAGE_ANSWER ? packet[1] : 0;
}

static void a_choice_behind_the_deadline_is_not_told(void **state)
{
    static const char *const replies[] = {EIDP, PASSWORD};
    static const unsigned kinds[] = {ANSWER_TEXT, ANSWER_TYPED};

    for (size_t i = 0; i < 2; i++) {
        for (int late = 0; late < 2; late++) {
            (void)end(state);
            (void)begin_greeted(state);
            say_greeter(PROTOCOL_MECHANISMS, "{}");
            say_verdict(VERDICT_IGNORE, "", "word");
            reply_json = replies[i];
            clock_jump_s = PROTOCOL_TIMEOUT_S - 1 + late;
            assert_int_equal(sign_in("ana"), late ? PAM_AUTHINFO_UNAVAIL : PAM_IGNORE);
            assert_true(reason_is(late ? "timeout" : "word"));
            assert_int_equal(heard(), late ? 0 : kinds[i]);
        }
    }
}

static void a_password_that_is_not_kept_is_told(void **state)
{
    (void)state;
    say_greeter(PROTOCOL_MECHANISMS, "{}");
    reply_json = PASSWORD;
    pam.set_answers = PAM_BAD_ITEM;
    assert_int_equal(sign_in("ana"), PAM_AUTHINFO_UNAVAIL);
    assert_true(reason_is("password_not_kept"));
    assert_int_equal(heard(), 0);
}

static void what_is_told_of_a_refusal_needs_no_known_reply(void **state)
{
    (void)state;
    say_greeter(PROTOCOL_FRONTDESK, "{}");
    say_verdict(VERDICT_DENY, "", "access_denied");
    reply_json = "whatever";
    assert_int_equal(sign_in("ana"), PAM_AUTH_ERR);
    assert_true(reason_is("access_denied"));
    assert_string_equal(pam.shown, "frontdesk");
    assert_int_equal(heard(), 0);
}

static void a_greeter_is_a_protocol_and_an_object(void **state)
{
    static const struct {
        const char *protocol, *json, *reason;
    } packets[] = {{"auth-mechanisms", "{}", "closed"},           {"frontdesk", "{}", "closed"},
                   {"auth-mechanism", "{}", "packet_malformed"},  {"", "{}", "packet_malformed"},
                   {"frontdesk", "", "packet_malformed"},         {"frontdesk", "[]", "packet_malformed"},
                   {"frontdesk", "{\n}", "text_of_control_bytes"}};

    for (size_t i = 0; i < sizeof packets / sizeof packets[0]; i++) {
        for (int more = -1; more < 2; more++) {
            (void)end(state);
            (void)begin_greeted(state);
            say_greeter(packets[i].protocol, packets[i].json);
            script.length[1] = script.length[1] + (size_t)more;
            script.is_all = true;
            (void)sign_in("ana");
            assert_true(reason_is(more == 0 ? packets[i].reason : "packet_malformed"));
        }
    }
}

static void a_greeter_that_is_not_offered_is_not_asked(void **state)
{
    (void)state;
    offered = NULL;
    say_greeter(PROTOCOL_MECHANISMS, "{}");
    assert_int_equal(sign_in("ana"), PAM_AUTHINFO_UNAVAIL);
    assert_true(reason_is("not_allowed_now"));
    assert_string_equal(pam.shown, "");
}

/* PAM_USER is unset, and the script has said a verdict. */
static int check_in(const char *service, uid_t uid)
{
    effective_uid = uid;
    pam.items[PAM_SERVICE] = service;
    users_are(70000);
    return authenticate("timeout=5");
}

static void the_kiosk_is_a_service_without_root_and_without_a_user(void **state)
{
    static const struct {
        const char *service, *user;
        uid_t uid;
        int code;
    } callers[] = {
        {"frontdesk-kiosk", NULL, 1500, PAM_SUCCESS}, {"frontdesk-kiosk", NULL, 1, PAM_SUCCESS},
        {"frontdesk-kiosk", NULL, 0, PAM_AUTH_ERR},   {"frontdesk-kiosk", "ana", 1500, PAM_AUTH_ERR},
        {"frontdesk", NULL, 1500, PAM_AUTH_ERR},      {NULL, NULL, 1500, PAM_AUTH_ERR}};

    for (size_t i = 0; i < sizeof callers / sizeof callers[0]; i++) {
        (void)end(state);
        (void)begin_greeted(state);
        say_verdict(VERDICT_ALLOW, "", "ok");
        pam.items[PAM_USER] = callers[i].user;
        assert_int_equal(check_in(callers[i].service, callers[i].uid), callers[i].code);
        assert_true(reason_is(callers[i].code == PAM_SUCCESS ? "ok" : "allow_without_user"));
        assert_ptr_equal(pam.items[PAM_USER], callers[i].user);
    }
}

static void nobody_is_let_in_by_name_at_the_kiosk(void **state)
{
    (void)state;
    say_verdict(VERDICT_ALLOW, "ana", "ok");
    assert_int_equal(check_in("frontdesk-kiosk", 1500), PAM_AUTH_ERR);
    assert_true(reason_is("allow_with_user"));
    assert_null(pam.items[PAM_USER]);
}

static void a_user_that_cannot_be_read_is_not_an_unset_one(void **state)
{
    (void)state;
    say_verdict(VERDICT_ALLOW, "", "ok");
    pam.items_fail = true;
    assert_int_equal(check_in("frontdesk-kiosk", 1500), PAM_AUTHINFO_UNAVAIL);
    assert_true(reason_is("user_lookup_failed"));
    assert_int_equal(helper_end, -1);
    assert_int_equal(pam_sm_setcred(PAMH, 0, 0, NULL), PAM_CRED_UNAVAIL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin_greeted, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_choice_behind_the_deadline_is_not_told),
        TEST(a_password_that_is_not_kept_is_told),
        TEST(what_is_told_of_a_refusal_needs_no_known_reply),
        TEST(a_greeter_is_a_protocol_and_an_object),
        TEST(a_greeter_that_is_not_offered_is_not_asked),
        TEST(the_kiosk_is_a_service_without_root_and_without_a_user),
        TEST(nobody_is_let_in_by_name_at_the_kiosk),
        TEST(a_user_that_cannot_be_read_is_not_an_unset_one),
    };

    return cmocka_run_group_tests_name("pam_greeting", tests, NULL, NULL);
}
