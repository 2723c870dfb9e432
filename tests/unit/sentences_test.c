/* SPDX-License-Identifier: BSD-2-Clause */
/* Holds the table of sentences to the table of reasons. */
#include <errno.h>
#include <limits.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "display/text.h"

#define SENTENCE_MAX 160 /* two lines of a small terminal */

/* The sentence of a number beyond the table, which stands in where a reason has none. */
static const char *fallback(void)
{
    return text_for_reason(REASON_COUNT);
}

static void every_reason_has_a_sentence_of_plain_ascii(void **state)
{
    (void)state;
    for (int i = 0; i < REASON_COUNT; i++) {
        const char *sentence = text_for_reason((enum reason)i);
        const size_t length = strlen(sentence);

        assert_true(text_is_plain(sentence, length, 10, SENTENCE_MAX));
        assert_int_equal(sentence[length - 1], '.');
        assert_null(strchr(sentence, '%'));
    }
}

static void only_faults_of_our_own_fall_back_to_the_general_sentence(void **state)
{
    (void)state;
    for (int i = 0; i < REASON_COUNT; i++) {
        const bool general = i == REASON_NONE || i == REASON_INTERNAL || i == REASON_PROTOCOL;

        assert_int_equal(strcmp(text_for_reason((enum reason)i), fallback()) == 0, general);
    }
}

static void reasons_of_different_verdicts_never_share_a_sentence(void **state)
{
    (void)state;
    for (int i = 0; i < REASON_COUNT; i++)
        for (int k = 0; k < i; k++)
            if (reason_verdict((enum reason)i) != reason_verdict((enum reason)k))
                assert_string_not_equal(text_for_reason((enum reason)i), text_for_reason((enum reason)k));
}

static void every_refusal_says_what_to_do_next(void **state)
{
    static const char *const next[] = {"again", "ask ", "tell ", "start ", "use ", "Connect"};

    (void)state;
    for (int i = 0; i < REASON_COUNT; i++) {
        bool found = i == REASON_OK;

        for (size_t k = 0; k < sizeof next / sizeof next[0]; k++)
            found = found || strstr(text_for_reason((enum reason)i), next[k]);
        assert_true(found);
    }
}

static void who_is_somebody_else_here_is_told_the_name(void **state)
{
    char text[TEXT_DECISION_SIZE];

    (void)state;
    assert_string_equal(text_for_decision(REASON_WRONG_USER, "ana", text),
                        "Your name here is ana: sign in again as ana.");
}

static void a_name_out_of_our_grammar_is_not_shown(void **state)
{
    static const char *const names[] = {"", "Ana", "ana\x1b[2J", "ana maria", "%s", "-ana"};
    char text[TEXT_DECISION_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_string_equal(text_for_decision(REASON_WRONG_USER, names[i], text),
                            text_for_reason(REASON_WRONG_USER));
    assert_string_equal(text_for_decision(REASON_MEMBER_DISABLED, "ana", text),
                        text_for_reason(REASON_MEMBER_DISABLED));
}

static void what_people_meet_often_has_a_sentence_of_its_own(void **state)
{
    static const enum reason own[] = {
        REASON_OK,
        REASON_TIMEOUT,
        REASON_CODE_EXPIRED,
        REASON_ACCESS_DENIED,
        REASON_NOT_ALLOWED,
        REASON_WRONG_USER,
        REASON_NAME_TAKEN,
        REASON_CREATE_OFF,
        REASON_NOT_A_MEMBER,
        REASON_MEMBER_DISABLED,
        REASON_MEMBER_REMOVED,
        REASON_IDP_UNREACHABLE,
        REASON_CONNECT_AGAIN,
        REASON_CANCELLED,
    };

    (void)state;
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        for (int k = 0; k < REASON_COUNT; k++)
            if (k != (int)own[i])
                assert_string_not_equal(text_for_reason(own[i]), text_for_reason((enum reason)k));
}

static void a_number_outside_the_table_has_the_general_sentence(void **state)
{
    (void)state;
    assert_string_equal(text_for_reason((enum reason)4711), fallback());
    assert_string_equal(text_for_reason((enum reason) - 1), fallback());
}

static const char *language_chosen(const char *login, const char *machine)
{
    (void)unsetenv("LANGUAGE");
    text_set_language(login, machine);
    return getenv("LANGUAGE") ? getenv("LANGUAGE") : "";
}

static void the_language_of_the_host_wins_over_that_of_the_machine(void **state)
{
    (void)state;
    assert_string_equal(language_chosen("de_DE.UTF-8", "fr"), "de_DE");
    assert_string_equal(language_chosen("ca_ES.UTF-8@valencia", "fr"), "ca_ES@valencia");
    assert_string_equal(language_chosen("", "fr"), "fr");
    assert_string_equal(language_chosen("C.UTF-8", "fr"), "fr");
    assert_string_equal(language_chosen("POSIX", "fr"), "fr");
}

static void a_foreign_name_never_becomes_a_path(void **state)
{
    static const char *const names[] = {
        "../../tmp/x", "/etc",     "de:../x", "..",
        "a b",         "\xc3\xa9", "%n",      "abcdefghijklmnopqrstuvwxyzabcdefghijklmnop"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_string_equal(language_chosen(names[i], "en"), "en");
    assert_string_equal(language_chosen("../x", ""), "");
}

static void without_a_catalogue_sentences_are_english(void **state)
{
    (void)state;
    text_set_language("xx_XX.UTF-8", "en");
    assert_string_equal(text_for_reason(REASON_OK), "You are signed in.");
}

#define CATALOGUE "LC_MESSAGES/" TEXT_DOMAIN ".mo"

/* Writes what msgfmt makes: numbers, two of lengths and places for each text, the texts. */
static void write_catalogue(const char *folder, const char *language, const char *sentence, const char *said)
{
    static const char head[] = "Content-Type: text/plain; charset=UTF-8\n";
    const uint32_t first = 15 * 4, head_at = first + 1 + (uint32_t)strlen(sentence) + 1;
    const uint32_t numbers[15] = {0x950412de,
                                  0,
                                  2,
                                  28,
                                  44,
                                  0,
                                  first,
                                  0,
                                  first,
                                  (uint32_t)strlen(sentence),
                                  first + 1,
                                  sizeof head - 1,
                                  head_at,
                                  (uint32_t)strlen(said),
                                  head_at + sizeof head};
    char path[PATH_MAX];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s", folder, language);
    assert_return_code(mkdir(path, 0700), errno);
    (void)snprintf(path, sizeof path, "%s/%s/LC_MESSAGES", folder, language);
    assert_return_code(mkdir(path, 0700), errno);
    (void)snprintf(path, sizeof path, "%s/%s/" CATALOGUE, folder, language);
    file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(numbers, sizeof numbers, 1, file), 1);
    assert_true(fprintf(file, "%c%s%c%s%c%s%c", 0, sentence, 0, head, 0, said, 0) > 0);
    assert_int_equal(fclose(file), 0);
}

static void remove_catalogue(const char *folder, const char *language)
{
    static const char *const parts[] = {"/" CATALOGUE, "/LC_MESSAGES", ""};
    char path[PATH_MAX];

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s%s", folder, language, parts[i]);
        assert_return_code(remove(path), errno);
    }
}

static const char *catalogues;

char *__real_bindtextdomain(const char *domain, const char *folder);
char *__wrap_bindtextdomain(const char *domain, const char *folder);

char *__wrap_bindtextdomain(const char *domain, const char *folder)
{
    return __real_bindtextdomain(domain, catalogues ? catalogues : folder);
}

static void another_language_is_spoken_from_then_on_and_none_is_english(void **state)
{
    char folder[] = "/tmp/sentences-test-XXXXXX";
    const char *const english = "You are signed in.";
    static const struct {
        const char *language, *said;
    } steps[] = {
        {"de", "Angemeldet."}, {"fr", "Bienvenue."}, {"en", NULL}, {"de", "Angemeldet."}, {"", NULL}};

    (void)state;
    assert_non_null(mkdtemp(folder));
    write_catalogue(folder, "de", english, "Angemeldet.");
    write_catalogue(folder, "fr", english, "Bienvenue.");
    catalogues = folder;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        text_set_language("", steps[i].language);
        assert_string_equal(text_for_reason(REASON_OK), steps[i].said ? steps[i].said : english);
    }
    catalogues = NULL;
    remove_catalogue(folder, "de");
    remove_catalogue(folder, "fr");
    assert_return_code(remove(folder), errno);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reason_has_a_sentence_of_plain_ascii),
        cmocka_unit_test(only_faults_of_our_own_fall_back_to_the_general_sentence),
        cmocka_unit_test(reasons_of_different_verdicts_never_share_a_sentence),
        cmocka_unit_test(every_refusal_says_what_to_do_next),
        cmocka_unit_test(who_is_somebody_else_here_is_told_the_name),
        cmocka_unit_test(a_name_out_of_our_grammar_is_not_shown),
        cmocka_unit_test(what_people_meet_often_has_a_sentence_of_its_own),
        cmocka_unit_test(a_number_outside_the_table_has_the_general_sentence),
        cmocka_unit_test(the_language_of_the_host_wins_over_that_of_the_machine),
        cmocka_unit_test(a_foreign_name_never_becomes_a_path),
        cmocka_unit_test(without_a_catalogue_sentences_are_english),
        cmocka_unit_test(another_language_is_spoken_from_then_on_and_none_is_english),
    };

    return cmocka_run_group_tests_name("sentences", tests, NULL, NULL);
}
