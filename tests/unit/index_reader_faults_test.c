/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads that fail, or give less than there is, files of odd kinds, and forgeries that need many records. The
 * bytes are right each time: whoever does not look at the answer gives a member.
 */
#include "nss/forgery.h"

#include <errno.h>

static struct {
    unsigned pread, fstat; /* the n-th of them from now on fails; 0: none */
    ssize_t pread_less;    /* ... or says that it gave so many octets less; 0: says -1 */
    bool came;
    mode_t kind; /* what fstat says of the file; 0: the truth */
    unsigned opened;
    unsigned mended_after;        /* the n-th pread from now on is the last of a file as it was; 0: none */
    const struct forgery *mended; /* ... and then it is so */
} fault;

ssize_t __real_pread(int fd, void *buffer, size_t size, off_t offset);
ssize_t __wrap_pread(int fd, void *buffer, size_t size, off_t offset);
int __real_fstat(int fd, struct stat *status);
int __wrap_fstat(int fd, struct stat *status);
int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);

ssize_t __wrap_pread(int fd, void *buffer, size_t size, off_t offset)
{
    const ssize_t n = __real_pread(fd, buffer, size, offset);

    if (fault.mended_after > 0 && --fault.mended_after == 0)
        save(fault.mended);
    if (fault.pread == 0 || --fault.pread > 0)
        return n;
    fault.came = true;
    return fault.pread_less > 0 ? n - fault.pread_less : -1;
}

int __wrap_fstat(int fd, struct stat *status)
{
    const int result = __real_fstat(fd, status);

    if (fault.kind != 0)
        status->st_mode = (status->st_mode & 07777) | fault.kind;
    if (fault.fstat == 0 || --fault.fstat > 0)
        return result;
    return -1;
}

int __wrap_open(const char *path, int flags, ...)
{
    fault.opened++;
    return __real_open(path, flags, 0644);
}

static enum index_result look(const char *path, unsigned way)
{
    struct index_member member;
    char groups[MEMBER_GROUP_LIST_MAX + 1];

    return way == 0   ? index_find_name(path, "ada", &member)
           : way == 1 ? index_find_id(path, FIRST, &member)
                      : index_find_groups(path, "ada", groups);
}

/* The third read is of the record that the name's entry points at: too long to be one, at that moment. */
static void what_is_given_is_what_was_judged(void **state)
{
    struct forgery *forgery = *state, *mended = calloc(1, sizeof *mended);
    struct index_member member;

    assert_non_null(mended);
    memcpy(mended, forgery, sizeof *mended);
    forgery->records[0].shell_length = UINT16_MAX;
    save(forgery);
    fault.mended = mended;
    fault.mended_after = 3;
    assert_int_equal(index_find_name(forgery->path, "ada", &member), INDEX_FOUND);
    assert_string_equal(member.shell, "/bin/sh");
    assert_int_equal(fault.mended_after, 0);
    free(mended);
}

static void a_read_that_fails_or_gives_less_makes_the_index_unusable(void **state)
{
    struct forgery *forgery = *state;

    give_groups(forgery, "crew", 4);
    save(forgery);
    for (unsigned way = 0; way < 3; way++)
        for (ssize_t less = 0; less <= 1; less++) {
            unsigned reads = 0;

            do {
                enum index_result result;

                fault = (typeof(fault)){.pread = ++reads, .pread_less = less};
                result = look(forgery->path, way);
                assert_int_equal(result, fault.came ? INDEX_UNUSABLE : INDEX_FOUND);
            } while (fault.came);
            assert_true(reads > 3);
        }
    fault = (typeof(fault)){0};
}

static void a_file_of_unknown_or_another_kind_is_no_index(void **state)
{
    static const mode_t kinds[] = {S_IFCHR, S_IFBLK, S_IFIFO, S_IFDIR, S_IFSOCK};
    struct forgery *forgery = *state;

    for (unsigned way = 0; way < 3; way++) {
        fault = (typeof(fault)){.fstat = 1};
        assert_int_equal(look(forgery->path, way), INDEX_UNUSABLE);
        for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
            fault = (typeof(fault)){.kind = kinds[i]};
            assert_int_equal(look(forgery->path, way), INDEX_UNUSABLE);
        }
    }
    fault = (typeof(fault)){0};
}

static void no_file_is_opened_for_who_can_be_no_member(void **state)
{
    static const char *const names[] = {"root", "docker", "systemd-x", "Ada", "", "a:b", "../ada"};
    static const uint32_t ids[] = {0, 1000, FD_MEMBER_ID_MIN - 1, FD_MEMBER_ID_MAX + 1, UINT32_MAX};
    struct forgery *forgery = *state;
    struct index_member member;
    char groups[MEMBER_GROUP_LIST_MAX + 1];

    fault = (typeof(fault)){0};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(index_find_name(forgery->path, names[i], &member), INDEX_NOT_FOUND);
        assert_int_equal(index_find_groups(forgery->path, names[i], groups), INDEX_NOT_FOUND);
    }
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        assert_int_equal(index_find_id(forgery->path, ids[i], &member), INDEX_NOT_FOUND);
    assert_int_equal(fault.opened, 0);
    assert_int_equal(look(forgery->path, 1), INDEX_FOUND);
    assert_int_equal(fault.opened, 1);
}

static void without_an_index_it_is_unusable_not_empty(void **state)
{
    struct forgery *forgery = *state;

    assert_int_equal(unlink(forgery->path), 0);
    for (unsigned way = 0; way < 3; way++)
        assert_int_equal(look(forgery->path, way), INDEX_UNUSABLE);
}

#define MANY 400

/* The bytes of an index of MANY members, p000 and so on. */
static char *build_many(size_t *ret_size)
{
    struct index_image image = {0};
    char name[8], *bytes;

    for (uint32_t i = 0; i < MANY; i++) {
        (void)snprintf(name, sizeof name, "p%03u", (unsigned)i);
        add_person(&image, FD_MEMBER_ID_MIN + i, name);
    }
    bytes = index_image_finish(&image, 7, ret_size);
    assert_non_null(bytes);
    index_image_clear(&image);
    return bytes;
}

/* Whose name would stand before all others: the search never comes to where the header is wrong. */
static enum index_result look_for_nobody(const char *path, const char *bytes, size_t size)
{
    struct index_member member;

    write_file(path, bytes, size);
    return index_find_name(path, "a", &member);
}

static void a_header_must_be_right_in_every_word_whoever_is_asked_for(void **state)
{
    struct forgery *forgery = *state;
    size_t size;
    char *bytes = build_many(&size);
    struct member_index_header *header = (void *)bytes, whole = *header;

    assert_int_equal(look_for_nobody(forgery->path, bytes, size), INDEX_NOT_FOUND);
    header->records_offset += sizeof(struct member_index_record);
    assert_int_equal(look_for_nobody(forgery->path, bytes, size), INDEX_UNUSABLE);
    *header = whole;
    header->names_offset += sizeof(struct member_index_name);
    assert_int_equal(look_for_nobody(forgery->path, bytes, size), INDEX_UNUSABLE);
    *header = whole;
    header->strings_offset += 1;
    assert_int_equal(look_for_nobody(forgery->path, bytes, size), INDEX_UNUSABLE);
    *header = whole;
    header->file_size = whole.strings_offset - 1; /* the last name is cut, and there are no strings */
    assert_int_equal(look_for_nobody(forgery->path, bytes, (size_t)header->file_size), INDEX_UNUSABLE);
    free(bytes);
}

static void more_members_than_there_are_ids_are_not_believed(void **state)
{
    struct forgery *forgery = *state;
    const uint32_t count = MEMBER_INDEX_MEMBERS_MAX + 1;
    struct member_index_header header = *forgery->header;
    struct index_member member;

    header.count = count;
    header.names_offset = header.records_offset + (uint64_t)count * sizeof(struct member_index_record);
    header.strings_offset = header.file_size =
        header.names_offset + (uint64_t)count * sizeof(struct member_index_name);
    write_file(forgery->path, (const char *)&header, sizeof header);
    assert_int_equal(truncate(forgery->path, (off_t)header.file_size), 0);
    assert_int_equal(index_find_name(forgery->path, "ada", &member), INDEX_UNUSABLE);
}

static void one_id_never_bears_two_names(void **state)
{
    struct forgery *forgery = *state;
    size_t size;
    char *bytes = build_many(&size);
    struct member_index_record *records =
        (void *)(bytes + ((struct member_index_header *)(void *)bytes)->records_offset);
    struct index_member member;

    records[10].id = records[350].id;
    write_file(forgery->path, bytes, size);
    assert_int_equal(index_find_id(forgery->path, records[350].id, &member), INDEX_FOUND);
    assert_string_equal(member.name, "p350");
    assert_int_equal(index_find_name(forgery->path, "p350", &member), INDEX_FOUND);
    assert_int_equal(index_find_name(forgery->path, "p010", &member), INDEX_UNUSABLE);
    free(bytes);
}

static void strings_do_not_lie_before_their_place(void **state)
{
    static const char texts[] = "Somebody/home/ada/bin/sh";
    struct forgery *forgery = *state;
    const uint64_t eve = forgery->header->names_offset + 2 * sizeof(struct member_index_name);

    memcpy(forgery->names[2].name, texts, sizeof texts);
    forgery->records[0].strings = eve - forgery->header->strings_offset; /* less than 0 */
    save(forgery);
    assert_int_equal(look(forgery->path, 0), INDEX_UNUSABLE);
    assert_int_equal(look(forgery->path, 1), INDEX_UNUSABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FORGERY_TEST(a_read_that_fails_or_gives_less_makes_the_index_unusable),
        FORGERY_TEST(what_is_given_is_what_was_judged),
        FORGERY_TEST(a_file_of_unknown_or_another_kind_is_no_index),
        FORGERY_TEST(no_file_is_opened_for_who_can_be_no_member),
        FORGERY_TEST(without_an_index_it_is_unusable_not_empty),
        FORGERY_TEST(a_header_must_be_right_in_every_word_whoever_is_asked_for),
        FORGERY_TEST(more_members_than_there_are_ids_are_not_believed),
        FORGERY_TEST(one_id_never_bears_two_names),
        FORGERY_TEST(strings_do_not_lie_before_their_place),
    };

    return cmocka_run_group_tests_name("index_reader_faults", tests, NULL, NULL);
}
