/* SPDX-License-Identifier: BSD-2-Clause */
/* A small index to forge, its parts at hand, and a look at everything that a reader could give. */
#ifndef TESTS_NSS_FORGERY_H
#define TESTS_NSS_FORGERY_H

#include "members/fixture.h"

#include <fcntl.h>

#include "../../nss_module/index_reader.h"
#include "frontdesk/member_text.h"
#include "members/index_image.h"

#define FIRST       70000
#define PEOPLE      3
#define FORGERY_MAX 4096

static const char *const names_of_people[PEOPLE] = {"ada", "bob", "eve"};

/* A valid index of ada, bob and eve, with its parts at hand. */
struct forgery {
    char folder[64], path[96];
    char bytes[FORGERY_MAX];
    size_t size;
    struct member_index_header *header;
    struct member_index_record *records;
    struct member_index_name *names;
    char *strings;
};

static inline void add_person(struct index_image *image, uint32_t id, const char *name)
{
    char home[64], shell[] = "/bin/sh", full_name[] = "Somebody";
    struct member member = {.id = id, .home = home, .shell = shell, .full_name = full_name};

    (void)snprintf(home, sizeof home, "/home/%s", name);
    (void)snprintf(member.name, sizeof member.name, "%s", name);
    assert_true(index_image_add(image, &member));
}

static inline void build(struct forgery *forgery)
{
    struct index_image image = {0};
    char *bytes;

    for (uint32_t i = 0; i < PEOPLE; i++)
        add_person(&image, FIRST + i, names_of_people[i]);
    bytes = index_image_finish(&image, 7, &forgery->size);
    assert_non_null(bytes);
    assert_true(forgery->size <= sizeof forgery->bytes);
    memset(forgery->bytes, 0, sizeof forgery->bytes);
    memcpy(forgery->bytes, bytes, forgery->size);
    free(bytes);
    index_image_clear(&image);
    forgery->header = (void *)forgery->bytes;
    forgery->records = (void *)(forgery->bytes + forgery->header->records_offset);
    forgery->names = (void *)(forgery->bytes + forgery->header->names_offset);
    forgery->strings = forgery->bytes + forgery->header->strings_offset;
}

static inline void write_file(const char *path, const char *bytes, size_t size)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

    assert_true(file >= 0);
    assert_int_equal(write(file, bytes, size), size);
    assert_int_equal(close(file), 0);
}

static inline void save(const struct forgery *forgery)
{
    write_file(forgery->path, forgery->bytes, forgery->size);
}

static inline int setup(void **state)
{
    struct forgery *forgery = calloc(1, sizeof *forgery);

    assert_non_null(forgery);
    make_state_dir(forgery->folder);
    (void)snprintf(forgery->path, sizeof forgery->path, "%s/members", forgery->folder);
    build(forgery);
    save(forgery);
    *state = forgery;
    return 0;
}

static inline int teardown(void **state)
{
    struct forgery *forgery = *state;

    remove_tree(forgery->folder);
    free(forgery);
    return 0;
}

/* Whatever is found must be what was asked for, and what a member may be. */
static inline void assert_member(const struct index_member *member)
{
    assert_true(id_is_members(member->id));
    assert_true(member_name_is_valid(member->name, strlen(member->name)));
    assert_false(member_name_is_reserved(member->name));
    assert_true(gecos_is_valid(member->full_name, strlen(member->full_name)));
    assert_true(home_is_valid(member->home, strlen(member->home), member->name));
    assert_true(shell_is_valid(member->shell, strlen(member->shell)));
}

/* How many look-ups found somebody. */
static inline unsigned look_at_everything(const char *path)
{
    static const char *const names[] = {"ada",  "bob", "eve", "adb",  "root", "docker",   "Ada",
                                        "a:da", "",    "zoe", "../x", "0",    "systemd-x"};
    static const uint32_t ids[] = {0,     1,     999,   1000,  65534,  65535,      FIRST - 1,  FIRST,
                                   70001, 70002, 70003, 99999, 100000, 0x7fffffff, 0x80000000, UINT32_MAX};
    struct index_member member;
    unsigned found = 0;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (index_find_name(path, names[i], &member) == INDEX_FOUND) {
            assert_string_equal(member.name, names[i]);
            assert_member(&member);
            found++;
        }
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        if (index_find_id(path, ids[i], &member) == INDEX_FOUND) {
            assert_int_equal(member.id, ids[i]);
            assert_member(&member);
            found++;
        }
    return found;
}

/* Gives ada these groups, her strings anew behind all others. */
static inline void give_groups(struct forgery *forgery, const char *groups, size_t length)
{
    static const char texts[] = "Somebody/home/ada/bin/sh";
    char *end = forgery->bytes + forgery->size;

    assert_true(forgery->size + sizeof texts + length <= sizeof forgery->bytes);
    memcpy(end, texts, sizeof texts - 1);
    memcpy(end + sizeof texts - 1, groups, length);
    forgery->records[0].strings = (uint64_t)(end - forgery->strings);
    forgery->records[0].groups_length = (uint16_t)length;
    forgery->size += sizeof texts - 1 + length;
    forgery->header->file_size = forgery->size;
}

#define FORGERY_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
