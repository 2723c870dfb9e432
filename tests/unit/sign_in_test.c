/* SPDX-License-Identifier: BSD-2-Clause */
/* Questions of a child, read by the keeper: each in its turn, each whole, and nothing else. */
#include "sign_in_stage.h"

#include <errno.h>

#define ANY_STATE 0

static uint8_t packet[QUESTION_PACKET_MAX];
static struct wire_writer question;

static struct {
    int error;
} failing;

ssize_t __real_recv(int fd, void *bytes, size_t size, int flags);
ssize_t __wrap_recv(int fd, void *bytes, size_t size, int flags);

ssize_t __wrap_recv(int fd, void *bytes, size_t size, int flags)
{
    if (failing.error == 0)
        return __real_recv(fd, bytes, size, flags);
    errno = failing.error;
    return -1;
}

static void question_begin(unsigned type)
{
    question = wire_write(packet, sizeof packet);
    wire_put_u8(&question, type);
}

/* True: the sign-in goes on. */
static bool question_taken(void)
{
    assert_true(packet_send(child, packet, wire_written(&question)));
    return sign_in_take(&keeper, asked);
}

/* Each as a child writes it. */
static void write_admit(void)
{
    wire_put_blob(&question, "LOGIN", 5);
}

static void write_choose(void)
{
    wire_put_string(&question, "guests");
}

static void write_keep(void)
{
    wire_put_u8(&question, DOCUMENT_KEYS);
    wire_put_u32(&question, 60);
    wire_put_blob(&question, "{}", 2);
}

static void write_remember(void)
{
    wire_put_u8(&question, CLIENT_SPELLING_RAW);
}

static void write_nothing(void)
{
}

static void write_busy(void)
{
    wire_put_u32(&question, 5);
}

static void write_claims(void)
{
    wire_put_blob(&question, "{}", 2);
    wire_put_blob(&question, "", 0);
    wire_put_string(&question, "https://idp.example/out");
    wire_put_string(&question, "groups");
}

static void write_pick(void)
{
    wire_put_string(&question, "ana");
}

static void write_refuse(void)
{
    wire_put_string(&question, "access_denied");
    wire_put_string(&question, "by the person");
}

static const struct kind {
    unsigned type, due;
    void (*write)(void);
    bool ends; /* the sign-in */
    enum said said;
    unsigned next; /* state; ANY_STATE: as before */
} kinds[] = {
    {QUESTION_ADMIT, DUE_ADMIT, write_admit, false, ADMITTED, DUE_CLAIMS},
    {QUESTION_CHOOSE, DUE_CHOICE, write_choose, false, ADMITTED, DUE_CLAIMS},
    {QUESTION_KEEP, DUE_CLAIMS, write_keep, false, NOTHING, ANY_STATE},
    {QUESTION_REMEMBER, DUE_CLAIMS, write_remember, false, NOTHING, ANY_STATE},
    {QUESTION_REFETCH, DUE_CLAIMS, write_nothing, false, KEYS, ANY_STATE},
    {QUESTION_BUSY, DUE_CLAIMS, write_busy, false, NOTHING, ANY_STATE},
    {QUESTION_CLAIMS, DUE_CLAIMS, write_claims, false, DECIDED, DUE_FINISH},
    {QUESTION_PICK, DUE_PICK, write_pick, false, DECIDED, DUE_FINISH},
    {QUESTION_REFUSE, DUE_CHOICE | DUE_CLAIMS | DUE_PICK, write_refuse, false, DECIDED, DUE_FINISH},
    {QUESTION_FINISH, DUE_FINISH, write_nothing, true, NOTHING, ANY_STATE},
};

static void begin_with_candidates(enum sign_in_due due)
{
    begin(due);
    asked->candidates = calloc(2, sizeof *asked->candidates);
    assert_non_null(asked->candidates);
    asked->candidates[0] = strdup("ana");
}

static void each_question_is_taken_when_it_is_due_and_never_else(void **state)
{
    static const enum sign_in_due states[] = {DUE_ADMIT, DUE_CHOICE, DUE_CLAIMS, DUE_PICK, DUE_FINISH};

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        for (size_t j = 0; j < sizeof states / sizeof states[0]; j++) {
            const bool is_due = (kinds[i].due & states[j]) != 0;

            begin_with_candidates(states[j]);
            question_begin(kinds[i].type);
            kinds[i].write();
            assert_int_equal(question_taken(), is_due && !kinds[i].ends);
            assert_int_equal(did.said, is_due ? kinds[i].said : NOTHING);
            assert_int_equal(asked->due, is_due && kinds[i].next ? kinds[i].next : states[j]);
            assert_int_equal(did.verdicts, is_due && kinds[i].ends);
            assert_int_equal(did.lines > 0, !is_due || kinds[i].type == QUESTION_BUSY);
            assert_string_equal(asked->ended_by, "protocol");
            for (size_t k = 0; k < wire_written(&question); k++)
                assert_int_equal(keeper.packet[k], 0);
            end();
        }
}

static void a_question_is_whole_or_ends_the_sign_in(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const enum sign_in_due due = kinds[i].due & DUE_CLAIMS ? DUE_CLAIMS : (enum sign_in_due)kinds[i].due;
        size_t whole;

        question_begin(kinds[i].type);
        kinds[i].write();
        whole = question.used;
        for (size_t length = 1; length <= whole + 1; length++) {
            if (length == whole)
                continue;
            begin_with_candidates(due);
            question_begin(kinds[i].type);
            kinds[i].write();
            wire_put_u8(&question, 0);
            question.used = length;
            assert_false(question_taken());
            assert_int_equal(did.said, NOTHING);
            assert_int_equal(did.kept + did.remembered + did.refetched + did.left_alone + did.verdicts, 0);
            assert_int_equal(did.judged + did.picked, 0);
            end();
        }
    }
}

static void who_is_no_module_is_not_handed_over(void **state)
{
    (void)state;
    begin(DUE_HANDOVER);
    assert_true(sign_in_take(&keeper, asked));
    assert_int_equal(asked->due, DUE_ADMIT);
    end();
    says.handed_over = false;
    begin(DUE_HANDOVER);
    assert_false(sign_in_take(&keeper, asked));
    assert_int_equal(asked->due, DUE_HANDOVER);
    assert_int_equal(did.lines, 1);
    end();
}

static void a_child_is_waited_for_until_it_ends(void **state)
{
    (void)state;
    begin(DUE_ADMIT);
    assert_true(sign_in_take(&keeper, asked)); /* nothing is there */
    failing.error = EINTR;
    assert_true(sign_in_take(&keeper, asked));
    assert_string_equal(asked->ended_by, "protocol");
    failing.error = ECONNRESET;
    assert_false(sign_in_take(&keeper, asked));
    assert_string_equal(asked->ended_by, "child_ended");
    failing.error = 0;
    asked->ended_by = "";
    assert_int_equal(shutdown(child, SHUT_WR), 0);
    errno = EAGAIN; /* of another call */
    assert_false(sign_in_take(&keeper, asked));
    assert_string_equal(asked->ended_by, "child_ended");
    end();
}

static void a_packet_that_is_too_large_is_none(void **state)
{
    static const uint8_t large[QUESTION_PACKET_MAX + 1] = {QUESTION_ADMIT};

    (void)state;
    begin(DUE_ADMIT);
    assert_true(packet_send(child, large, sizeof large));
    assert_false(sign_in_take(&keeper, asked));
    assert_string_equal(asked->ended_by, "child_ended");
    end();
}

static void a_login_that_is_not_the_modules_ends_it(void **state)
{
    (void)state;
    says.is_its_login = false;
    begin(DUE_ADMIT);
    question_begin(QUESTION_ADMIT);
    write_admit();
    assert_false(question_taken());
    assert_int_equal(did.judged, 0);
    end();
}

static void a_connection_that_is_no_choice_cannot_be_chosen(void **state)
{
    (void)state;
    begin(DUE_CHOICE);
    question_begin(QUESTION_CHOOSE);
    wire_put_string(&question, "other");
    assert_false(question_taken());
    assert_null(asked->connection);
    end();
    says.choices = REASON_CONNECTION_BROKEN;
    begin(DUE_CHOICE);
    question_begin(QUESTION_CHOOSE);
    write_choose();
    assert_false(question_taken());
    assert_null(asked->connection);
    end();
    says.choices = REASON_OK;
    begin(DUE_CHOICE);
    question_begin(QUESTION_CHOOSE);
    write_choose();
    assert_true(question_taken());
    assert_ptr_equal(asked->connection, &guests);
    end();
}

/* How often it is taken before it ends the sign-in. */
static unsigned times_taken(unsigned type, void (*write)(void))
{
    unsigned times = 0;

    begin(DUE_CLAIMS);
    for (;; times++) {
        question_begin(type);
        write();
        if (!question_taken() || times > 200)
            return times;
    }
}

static void documents_and_refetches_have_a_number(void **state)
{
    (void)state;
    assert_int_equal(times_taken(QUESTION_KEEP, write_keep), 8);
    assert_int_equal(did.kept, 8);
    end();
    assert_int_equal(times_taken(QUESTION_REFETCH, write_nothing), QUESTION_REFETCHES_MAX);
    assert_int_equal(did.refetched, QUESTION_REFETCHES_MAX);
    end();
    assert_true(times_taken(QUESTION_BUSY, write_busy) > 100);
    assert_int_equal(did.left_alone, 32);
    assert_in_range(did.lines, 1, 10);
    end();
}

/* How many documents are put when it asks for the keys, and then refuses. */
static unsigned put_after(enum key_refetch refetch, const char *code)
{
    unsigned before;

    says.refetch = refetch;
    begin(DUE_CLAIMS);
    question_begin(QUESTION_REFETCH);
    assert_true(question_taken());
    before = did.kept;
    question_begin(QUESTION_REFUSE);
    wire_put_string(&question, code);
    wire_put_string(&question, "");
    assert_true(question_taken());
    end();
    return did.kept - before;
}

static void who_could_not_fetch_the_keys_for_all_says_so(void **state)
{
    (void)state;
    assert_int_equal(put_after(KEY_REFETCH_NOW, "keys_unavailable"), 1);
    assert_int_equal(put_after(KEY_REFETCH_NOW, "access_denied"), 0);
    assert_int_equal(put_after(KEY_REFETCH_COMING, "keys_unavailable"), 0);
}

static void documents_and_spellings_that_are_none_end_it(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < 5; kind++) {
        begin(DUE_CLAIMS);
        question_begin(QUESTION_KEEP);
        wire_put_u8(&question, kind);
        wire_put_u32(&question, 60);
        wire_put_blob(&question, "{}", 2);
        assert_int_equal(question_taken(), kind == DOCUMENT_DISCOVERY || kind == DOCUMENT_KEYS);
        end();
        begin(DUE_CLAIMS);
        question_begin(QUESTION_REMEMBER);
        wire_put_u8(&question, kind);
        assert_int_equal(question_taken(), kind <= CLIENT_SPELLING_RAW);
        assert_int_equal(did.remembered, kind <= CLIENT_SPELLING_RAW);
        end();
    }
}

static bool claims_are_taken(size_t first, size_t second, const char *lost)
{
    static char text[QUESTION_CLAIMS_MAX + 1];

    begin(DUE_CLAIMS);
    question_begin(QUESTION_CLAIMS);
    wire_put_blob(&question, text, first);
    wire_put_blob(&question, text, second);
    wire_put_string(&question, "");
    wire_put_string(&question, lost);
    return question_taken();
}

static void claims_have_a_longest(void **state)
{
    (void)state;
    assert_true(claims_are_taken(QUESTION_CLAIMS_MAX, QUESTION_CLAIMS_MAX, ""));
    assert_int_equal(did.text_length, 2 * QUESTION_CLAIMS_MAX);
    end();
    assert_false(claims_are_taken(QUESTION_CLAIMS_MAX + 1, 0, ""));
    assert_int_equal(did.judged, 0);
    end();
    assert_false(claims_are_taken(2, QUESTION_CLAIMS_MAX + 1, ""));
    assert_int_equal(did.judged, 0);
    end();
}

static void only_scopes_that_were_asked_for_are_lost(void **state)
{
    char much[LOG_STRING_MAX + 1] = "";

    (void)state;
    assert_true(claims_are_taken(2, 0, "groups evil openid"));
    assert_string_equal(asked->lost_scopes, "groups openid");
    assert_string_equal(asked->detail, "scopes not granted: groups openid");
    end();
    assert_true(claims_are_taken(2, 0, "evil"));
    assert_string_equal(asked->lost_scopes, "");
    assert_string_equal(asked->detail, "");
    end();
    for (size_t used = 0; used + strlen("email ") < sizeof much; used += strlen("email "))
        (void)snprintf(much + used, sizeof much - used, "email ");
    assert_true(claims_are_taken(2, 0, much));
    assert_int_equal(strlen(asked->lost_scopes) % strlen("email "), strlen("email"));
    end();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, stage)
    const struct CMUnitTest tests[] = {
        TEST(each_question_is_taken_when_it_is_due_and_never_else),
        TEST(a_question_is_whole_or_ends_the_sign_in),
        TEST(who_is_no_module_is_not_handed_over),
        TEST(a_child_is_waited_for_until_it_ends),
        TEST(a_packet_that_is_too_large_is_none),
        TEST(a_login_that_is_not_the_modules_ends_it),
        TEST(a_connection_that_is_no_choice_cannot_be_chosen),
        TEST(documents_and_refetches_have_a_number),
        TEST(who_could_not_fetch_the_keys_for_all_says_so),
        TEST(documents_and_spellings_that_are_none_end_it),
        TEST(claims_have_a_longest),
        TEST(only_scopes_that_were_asked_for_are_lost),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
