/* SPDX-License-Identifier: BSD-2-Clause */
/* The configuration in use: the same object while nothing changed, the new one at once when something did. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config/config.h"
#include "config_folder.h"

struct fixture {
    struct folder folder, vendor;
    struct config_watch *watch;
};

static int make(void **state)
{
    static struct fixture fixture;

    folder_make(&fixture.folder);
    folder_make(&fixture.vendor);
    folder_write_connection(&fixture.folder, "connections.d/acme.conf", "");
    fixture.watch = config_watch_new_layers(fixture.folder.path, fixture.vendor.path);
    *state = &fixture;
    return fixture.watch ? 0 : -1;
}

static int clear(void **state)
{
    struct fixture *fixture = *state;

    config_watch_free(fixture->watch);
    folder_remove(&fixture->folder);
    folder_remove(&fixture->vendor);
    return 0;
}

static void an_unchanged_folder_gives_the_same_object(void **state)
{
    struct fixture *fixture = *state;
    const struct config *config = config_watch_current(fixture->watch);

    assert_int_equal(config->connection_count, 1);
    assert_ptr_equal(config_watch_current(fixture->watch), config);
}

static void a_switched_off_connection_counts_at_once(void **state)
{
    struct fixture *fixture = *state;

    assert_true(config_watch_current(fixture->watch)->connections[0].enabled);
    folder_write_connection(&fixture->folder, "connections.d/acme.conf", "enabled = no\n");
    assert_false(config_watch_current(fixture->watch)->connections[0].enabled);
}

static void a_new_and_a_removed_connection_count_at_once(void **state)
{
    struct fixture *fixture = *state;
    char path[FOLDER_PATH_MAX];

    assert_int_equal(config_watch_current(fixture->watch)->connection_count, 1);
    folder_write_connection(&fixture->folder, "connections.d/beta.conf", "");
    assert_int_equal(config_watch_current(fixture->watch)->connection_count, 2);
    folder_path(&fixture->folder, "connections.d/acme.conf", path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(config_watch_current(fixture->watch)->connection_count, 1);
}

static void a_new_frontdesk_conf_counts_at_once(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(config_watch_current(fixture->watch)->limits.sign_ins, 500);
    folder_write(&fixture->folder, "frontdesk.conf", "[limits]\nsign_ins = 9\n");
    assert_int_equal(config_watch_current(fixture->watch)->limits.sign_ins, 9);
}

static void a_file_that_others_may_write_now_is_refused_at_once(void **state)
{
    struct fixture *fixture = *state;
    char path[FOLDER_PATH_MAX];

    assert_int_equal(config_watch_current(fixture->watch)->broken_connection_count, 0);
    folder_path(&fixture->folder, "connections.d/acme.conf", path);
    assert_int_equal(chmod(path, 0666), 0);
    assert_int_equal(config_watch_current(fixture->watch)->broken_connection_count, 1);
}

static void a_way_to_the_folder_that_others_may_turn_now_is_refused_at_once(void **state)
{
    const struct fixture *fixture = *state;
    struct folder inner;
    struct config_watch *watch;

    folder_path(&fixture->vendor, "inner", inner.path);
    assert_int_equal(mkdir(inner.path, 0755), 0);
    folder_write(&inner, "frontdesk.conf", "");
    watch = config_watch_new_layers(inner.path, NULL);
    assert_non_null(watch);
    assert_false(config_watch_current(watch)->broken);
    assert_int_equal(chmod(fixture->vendor.path, 0777), 0);
    assert_true(config_watch_current(watch)->broken);
    assert_string_equal(config_watch_current(watch)->faults[0].file, fixture->vendor.path);
    assert_int_equal(chmod(fixture->vendor.path, 0755), 0);
    assert_false(config_watch_current(watch)->broken);
    config_watch_free(watch);
}

/* Two changes within a tick of the clock have the same ctime. */
static void a_mode_counts_however_soon_it_follows(void **state)
{
    struct fixture *fixture = *state;
    char path[FOLDER_PATH_MAX];

    folder_path(&fixture->folder, "connections.d/acme.conf", path);
    for (int i = 0; i < 50; i++) {
        assert_int_equal(config_watch_current(fixture->watch)->broken_connection_count, 0);
        assert_int_equal(chmod(path, 0666), 0);
        assert_int_equal(config_watch_current(fixture->watch)->broken_connection_count, 1);
        assert_int_equal(chmod(path, 0644), 0);
    }
}

static void a_sign_in_keeps_the_configuration_it_began_with(void **state)
{
    struct fixture *fixture = *state;
    struct config *mine = config_ref(config_watch_current(fixture->watch));

    folder_write_connection(&fixture->folder, "connections.d/acme.conf", "enabled = no\n");
    assert_ptr_not_equal(config_watch_current(fixture->watch), mine);
    assert_true(mine->connections[0].enabled);
    config_unref(mine);
}

static void a_folder_that_vanished_is_broken(void **state)
{
    struct fixture *fixture = *state;

    assert_false(config_watch_current(fixture->watch)->broken);
    folder_remove(&fixture->folder);
    assert_true(config_watch_current(fixture->watch)->broken);
}

static void a_change_in_any_layer_counts_at_once(void **state)
{
    struct fixture *fixture = *state;
    const struct folder *folders[] = {&fixture->folder, &fixture->vendor};

    for (uint32_t i = 0; i < 2; i++) {
        char path[FOLDER_PATH_MAX], text[64];

        folder_path(folders[i], "frontdesk.conf.d", path);
        assert_int_equal(mkdir(path, 0755), 0);
        folder_path(folders[i], "connections.d/acme.conf.d", path);
        assert_int_equal(mkdir(path, 0755), 0);
        assert_true(config_watch_current(fixture->watch)->connections[0].enabled);
        (void)snprintf(text, sizeof text, "[limits]\nsign_ins = %u\n", 10 + i);
        folder_write(folders[i], i ? "frontdesk.conf.d/2.conf" : "frontdesk.conf.d/1.conf", text);
        assert_int_equal(config_watch_current(fixture->watch)->limits.sign_ins, 10 + i);
        folder_write(folders[i], "connections.d/acme.conf.d/1.conf", "[connection]\nenabled = no\n");
        assert_false(config_watch_current(fixture->watch)->connections[0].enabled);
        folder_write(folders[i], "connections.d/acme.conf.d/1.conf", "[connection]\nenabled = yes\n");
        assert_true(config_watch_current(fixture->watch)->connections[0].enabled);
        folder_write(folders[i], i ? "frontdesk.conf.d/2.conf" : "frontdesk.conf.d/1.conf", "");
        assert_int_equal(config_watch_current(fixture->watch)->limits.sign_ins, i ? 10 : 500);
        folder_write(folders[i], i ? "frontdesk.conf.d/2.conf" : "frontdesk.conf.d/1.conf", text);
        folder_path(folders[i], "connections.d/acme.conf.d/1.conf", path);
        assert_int_equal(unlink(path), 0);
    }
    folder_write_connection(&fixture->vendor, "connections.d/beta.conf", "");
    assert_int_equal(config_watch_current(fixture->watch)->connection_count, 2);
    const struct config *config = config_watch_current(fixture->watch);

    assert_ptr_equal(config_watch_current(fixture->watch), config);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clear)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_unchanged_folder_gives_the_same_object),
        TEST(a_switched_off_connection_counts_at_once),
        TEST(a_new_and_a_removed_connection_count_at_once),
        TEST(a_new_frontdesk_conf_counts_at_once),
        TEST(a_file_that_others_may_write_now_is_refused_at_once),
        TEST(a_way_to_the_folder_that_others_may_turn_now_is_refused_at_once),
        TEST(a_mode_counts_however_soon_it_follows),
        TEST(a_sign_in_keeps_the_configuration_it_began_with),
        TEST(a_folder_that_vanished_is_broken),
        TEST(a_change_in_any_layer_counts_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
