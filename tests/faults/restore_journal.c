/* SPDX-License-Identifier: BSD-2-Clause */
/* Half a transaction that a store left beside it goes where that store goes, and never into another one. */
#include "faults/damage.h"
#include "members/store_backup.h"
#include "members/verbs.h"

#include <glob.h>

static const char half[] = "half a transaction";

static void journal_path(const struct desk *desk, char path[128])
{
    store_path(desk, path);
    append(path, 128, "-journal");
}

static struct store *begin_restore(struct desk *desk)
{
    struct store *restored;
    struct bytes bytes;
    char *why = NULL;

    assert_sign_in(desk, ada(), REASON_OK);
    assert_int_equal(store_copy(desk->members.store, &bytes.at, &bytes.size), STORE_OK);
    desk_close(desk);
    restored = store_restore_begin(desk->state_dir, bytes.at, bytes.size, &why);
    assert_non_null(restored);
    free(bytes.at);
    return restored;
}

static void leave_journal(const struct desk *desk)
{
    char path[128];

    journal_path(desk, path);
    write_bytes(path, (const unsigned char *)half, sizeof half);
}

static void assert_is_half(const char *path)
{
    struct bytes bytes = read_bytes(path);

    assert_int_equal(bytes.size, sizeof half);
    assert_memory_equal(bytes.at, half, sizeof half);
    free(bytes.at);
}

static void assert_kept_apart(const struct desk *desk)
{
    char pattern[128], path[128];
    glob_t found;

    journal_path(desk, path);
    assert_int_equal(access(path, F_OK), -1);
    store_path(desk, pattern);
    append(pattern, sizeof pattern, ".before-restore-*-journal");
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    assert_int_equal(found.gl_pathc, 1);
    assert_is_half(found.gl_pathv[0]);
    globfree(&found);
}

static void finish_restore(struct desk *desk, bool store_is_missing)
{
    struct store *restored = begin_restore(desk);
    char kept[STORE_KEPT_SIZE], path[128], *why = NULL;

    leave_journal(desk);
    store_path(desk, path);
    if (store_is_missing)
        assert_int_equal(unlink(path), 0);
    assert_true(store_restore_finish(restored, kept, &why));
    assert_int_equal(kept[0] == '\0', store_is_missing);
    assert_kept_apart(desk);
    desk_open(desk);
    assert_sign_in(desk, ada(), REASON_OK);
}

static void of_a_store_that_was_replaced_it_is_kept_beside_it(void **state)
{
    finish_restore(*state, false);
}

static void of_a_store_that_is_missing_it_is_not_the_restored_ones(void **state)
{
    finish_restore(*state, true);
}

static void of_a_store_that_stays_it_stays(void **state)
{
    struct desk *desk = *state;
    struct store *restored = begin_restore(desk);
    char kept[STORE_KEPT_SIZE], path[128], *why = NULL;

    leave_journal(desk);
    store_path(desk, path);
    append(path, sizeof path, ".restoring");
    assert_int_equal(unlink(path), 0);
    assert_false(store_restore_finish(restored, kept, &why));
    assert_non_null(why);
    free(why);
    journal_path(desk, path);
    assert_is_half(path);
    assert_int_equal(unlink(path), 0);
    desk_open(desk);
    assert_sign_in(desk, ada(), REASON_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(of_a_store_that_was_replaced_it_is_kept_beside_it),
        DESK_TEST(of_a_store_that_is_missing_it_is_not_the_restored_ones),
        DESK_TEST(of_a_store_that_stays_it_stays),
    };

    return cmocka_run_group_tests_name("restore_journal", tests, etc_setup, NULL);
}
