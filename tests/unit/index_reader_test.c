/* SPDX-License-Identifier: BSD-2-Clause */
#include "nss/forgery.h"

static void assert_gives_nobody(const struct forgery *forgery, const char *what)
{
    save(forgery);
    if (look_at_everything(forgery->path) != 0)
        fail_msg("%s", what);
}

/* ada, by name and by id, is not given; bob may be. */
static void assert_hides_ada(const struct forgery *forgery, const char *what)
{
    struct index_member member;

    save(forgery);
    (void)look_at_everything(forgery->path);
    if (index_find_name(forgery->path, "ada", &member) == INDEX_FOUND ||
        index_find_id(forgery->path, FIRST, &member) == INDEX_FOUND)
        fail_msg("%s", what);
}

static void a_valid_index_gives_its_members_and_nobody_else(void **state)
{
    struct forgery *forgery = *state;
    struct index_member member;

    assert_int_equal(look_at_everything(forgery->path), 2 * PEOPLE);
    assert_int_equal(index_find_name(forgery->path, "ada", &member), INDEX_FOUND);
    assert_int_equal(member.id, FIRST);
    assert_string_equal(member.full_name, "Somebody");
    assert_string_equal(member.home, "/home/ada");
    assert_string_equal(member.shell, "/bin/sh");
    assert_int_equal(index_find_name(forgery->path, "zoe", &member), INDEX_NOT_FOUND);
    assert_int_equal(index_find_id(forgery->path, 70003, &member), INDEX_NOT_FOUND);
}

/* Two thousand of the first six thousand ids: never three in a row, and their names in another order. */
static void in_a_large_index_with_gaps_everybody_is_found_and_nobody_else(void **state)
{
    struct forgery *forgery = *state;
    struct index_image image = {0};
    struct index_member member;
    char name[MEMBER_NAME_MAX + 1], *bytes;
    size_t size = 0;

    for (uint32_t i = 0; i < 2000; i++) {
        (void)snprintf(name, sizeof name, "p%u", (unsigned)(i * 7919 % 2000));
        add_person(&image, FD_MEMBER_ID_MIN + 3 * i + i % 2, name);
    }
    bytes = index_image_finish(&image, 7, &size);
    write_file(forgery->path, bytes, size);
    for (uint32_t id = FD_MEMBER_ID_MIN; id < FD_MEMBER_ID_MIN + 6100; id++) {
        uint32_t i = (id - FD_MEMBER_ID_MIN) / 3;
        bool is_there = i < 2000 && id == FD_MEMBER_ID_MIN + 3 * i + i % 2;

        assert_int_equal(index_find_id(forgery->path, id, &member), is_there ? INDEX_FOUND : INDEX_NOT_FOUND);
        (void)snprintf(name, sizeof name, "p%u", (unsigned)(i * 7919 % 2000));
        assert_true(!is_there || strcmp(member.name, name) == 0);
    }
    for (unsigned i = 0; i < 2100; i++) {
        (void)snprintf(name, sizeof name, "p%u", i);
        assert_int_equal(index_find_name(forgery->path, name, &member),
                         i < 2000 ? INDEX_FOUND : INDEX_NOT_FOUND);
    }
    free(bytes);
    index_image_clear(&image);
}

static void ids_that_are_no_members_are_not_given(void **state)
{
    static const uint32_t ids[] = {0, 1, 100, 1000, 65534, 65535, 100000, 0x7fffffff, UINT32_MAX};
    struct forgery *forgery = *state;

    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        build(forgery);
        forgery->records[0].id = ids[i];
        assert_hides_ada(forgery, "an id outside the range was given");
        for (unsigned j = 0; j < PEOPLE; j++)
            forgery->records[j].id = ids[i];
        assert_gives_nobody(forgery, "an id outside the range was given");
    }
}

/* All else about them is as it must be: home, order, both tables. */
static void names_that_are_no_members_are_not_given(void **state)
{
    static const char *const names[] = {"root", "docker",    "sudo",          "Ada", "a:da", "../x",
                                        "0",    "systemd-x", "frontdesk-net", "",    "a\nb", "a..b"};
    struct forgery *forgery = *state;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct index_image image = {0};
        struct index_member member;
        size_t size = 0;
        char *bytes;

        add_person(&image, FIRST, names[i]);
        bytes = index_image_finish(&image, 7, &size);
        write_file(forgery->path, bytes, size);
        if (index_find_id(forgery->path, FIRST, &member) == INDEX_FOUND ||
            index_find_name(forgery->path, names[i], &member) == INDEX_FOUND)
            fail_msg("%s", names[i]);
        free(bytes);
        index_image_clear(&image);
    }
}

static void a_name_must_be_padded_with_nuls(void **state)
{
    struct forgery *forgery = *state;

    forgery->records[0].name[20] = 'x';
    assert_hides_ada(forgery, "a record's name with something behind it");
    build(forgery);
    forgery->names[0].name[MEMBER_NAME_MAX] = 'x';
    assert_hides_ada(forgery, "a table's name with something behind it");
    build(forgery);
    memset(forgery->records[0].name, 'a', sizeof forgery->records[0].name);
    memset(forgery->names[0].name, 'a', sizeof forgery->names[0].name);
    assert_hides_ada(forgery, "a name without an end");
}

static void both_tables_must_agree(void **state)
{
    struct forgery *forgery = *state;

    forgery->names[0].record = 1;
    assert_hides_ada(forgery, "a name that points to another record");
    build(forgery);
    forgery->names[0].record = PEOPLE;
    assert_hides_ada(forgery, "a name that points beyond the records");
    build(forgery);
    forgery->names[0].record = UINT32_MAX;
    assert_hides_ada(forgery, "a name that points far beyond the records");
    build(forgery);
    memcpy(forgery->records[0].name, "bob\0", 4);
    assert_hides_ada(forgery, "two records of one name");
    build(forgery);
    forgery->records[0].id = forgery->records[1].id;
    assert_hides_ada(forgery, "two records of one id");
}

/* A file of holes has a record of any number; that of the highest is looked at by nobody else. */
static void a_record_beyond_all_others_is_nobodys(void **state)
{
    static const uint32_t ids[] = {0, 1000, FIRST, FIRST + PEOPLE};
    struct forgery *forgery = *state;
    const uint64_t offset = forgery->header->records_offset + UINT32_MAX * sizeof *forgery->records;

    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        struct member_index_record record;
        int file;

        build(forgery);
        record = forgery->records[0];
        record.id = ids[i];
        forgery->names[0].record = UINT32_MAX;
        forgery->header->file_size = offset + sizeof record;
        save(forgery);
        file = open(forgery->path, O_WRONLY | O_CLOEXEC);
        assert_true(file >= 0);
        assert_int_equal(pwrite(file, &record, sizeof record, (off_t)offset), sizeof record);
        assert_int_equal(close(file), 0);
        assert_int_equal(index_find_name(forgery->path, "ada", &(struct index_member){0}), INDEX_UNUSABLE);
    }
}

static void tables_out_of_order_give_nothing_wrong(void **state)
{
    struct forgery *forgery = *state;
    struct member_index_record record = forgery->records[0];
    struct member_index_name name = forgery->names[0];

    forgery->records[0] = forgery->records[2];
    forgery->records[2] = record;
    assert_hides_ada(forgery, "records out of order");
    build(forgery);
    forgery->names[0] = forgery->names[2];
    forgery->names[2] = name;
    assert_hides_ada(forgery, "names out of order");
}

static void strings_must_lie_within_the_file(void **state)
{
    struct forgery *forgery = *state;
    const uint64_t length = forgery->size - forgery->header->strings_offset;
    const uint64_t offsets[] = {length, length - 1, length + 1, UINT64_MAX, UINT64_MAX - 3, 1ull << 63};

    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        forgery->records[0].strings = offsets[i];
        assert_hides_ada(forgery, "strings beyond the end");
    }
    build(forgery);
    forgery->records[0].full_name_length = UINT16_MAX;
    assert_hides_ada(forgery, "a full name too long");
    build(forgery);
    forgery->records[0].home_length = UINT16_MAX;
    assert_hides_ada(forgery, "a home too long");
    build(forgery);
    forgery->records[0].shell_length = MEMBER_SHELL_MAX + 1;
    assert_hides_ada(forgery, "a shell too long");
    build(forgery);
    forgery->records[0].strings = forgery->records[1].strings;
    assert_hides_ada(forgery, "the strings of another");
    build(forgery);
    forgery->records[0].home_length = forgery->records[0].shell_length = 0;
    assert_hides_ada(forgery, "no home and no shell");
}

/* In a file that has room for them, so that nothing but the limits stands between them and the stack. */
static void strings_longer_than_their_limits_are_not_read(void **state)
{
    struct forgery *forgery = *state;
    uint16_t *const lengths[] = {&forgery->records[0].full_name_length, &forgery->records[0].home_length,
                                 &forgery->records[0].shell_length};
    const uint16_t limits[] = {MEMBER_FULL_NAME_MAX, MEMBER_HOME_MAX, MEMBER_SHELL_MAX};

    for (size_t i = 0; i < 3; i++)
        for (uint16_t more = 1; more < 1000; more = (uint16_t)(more * 3)) {
            build(forgery);
            memset(forgery->bytes + forgery->size, 'a', sizeof forgery->bytes - forgery->size);
            forgery->size = forgery->header->file_size = sizeof forgery->bytes;
            *lengths[i] = (uint16_t)(limits[i] + more);
            assert_hides_ada(forgery, "a string longer than its limit");
        }
}

static void strings_hold_only_what_they_may(void **state)
{
    static const struct {
        unsigned at;
        const char *bytes;
    } cases[] = {
        {2, "\n"},    {2, ":"},        {2, "\033"}, {2, "\302\233"}, {2, "\377"},      {2, ","},
        {8, "x"},     {8, "/etc/ada"}, {10, "\n"},  {10, ":"},       {8, "/home/eve"}, {8, "//ome/ada"},
        {8, "/.ome"}, {17, "x"},       {19, "\n"},  {19, ":"},       {8, "/usr//ada"},
    };
    struct forgery *forgery = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        build(forgery);
        memcpy(forgery->strings + cases[i].at, cases[i].bytes, strlen(cases[i].bytes));
        assert_hides_ada(forgery, cases[i].bytes);
    }
    build(forgery);
    forgery->strings[2] = '\0';
    assert_hides_ada(forgery, "a NUL in a string");
}

static void a_word_that_must_be_zero_is_zero(void **state)
{
    struct forgery *forgery = *state;

    forgery->records[0].zero = 1;
    assert_hides_ada(forgery, "zero");
}

static void a_header_that_does_not_fit_the_file_gives_nobody(void **state)
{
    struct forgery *forgery = *state;
    uint64_t *const offsets[] = {&forgery->header->records_offset, &forgery->header->names_offset,
                                 &forgery->header->strings_offset, &forgery->header->file_size};
    const uint64_t steps[] = {1, 4, (uint64_t)-1, (uint64_t)-56, 1ull << 63, 1ull << 32};
    const uint32_t counts[] = {0, PEOPLE - 1, PEOPLE + 1, MEMBER_INDEX_MEMBERS_MAX + 1, UINT32_MAX};

    for (size_t i = 0; i < 4; i++)
        for (size_t j = 0; j < sizeof steps / sizeof steps[0]; j++) {
            build(forgery);
            *offsets[i] += steps[j];
            assert_gives_nobody(forgery, "a wrong offset");
        }
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        build(forgery);
        forgery->header->count = counts[i];
        assert_gives_nobody(forgery, "a wrong count");
    }
    build(forgery);
    forgery->header->magic[7]++;
    assert_gives_nobody(forgery, "another magic");
    build(forgery);
    forgery->header->byte_order = 0x04030201;
    assert_gives_nobody(forgery, "another byte order");
}

static void a_file_of_any_other_length_gives_nobody(void **state)
{
    struct forgery *forgery = *state;
    size_t whole = forgery->size;

    for (forgery->size = 0; forgery->size < whole; forgery->size++)
        assert_gives_nobody(forgery, "a file cut short");
    forgery->size = whole + 1;
    assert_gives_nobody(forgery, "a file with more behind it");
}

static void only_a_regular_file_with_one_name_counts(void **state)
{
    struct forgery *forgery = *state;
    char aside[96];

    (void)snprintf(aside, sizeof aside, "%s/aside", forgery->folder);
    assert_int_equal(link(forgery->path, aside), 0);
    assert_int_equal(look_at_everything(forgery->path), 0);
    assert_int_equal(unlink(forgery->path), 0);
    assert_int_equal(look_at_everything(forgery->path), 0);
    assert_int_equal(symlink(aside, forgery->path), 0);
    assert_int_equal(look_at_everything(forgery->path), 0);
    assert_int_equal(unlink(forgery->path), 0);
    assert_int_equal(mkfifo(forgery->path, 0644), 0);
    assert_int_equal(look_at_everything(forgery->path), 0);
    assert_int_equal(unlink(forgery->path), 0);
    assert_int_equal(mkdir(forgery->path, 0755), 0);
    assert_int_equal(look_at_everything(forgery->path), 0);
    assert_int_equal(look_at_everything("/dev/zero"), 0);
    assert_int_equal(look_at_everything(aside), 2 * PEOPLE);
}

static void a_file_that_others_may_write_gives_nobody(void **state)
{
    struct forgery *forgery = *state;

    assert_int_equal(chmod(forgery->path, 0664), 0);
    assert_int_equal(look_at_everything(forgery->path), 0);
    assert_int_equal(chmod(forgery->path, 0646), 0);
    assert_int_equal(look_at_everything(forgery->path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FORGERY_TEST(a_valid_index_gives_its_members_and_nobody_else),
        FORGERY_TEST(in_a_large_index_with_gaps_everybody_is_found_and_nobody_else),
        FORGERY_TEST(ids_that_are_no_members_are_not_given),
        FORGERY_TEST(names_that_are_no_members_are_not_given),
        FORGERY_TEST(a_name_must_be_padded_with_nuls),
        FORGERY_TEST(both_tables_must_agree),
        FORGERY_TEST(a_record_beyond_all_others_is_nobodys),
        FORGERY_TEST(tables_out_of_order_give_nothing_wrong),
        FORGERY_TEST(strings_must_lie_within_the_file),
        FORGERY_TEST(strings_longer_than_their_limits_are_not_read),
        FORGERY_TEST(strings_hold_only_what_they_may),
        FORGERY_TEST(a_word_that_must_be_zero_is_zero),
        FORGERY_TEST(a_header_that_does_not_fit_the_file_gives_nobody),
        FORGERY_TEST(a_file_of_any_other_length_gives_nobody),
        FORGERY_TEST(only_a_regular_file_with_one_name_counts),
        FORGERY_TEST(a_file_that_others_may_write_gives_nobody),
    };

    return cmocka_run_group_tests_name("index_reader", tests, NULL, NULL);
}
