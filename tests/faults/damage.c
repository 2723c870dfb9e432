/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * members.db spoiled in every way that a disk or a hand may spoil it: it is refused, or says just what it
 * said before (a bit may flip where nothing stands); it is never mended by itself, and the index stays.
 * FAULTS=all flips a bit of every byte; else of every 23rd.
 */
#include "faults/damage.h"

#define PEOPLE 60

static const char *const names[] = {"p0", "p7", "p31", "p59", NULL};

static void add_people(struct desk *desk)
{
    for (unsigned i = 0; i < PEOPLE; i++) {
        char name[16], email[64];
        struct identity identity;

        (void)snprintf(name, sizeof name, "p%u", i);
        (void)snprintf(email, sizeof email, "%s@acme.example", name);
        identity = person(name, name, email);
        assert_int_equal(sign_in(desk, &identity), REASON_OK);
    }
}

/* Freed pages, a former name, a session and a tombstone, too. */
static void add_more(struct desk *desk)
{
    struct store *store = desk->members.store;
    struct member member = {0};
    struct session_row session = {.ticket_hash = "abc",
                                  .boot = text("b"),
                                  .user = text("p1"),
                                  .issuer = text(ISSUER),
                                  .subject = text("p1"),
                                  .connection = text("acme"),
                                  .service = text("login")};

    assert_int_equal(members_rename(&desk->members, "p2", "renamed", false, &member), REASON_OK);
    member_clear(&member);
    assert_int_equal(members_remove(&desk->members, "p3", false, true, &member), REASON_OK);
    member_clear(&member);
    for (unsigned i = 0; i < 40; i++) {
        (void)snprintf(session.ticket_hash, sizeof session.ticket_hash, "%064u", i);
        assert_int_equal(store_session_begin(store, &session), STORE_OK);
    }
    for (unsigned i = 0; i < 39; i++) {
        (void)snprintf(session.ticket_hash, sizeof session.ticket_hash, "%064u", i);
        assert_int_equal(store_session_end(store, session.ticket_hash), STORE_OK);
    }
    session_row_clear(&session);
}

/* Over and open ones, and events, one of which failed. */
static void add_check_ins(struct store *store)
{
    char ghent[] = "Ghent", json[] = "{\"version\":1}";
    struct hook_event event = {.member = FD_MEMBER_ID_MIN, .json = json, .made_at = NOW};

    assert_int_equal(store_begin(store), STORE_OK);
    for (unsigned i = 0; i < 20; i++) {
        struct check_in check_in = {.member = FD_MEMBER_ID_MIN, .location = ghent, .in_at = NOW + i};

        assert_int_equal(store_check_in_begin(store, &check_in), STORE_OK);
        if (i < 19)
            assert_int_equal(store_check_in_end(store, check_in.id, NOW + i, CHECK_IN_LIMIT), STORE_OK);
        (void)snprintf(event.event_id, sizeof event.event_id, "event-%u", i);
        (void)snprintf(event.kind, sizeof event.kind, "%s", EVENT_KIND_CHECK_IN);
        assert_int_equal(store_event_add(store, &event), STORE_OK);
    }
    assert_int_equal(store_event_failed(store, "event-0", "status 1", NOW), STORE_OK);
    assert_int_equal(store_commit(store), STORE_OK);
}

struct damage {
    struct desk *desk;
    struct bytes good, index;
    char path[128], index_path[128];
    char *said;
    unsigned refused, harmless;
};

static void spoil_begin(struct damage *damage, struct desk *desk)
{
    add_people(desk);
    add_more(desk);
    add_check_ins(desk->members.store);
    *damage = (struct damage){.desk = desk};
    damage->said = say_all(desk->members.store, names);
    assert_non_null(damage->said);
    desk_close(desk);
    store_path(desk, damage->path);
    (void)snprintf(damage->index_path, sizeof damage->index_path, "%s/%s", desk->state_dir, FD_INDEX_NAME);
    damage->good = read_bytes(damage->path);
    damage->index = read_bytes(damage->index_path);
}

static void spoil_end(struct damage *damage)
{
    struct bytes index = read_bytes(damage->index_path);

    assert_int_equal(index.size, damage->index.size);
    assert_memory_equal(index.at, damage->index.at, index.size);
    free(index.at);
    write_bytes(damage->path, damage->good.at, damage->good.size);
    desk_open(damage->desk);
    free(damage->good.at);
    free(damage->index.at);
    free(damage->said);
}

/* False: it was refused, with words, and the bytes stay as they are. */
static bool still_says_the_same(struct damage *damage, const unsigned char *at, size_t size)
{
    char *why = NULL, *said = NULL;
    struct store *store;

    write_bytes(damage->path, at, size);
    store = store_open(damage->desk->state_dir, &why);
    if (store) {
        said = say_all(store, names);
        store_close(store);
        if (!said || strcmp(said, damage->said) != 0)
            fail_msg("it was opened, and says something else:\n%s", said ? said : "(nothing)");
        damage->harmless++;
    } else {
        struct bytes left = read_bytes(damage->path);

        assert_non_null(why);
        assert_int_equal(left.size, size);
        assert_memory_equal(left.at, at, size);
        free(left.at);
        damage->refused++;
    }
    free(why);
    free(said);
    return store != NULL;
}

static void with_any_bit_flipped_it_is_refused_or_says_the_same(void **state)
{
    const char *all = getenv("FAULTS");
    const size_t step = all && strcmp(all, "all") == 0 ? 1 : 23;
    struct damage damage;

    spoil_begin(&damage, *state);
    for (size_t i = 0; i < damage.good.size; i += step) {
        const unsigned char bit = (unsigned char)(1U << (i / step % 8));

        damage.good.at[i] ^= bit;
        (void)still_says_the_same(&damage, damage.good.at, damage.good.size);
        damage.good.at[i] ^= bit;
    }
    assert_true(damage.refused > damage.harmless / 8);
    spoil_end(&damage);
}

/* Every occurrence of what tells one member from another, in rows and indexes alike. */
static void no_bit_of_a_subject_a_name_or_an_id_flips_unseen(void **state)
{
    static const char *const needles[] = {"p31", ISSUER "p7", "p7@acme", "/home/p59", "renamed"};
    struct damage damage;
    unsigned found = 0;

    spoil_begin(&damage, *state);
    for (size_t n = 0; n < sizeof needles / sizeof needles[0]; n++) {
        const size_t length = strlen(needles[n]);

        for (size_t i = 0; i + length <= damage.good.size; i++) {
            if (memcmp(damage.good.at + i, needles[n], length) != 0)
                continue;
            damage.good.at[i + length - 1] ^= 1;
            found += !still_says_the_same(&damage, damage.good.at, damage.good.size);
            damage.good.at[i + length - 1] ^= 1;
        }
    }
    assert_true(found > 8);
    spoil_end(&damage);
}

static void cut_off_at_any_page_it_is_refused(void **state)
{
    struct damage damage;

    spoil_begin(&damage, *state);
    for (size_t size = 0; size < damage.good.size; size += 512)
        assert_false(still_says_the_same(&damage, damage.good.at, size));
    spoil_end(&damage);
}

static void with_any_page_zeroed_or_garbled_it_is_refused_or_says_the_same(void **state)
{
    unsigned char kept[4096];
    struct damage damage;

    spoil_begin(&damage, *state);
    for (size_t page = 0; page < damage.good.size; page += sizeof kept) {
        memcpy(kept, damage.good.at + page, sizeof kept);
        memset(damage.good.at + page, 0, sizeof kept);
        (void)still_says_the_same(&damage, damage.good.at, damage.good.size);
        for (size_t i = 0; i < sizeof kept; i++)
            damage.good.at[page + i] = (unsigned char)(i * 2654435761U >> 7);
        (void)still_says_the_same(&damage, damage.good.at, damage.good.size);
        memcpy(damage.good.at + page, kept, sizeof kept);
    }
    assert_true(damage.refused > damage.harmless);
    spoil_end(&damage);
}

/* A page of an older file, as a write that the disk lost leaves it. */
static void with_any_page_of_an_older_file_it_is_refused_or_says_the_same(void **state)
{
    struct desk *desk = *state;
    struct damage damage;
    struct bytes older;
    char path[128];

    add_people(desk);
    store_path(desk, path);
    older = read_bytes(path);
    desk_close(desk);
    assert_int_equal(unlink(path), 0);
    (void)snprintf(path, sizeof path, "%s/%s", desk->state_dir, FD_INDEX_NAME);
    assert_int_equal(unlink(path), 0);
    desk_open(desk);
    spoil_begin(&damage, desk);
    for (size_t page = 4096; page + 4096 <= older.size && page < damage.good.size; page += 4096) {
        unsigned char kept[4096];

        memcpy(kept, damage.good.at + page, sizeof kept);
        memcpy(damage.good.at + page, older.at + page, sizeof kept);
        (void)still_says_the_same(&damage, damage.good.at, damage.good.size);
        memcpy(damage.good.at + page, kept, sizeof kept);
    }
    assert_true(damage.refused > 0);
    free(older.at);
    spoil_end(&damage);
}

static void assert_refused(struct desk *desk)
{
    char *why = NULL;

    assert_null(store_open(desk->state_dir, &why));
    assert_non_null(why);
    free(why);
}

static void nothing_else_in_its_place_is_taken_for_it(void **state)
{
    struct desk *desk = *state;
    char path[128], other[160];

    desk_close(desk);
    store_path(desk, path);
    (void)snprintf(other, sizeof other, "%s.other", path);
    assert_int_equal(rename(path, other), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_refused(desk);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(symlink(other, path), 0);
    assert_refused(desk);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_refused(desk);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(link(other, path), 0);
    assert_refused(desk);
    assert_int_equal(unlink(other), 0);
    assert_int_equal(chmod(path, 0640), 0);
    assert_refused(desk);
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(chown(path, 12345, 12345), 0);
    assert_refused(desk);
    assert_int_equal(chown(path, 0, 0), 0);
    desk_open(desk);
}

/* While it is open: what was read once is not believed for ever. */
static void a_row_that_flips_under_an_open_store_is_refused_as_damaged(void **state)
{
    struct desk *desk = *state;
    struct identity same, stranger = person(desk->connection.name, desk->connection.name, NULL);
    char subject[] = "p7", email[] = "p7@acme.example";
    struct damage damage;

    spoil_begin(&damage, desk);
    desk_open(desk);
    for (size_t i = 0; i + sizeof ISSUER + 1 <= damage.good.size; i++)
        if (memcmp(damage.good.at + i, ISSUER "p7", sizeof ISSUER + 1) == 0)
            damage.good.at[i + sizeof ISSUER] ^= 1;
    damage.good.at[27] ^= 1; /* the change counter, as any writer would */
    write_bytes(damage.path, damage.good.at, damage.good.size);
    same = person(subject, subject, email);
    assert_int_equal(sign_in(desk, &same), REASON_STORE_CORRUPT);
    assert_int_equal(sign_in(desk, &stranger), REASON_STORE_CORRUPT);
    assert_true(desk->members.why[0] != '\0');
    desk_close(desk);
    free(damage.good.at);
    free(damage.index.at);
    free(damage.said);
    assert_int_equal(unlink(damage.path), 0);
    assert_int_equal(unlink(damage.index_path), 0);
    desk_open(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(with_any_bit_flipped_it_is_refused_or_says_the_same),
        DESK_TEST(no_bit_of_a_subject_a_name_or_an_id_flips_unseen),
        DESK_TEST(cut_off_at_any_page_it_is_refused),
        DESK_TEST(with_any_page_zeroed_or_garbled_it_is_refused_or_says_the_same),
        DESK_TEST(with_any_page_of_an_older_file_it_is_refused_or_says_the_same),
        DESK_TEST(nothing_else_in_its_place_is_taken_for_it),
        DESK_TEST(a_row_that_flips_under_an_open_store_is_refused_as_damaged),
    };

    return cmocka_run_group_tests_name("damage", tests, NULL, NULL);
}
