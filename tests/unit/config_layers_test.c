/* SPDX-License-Identifier: BSD-2-Clause */
/* The administrator's files over the vendor's, drop-ins behind both. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/config_layers_stage.h"

static void make_folder(const struct folder *folder, const char *name)
{
    char path[FOLDER_PATH_MAX];

    folder_path(folder, name, path);
    assert_int_equal(mkdir(path, 0755), 0);
}

static void remove_tree(const struct folder *folder, const char *name)
{
    struct folder inner;

    folder_path(folder, name, inner.path);
    folder_remove(&inner);
}

/* The one fault stands in this folder's file. */
static void assert_fault(const struct config *config, const struct folder *folder, const char *name,
                         unsigned line, const char *why)
{
    char path[FOLDER_PATH_MAX];

    if (name[0] == '\0')
        (void)snprintf(path, sizeof path, "%s", folder->path);
    else
        folder_path(folder, name, path);
    assert_int_equal(config->fault_count, 1);
    if (strcmp(config->faults[0].file, path) != 0 || config->faults[0].line != line ||
        !strstr(config->faults[0].why, why))
        fail_msg("%s:%u: %s", config->faults[0].file, config->faults[0].line, config->faults[0].why);
}

static void the_vendors_files_count_where_the_administrator_has_none(void **state)
{
    const struct layers *layers = *state;

    folder_write(&layers->vendor, "frontdesk.conf", "[limits]\nsign_ins = 7\n");
    folder_write_connection(&layers->vendor, "connections.d/acme.conf", "allow_all = yes\n");
    folder_write_connection(&layers->admin, "connections.d/beta.conf", "allow_all = yes\n");
    struct config *config = read_both(layers);

    assert_int_equal(config->fault_count, 0);
    assert_int_equal(config->limits.sign_ins, 7);
    assert_int_equal(config->connection_count, 2);
    assert_string_equal(config->connections[0].name, "acme");
    assert_string_equal(config->connections[1].name, "beta");
    config_unref(config);
}

static void the_administrators_file_takes_the_vendors_place_as_a_whole(void **state)
{
    const struct layers *layers = *state;

    folder_write(&layers->vendor, "frontdesk.conf", "[limits]\nsign_ins = 7\nsign_ins_per_user = 2\n");
    folder_write(&layers->admin, "frontdesk.conf", "[limits]\nsign_ins = 9\n");
    folder_write_connection(&layers->vendor, "connections.d/acme.conf", "allow_all = yes\nnonsense\n");
    folder_write_connection(&layers->admin, "connections.d/acme.conf", "");
    struct config *config = read_both(layers);

    assert_int_equal(config->fault_count, 0);
    assert_int_equal(config->limits.sign_ins, 9);
    assert_int_equal(config->limits.sign_ins_per_user, 3);
    assert_false(config_connection(config, "acme")->allow_all);
    config_unref(config);
}

static void drop_ins_of_both_are_read_in_the_order_of_their_names(void **state)
{
    const struct layers *layers = *state;

    make_folder(&layers->vendor, "frontdesk.conf.d");
    make_folder(&layers->admin, "frontdesk.conf.d");
    folder_write(&layers->vendor, "frontdesk.conf", "[limits]\nsign_ins = 1\nsign_ins_per_user = 1\n");
    folder_write(&layers->vendor, "frontdesk.conf.d/20-b.conf",
                 "[limits]\nsign_ins = 20\nunprivileged = 20\n");
    folder_write(&layers->admin, "frontdesk.conf.d/10-a.conf",
                 "[limits]\nsign_ins = 10\nsign_ins_per_host = 10\n");
    folder_write(&layers->admin, "frontdesk.conf.d/30-c.conf", "[limits]\nunprivileged = 30\n");
    struct config *config = read_both(layers);

    assert_int_equal(config->fault_count, 0);
    assert_int_equal(config->limits.sign_ins, 20);
    assert_int_equal(config->limits.sign_ins_per_user, 1);
    assert_int_equal(config->limits.sign_ins_per_host, 10);
    assert_int_equal(config->limits.unprivileged, 30);
    config_unref(config);
}

static void a_drop_in_of_the_same_name_takes_the_vendors_place(void **state)
{
    const struct layers *layers = *state;

    make_folder(&layers->vendor, "frontdesk.conf.d");
    make_folder(&layers->admin, "frontdesk.conf.d");
    folder_write(&layers->vendor, "frontdesk.conf.d/10.conf", "[limits]\nsign_ins = 7\nunprivileged = 7\n");
    folder_write(&layers->admin, "frontdesk.conf.d/10.conf", "[limits]\nsign_ins = 8\n");
    struct config *config = read_both(layers);

    assert_int_equal(config->limits.sign_ins, 8);
    assert_int_equal(config->limits.unprivileged, 20);
    config_unref(config);
    folder_write(&layers->admin, "frontdesk.conf.d/10.conf", "");
    config = read_both(layers);
    assert_int_equal(config->fault_count, 0);
    assert_int_equal(config->limits.sign_ins, 500);
    config_unref(config);
}

static void a_drop_in_changes_single_keys_of_a_connection(void **state)
{
    const struct layers *layers = *state;

    make_folder(&layers->admin, "connections.d/acme.conf.d");
    folder_write_connection(&layers->vendor, "connections.d/acme.conf",
                            "allow_all = yes\ngroup_map = a : one\ngroup_map = b : two\n");
    folder_write(
        &layers->admin, "connections.d/acme.conf.d/local.conf",
        "[connection]\nclient_id = mine\ngroup_map = c : three\ndiscovery_url = https://other.example\n");
    struct config *config = read_both(layers);
    const struct connection *connection = config_connection(config, "acme");

    assert_int_equal(config->fault_count, 0);
    assert_non_null(connection);
    assert_string_equal(connection->client_id, "mine");
    assert_string_equal(connection->issuer, "https://other.example");
    assert_true(connection->allow_all);
    assert_string_equal(connection->group_map[0].name, "c");
    assert_null(connection->group_map[1].name);
    config_unref(config);
}

static void a_service_is_one_across_files_and_stands_once_in_each(void **state)
{
    const struct layers *layers = *state;

    make_folder(&layers->admin, "frontdesk.conf.d");
    folder_write(&layers->vendor, "frontdesk.conf", "[service sshd]\ntimeout = 30\nqr = none\n");
    folder_write(&layers->admin, "frontdesk.conf.d/a.conf", "[service sudo]\n[service sshd]\ntimeout = 40\n");
    struct config *config = read_both(layers);
    struct service storage;

    assert_int_equal(config->fault_count, 0);
    assert_int_equal(config->service_count, 2);
    assert_int_equal(config_service(config, "sshd", &storage)->timeout, 40);
    assert_int_equal(config_service(config, "sshd", &storage)->qr, QR_NONE);
    config_unref(config);
    folder_write(&layers->admin, "frontdesk.conf.d/a.conf", "[service sshd]\n[service sshd]\n");
    config = read_both(layers);
    assert_true(config->broken);
    assert_fault(config, &layers->admin, "frontdesk.conf.d/a.conf", 2, "a second time");
    config_unref(config);
}

static void a_mistake_in_a_drop_in_breaks_its_connection_and_is_told_there(void **state)
{
    const struct layers *layers = *state;

    make_folder(&layers->vendor, "connections.d/acme.conf.d");
    folder_write_connection(&layers->admin, "connections.d/acme.conf", "");
    folder_write_connection(&layers->admin, "connections.d/beta.conf", "");
    folder_write(&layers->vendor, "connections.d/acme.conf.d/10.conf",
                 "[connection]\nclient_id = a\nclient_id = b\n");
    struct config *config = read_both(layers);

    assert_false(config->broken);
    assert_true(config_connection_is_broken(config, "acme"));
    assert_non_null(config_connection(config, "beta"));
    assert_fault(config, &layers->vendor, "connections.d/acme.conf.d/10.conf", 3, "given already, in line 2");
    config_unref(config);
    folder_write(&layers->vendor, "connections.d/acme.conf.d/10.conf",
                 "[connection]\nclient_auth_method = client_secret_post\n");
    config = read_both(layers);
    assert_fault(config, &layers->vendor, "connections.d/acme.conf.d/10.conf", 2, "client_secret_file");
    config_unref(config);
}

static void an_unsafe_drop_in_breaks_what_it_belongs_to(void **state)
{
    const struct layers *layers = *state;
    char path[FOLDER_PATH_MAX];

    make_folder(&layers->admin, "connections.d/acme.conf.d");
    folder_write_connection(&layers->admin, "connections.d/acme.conf", "");
    folder_write(&layers->admin, "connections.d/acme.conf.d/10.conf", "[connection]\n");
    folder_path(&layers->admin, "connections.d/acme.conf.d/10.conf", path);
    assert_int_equal(chmod(path, 0666), 0);
    struct config *config = read_both(layers);

    assert_true(config_connection_is_broken(config, "acme"));
    assert_fault(config, &layers->admin, "connections.d/acme.conf.d/10.conf", 0, "written by others");
    config_unref(config);
    assert_int_equal(chmod(path, 0644), 0);
    folder_path(&layers->admin, "connections.d/acme.conf.d", path);
    assert_int_equal(chmod(path, 0777), 0);
    config = read_both(layers);
    assert_true(config_connection_is_broken(config, "acme"));
    assert_fault(config, &layers->admin, "connections.d/acme.conf.d", 0, "written by others");
    config_unref(config);
}

static void an_unsafe_vendors_folder_breaks_everything(void **state)
{
    const struct layers *layers = *state;

    folder_write_connection(&layers->admin, "connections.d/acme.conf", "");
    assert_int_equal(chmod(layers->vendor.path, 0777), 0);
    struct config *config = read_both(layers);

    assert_true(config->broken);
    assert_int_equal(config->connection_count, 0);
    assert_fault(config, &layers->vendor, "", 0, "written by others");
    config_unref(config);
}

static void a_missing_vendors_folder_is_no_fault(void **state)
{
    const struct layers *layers = *state;

    folder_write_connection(&layers->admin, "connections.d/acme.conf", "");
    struct config *config = config_read_layers(layers->admin.path, "/nonexistent/frontdesk");

    assert_false(config->broken);
    assert_int_equal(config->fault_count, 0);
    assert_int_equal(config->connection_count, 1);
    config_unref(config);
}

static void an_empty_file_switches_the_vendors_connection_off(void **state)
{
    const struct layers *layers = *state;

    folder_write_connection(&layers->vendor, "connections.d/acme.conf", "");
    folder_write_connection(&layers->vendor, "connections.d/beta.conf", "allow_all = yes\n");
    folder_write(&layers->admin, "connections.d/acme.conf", "");
    struct config *config = read_both(layers);

    assert_int_equal(config->fault_count, 0);
    assert_null(config_connection(config, "acme"));
    assert_false(config_connection_is_broken(config, "acme"));
    assert_non_null(config_connection(config, "beta"));
    assert_int_equal(config->notice_count, 1);
    assert_non_null(strstr(config->notices[0].why, "switches the vendor's file"));
    config_unref(config);
}

static void an_empty_file_with_no_namesake_is_a_broken_connection(void **state)
{
    const struct layers *layers = *state;

    folder_write(&layers->admin, "connections.d/acme.conf", "");
    struct config *config = read_both(layers);

    assert_true(config_connection_is_broken(config, "acme"));
    config_unref(config);
}

static void drop_ins_without_their_file_are_told(void **state)
{
    const struct layers *layers = *state;

    make_folder(&layers->admin, "connections.d/acme.conf.d");
    folder_write(&layers->admin, "connections.d/acme.conf.d/10.conf", "[connection]\n");
    folder_write_connection(&layers->vendor, "connections.d/beta.conf", "allow_all = yes\n");
    struct config *config = read_both(layers);

    assert_int_equal(config->fault_count, 0);
    assert_int_equal(config->connection_count, 1);
    assert_int_equal(config->notice_count, 1);
    assert_non_null(strstr(config->notices[0].why, "no file that these drop-ins belong to"));
    config_unref(config);
    remove_tree(&layers->admin, "connections.d/acme.conf.d");
    make_folder(&layers->admin, "connections.d/beta.conf.d");
    config = read_both(layers);
    assert_int_equal(config->notice_count, 0);
    config_unref(config);
}

static void a_drop_in_with_another_ending_is_ignored_with_a_notice(void **state)
{
    const struct layers *layers = *state;

    make_folder(&layers->admin, "frontdesk.conf.d");
    folder_write(&layers->admin, "frontdesk.conf", "");
    folder_write(&layers->admin, "frontdesk.conf.d/10.conf.bak", "nonsense\n");
    folder_write(&layers->admin, "frontdesk.conf.d/.conf", "nonsense\n");
    struct config *config = read_both(layers);

    assert_false(config->broken);
    assert_int_equal(config->notice_count, 2);
    config_unref(config);
}

static void a_flood_of_drop_ins_is_refused(void **state)
{
    const struct layers *layers = *state;
    char name[64];

    make_folder(&layers->admin, "frontdesk.conf.d");
    for (int i = 0; i <= CONFIG_DROP_INS_MAX; i++) {
        (void)snprintf(name, sizeof name, "frontdesk.conf.d/%02d.conf", i);
        folder_write(&layers->admin, name, "");
    }
    struct config *config = read_both(layers);

    assert_true(config->broken);
    assert_int_equal(config->fault_count, 1);
    config_unref(config);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clear)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_vendors_files_count_where_the_administrator_has_none),
        TEST(the_administrators_file_takes_the_vendors_place_as_a_whole),
        TEST(drop_ins_of_both_are_read_in_the_order_of_their_names),
        TEST(a_drop_in_of_the_same_name_takes_the_vendors_place),
        TEST(a_drop_in_changes_single_keys_of_a_connection),
        TEST(a_service_is_one_across_files_and_stands_once_in_each),
        TEST(a_mistake_in_a_drop_in_breaks_its_connection_and_is_told_there),
        TEST(an_unsafe_drop_in_breaks_what_it_belongs_to),
        TEST(an_unsafe_vendors_folder_breaks_everything),
        TEST(a_missing_vendors_folder_is_no_fault),
        TEST(an_empty_file_switches_the_vendors_connection_off),
        TEST(an_empty_file_with_no_namesake_is_a_broken_connection),
        TEST(drop_ins_without_their_file_are_told),
        TEST(a_drop_in_with_another_ending_is_ignored_with_a_notice),
        TEST(a_flood_of_drop_ins_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
