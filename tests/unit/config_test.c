/* SPDX-License-Identifier: BSD-2-Clause */
/* A folder read as a configuration: what counts, and how each mistake is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config/config.h"
#include "config_folder.h"

/* The one fault: file ends in `file`, at `line`, its reason has `why`. */
static void assert_one_fault(const struct config *config, const char *file, unsigned line, const char *why)
{
    assert_int_equal(config->fault_count, 1);
    const struct config_fault *fault = &config->faults[0];
    const size_t length = strlen(fault->file), tail = strlen(file);

    if (length < tail || strcmp(fault->file + length - tail, file) != 0 || fault->line != line ||
        !strstr(fault->why, why))
        fail_msg("%s:%u: %s", fault->file, fault->line, fault->why);
}

static void remove_file(const struct folder *folder, const char *name)
{
    char path[FOLDER_PATH_MAX];

    folder_path(folder, name, path);
    assert_int_equal(unlink(path), 0);
}

/* frontdesk.conf with this text has this one fault, and is broken. */
static void assert_main_refused(const struct folder *folder, const char *text, unsigned line, const char *why)
{
    folder_write(folder, "frontdesk.conf", text);
    struct config *config = config_read_layers(folder->path, NULL);

    assert_true(config->broken);
    assert_one_fault(config, "/frontdesk.conf", line, why);
    config_unref(config);
    remove_file(folder, "frontdesk.conf");
}

/* A connection with these lines more has this one fault; the rest of the configuration stands. */
static void assert_connection_refused(const struct folder *folder, const char *more, unsigned line,
                                      const char *why)
{
    folder_write_connection(folder, "connections.d/acme.conf", more);
    struct config *config = config_read_layers(folder->path, NULL);

    assert_true(config_connection_is_broken(config, "acme"));
    assert_null(config_connection(config, "acme"));
    assert_one_fault(config, "/connections.d/acme.conf", line, why);
    config_unref(config);
    remove_file(folder, "connections.d/acme.conf");
}

static void a_whole_configuration_is_read(void **state)
{
    const struct folder *folder = *state;
    struct service storage;

    folder_write(
        folder, "frontdesk.conf",
        "[members]\nuid_range = 70000-70099\nhome_base = /srv/homes\nshell = /bin/sh\n"
        "[machine]\nname = Desk 3\n[limits]\nsign_ins = 7\n"
        "[service sshd]\nconnection = acme\nfirst_sign_in = reconnect\n[service sudo]\ntimeout = 20 s\n");
    folder_write_connection(folder, "connections.d/zeta.conf", "enabled = no\n");
    folder_write_connection(folder, "connections.d/acme.conf",
                            "sign_in_button_label = Acme\nallow_all = yes\n");
    struct config *config = config_read_layers(folder->path, NULL);

    assert_false(config->broken);
    assert_int_equal(config->fault_count, 0);
    assert_int_equal(config->members.id_min, 70000);
    assert_string_equal(config->members.shell, "/bin/sh");
    assert_string_equal(config->machine.name, "Desk 3");
    assert_int_equal(config->limits.sign_ins, 7);
    assert_int_equal(config->limits.sign_ins_per_host, 20);
    assert_int_equal(config->connection_count, 2);
    assert_string_equal(config->connections[0].name, "acme");
    assert_string_equal(config->connections[0].display_name, "Acme");
    assert_string_equal(config->connections[1].name, "zeta");
    assert_false(config->connections[1].enabled);
    assert_true(connection_serves(&config->connections[0], "sshd"));
    assert_false(connection_serves(&config->connections[0], "sudo"));
    assert_int_equal(config_service(config, "sshd", &storage)->first_sign_in, FIRST_SIGN_IN_RECONNECT);
    assert_int_equal(config_service(config, "sshd", &storage)->timeout, 110);
    assert_int_equal(config_service(config, "sudo", &storage)->timeout, 20);
    assert_int_equal(config_service(config, "login", &storage)->timeout, 55);
    assert_int_equal(config_service(config, "su", &storage)->timeout, 0);
    assert_null(config_service(config, "su", &storage)->connection);
    config_unref(config);
}

static void an_alias_is_taken_with_a_notice(void **state)
{
    const struct folder *folder = *state;

    folder_write(folder, "connections.d/acme.conf",
                 "[connection]\nauthority = https://idp.example\nclient_id = x\nservices = login\n"
                 "allow_all = yes\n");
    struct config *config = config_read_layers(folder->path, NULL);

    assert_int_equal(config->fault_count, 0);
    assert_string_equal(config_connection(config, "acme")->issuer, "https://idp.example");
    assert_int_equal(config->notice_count, 1);
    assert_int_equal(config->notices[0].line, 2);
    assert_string_equal(config->notices[0].why, "`authority` is another name of `issuer`");
    config_unref(config);
}

static void an_unknown_key_is_refused_with_the_nearest_name(void **state)
{
    assert_connection_refused(*state, "create_user = yes\n", 5, "did you mean `create_users`?");
    assert_connection_refused(*state, "sign_ins = 5\n", 5, "it belongs into [limits]");
    assert_connection_refused(*state, "colour = red\n", 5, "unknown key `colour` in [connection]");
    assert_connection_refused(*state, "Enabled = yes\n", 5, "did you mean `enabled`?");
}

static void a_repeated_key_is_refused(void **state)
{
    assert_connection_refused(*state, "client_id = other\n", 5, "given already, in line 3");
    assert_connection_refused(*state, "discovery_url = https://other.example\n", 5, "another name of issuer");
    assert_main_refused(*state, "[limits]\nsign_ins = 1\nsign_ins = 2\n", 3, "given already, in line 2");
}

static void a_bad_value_is_refused(void **state)
{
    assert_connection_refused(*state, "allow_all = true\n", 5, "neither `yes` nor `no`");
    assert_connection_refused(*state, "username_regex = ^[a-z]+$\n", 5, "no group");
    assert_connection_refused(*state, "display_name =\n", 5, "no value");
    assert_connection_refused(*state, "client_auth_method = client_secret_post\n", 5,
                              "needs `client_secret_file`");
    assert_main_refused(*state, "[members]\nuid_range = 0-99999\n", 2, "narrowed");
}

static void a_missing_required_key_is_refused(void **state)
{
    const struct folder *folder = *state;

    folder_write(folder, "connections.d/acme.conf", "[connection]\n");
    struct config *config = config_read_layers(folder->path, NULL);

    assert_int_equal(config->fault_count, 3);
    assert_string_equal(config->faults[0].why, "`issuer` is missing");
    assert_string_equal(config->faults[1].why, "`client_id` is missing");
    assert_string_equal(config->faults[2].why, "`services` is missing");
    assert_true(config_connection_is_broken(config, "acme"));
    config_unref(config);
}

static void an_empty_connection_is_refused(void **state)
{
    const struct folder *folder = *state;

    folder_write(folder, "connections.d/acme.conf", "# nothing yet\n");
    struct config *config = config_read_layers(folder->path, NULL);

    assert_one_fault(config, "acme.conf", 0, "no [connection] section");
    assert_true(config_connection_is_broken(config, "acme"));
    config_unref(config);
}

static void an_unknown_section_is_refused(void **state)
{
    assert_main_refused(*state, "[limit]\nsign_ins = 5\n", 1, "did you mean [limits]?");
    assert_main_refused(*state, "[connection]\nenabled = yes\n", 1, "connections.d/NAME.conf");
    assert_main_refused(*state, "[colours]\nuser = x\n", 1, "unknown section [colours]");
    assert_main_refused(*state, "sign_ins = 5\n", 1, "before any [section]");
}

static void a_section_stands_once(void **state)
{
    assert_main_refused(*state, "[limits]\n[members]\n[limits]\n", 3, "first in line 1");
    assert_main_refused(*state, "[service sshd]\n[service sshd]\nqr = none\n", 2, "a second time");
    assert_main_refused(*state, "[service]\n", 1, "[service sshd]");
    assert_main_refused(*state, "[limits sshd]\n", 1, "takes no name");
}

static void frontdesk_conf_has_no_place_in_a_connection(void **state)
{
    folder_write(*state, "frontdesk.conf", "");
    assert_connection_refused(*state, "[limits]\nsign_ins = 1\n", 5, "belongs into frontdesk.conf");
}

static void a_broken_connection_leaves_the_others_whole(void **state)
{
    const struct folder *folder = *state;

    folder_write_connection(folder, "connections.d/acme.conf", "nonsense\n");
    folder_write_connection(folder, "connections.d/beta.conf", "");
    struct config *config = config_read_layers(folder->path, NULL);

    assert_false(config->broken);
    assert_int_equal(config->connection_count, 1);
    assert_non_null(config_connection(config, "beta"));
    assert_true(config_connection_is_broken(config, "acme"));
    assert_false(config_connection_is_broken(config, "beta"));
    config_unref(config);
}

static void a_missing_folder_is_broken(void **state)
{
    struct config *config = config_read("/nonexistent/frontdesk");

    (void)state;
    assert_true(config->broken);
    assert_one_fault(config, "/nonexistent/frontdesk", 0, "is missing");
    config_unref(config);
    config = config_read("tmp");
    assert_one_fault(config, "tmp", 0, "no absolute path");
    config_unref(config);
}

static void an_empty_folder_is_broken(void **state)
{
    const struct folder *folder = *state;
    struct config *config = config_read_layers(folder->path, NULL);

    assert_true(config->broken);
    assert_one_fault(config, folder->path, 0, "neither frontdesk.conf nor");
    config_unref(config);
}

static void a_missing_frontdesk_conf_means_defaults(void **state)
{
    const struct folder *folder = *state;

    folder_write_connection(folder, "connections.d/acme.conf", "");
    struct config *config = config_read_layers(folder->path, NULL);

    assert_false(config->broken);
    assert_int_equal(config->limits.sign_ins, 500);
    assert_true(strlen(config->machine.name) > 0);
    config_unref(config);
}

static void an_unsafe_folder_is_broken(void **state)
{
    const struct folder *folder = *state;
    char path[FOLDER_PATH_MAX];

    folder_write_connection(folder, "connections.d/acme.conf", "");
    folder_path(folder, "connections.d", path);
    assert_int_equal(chmod(path, 0775), 0);
    struct config *config = config_read_layers(folder->path, NULL);

    assert_true(config->broken);
    assert_int_equal(config->connection_count, 0);
    assert_one_fault(config, "connections.d", 0, "written by others");
    config_unref(config);
}

static void a_file_that_is_no_connection_is_ignored_with_a_notice(void **state)
{
    const struct folder *folder = *state;

    folder_write_connection(folder, "connections.d/acme.conf", "allow_all = yes\n");
    folder_write_connection(folder, "connections.d/acme.conf.bak", "");
    struct config *config = config_read_layers(folder->path, NULL);

    assert_int_equal(config->connection_count, 1);
    assert_int_equal(config->fault_count, 0);
    assert_int_equal(config->notice_count, 1);
    assert_non_null(strstr(config->notices[0].why, "ignored"));
    config_unref(config);
}

static void a_bad_connection_name_is_refused(void **state)
{
    const struct folder *folder = *state;

    folder_write_connection(folder, "connections.d/Acme Inc.conf", "");
    struct config *config = config_read_layers(folder->path, NULL);

    assert_int_equal(config->connection_count, 0);
    assert_one_fault(config, "Acme Inc.conf", 0, "a connection's name is");
    config_unref(config);
}

static void a_symlinked_connection_is_refused(void **state)
{
    const struct folder *folder = *state;
    char target[FOLDER_PATH_MAX], link[FOLDER_PATH_MAX];

    folder_write_connection(folder, "elsewhere.conf", "");
    folder_path(folder, "elsewhere.conf", target);
    folder_path(folder, "connections.d/acme.conf", link);
    assert_int_equal(symlink(target, link), 0);
    struct config *config = config_read_layers(folder->path, NULL);

    assert_true(config_connection_is_broken(config, "acme"));
    assert_one_fault(config, "acme.conf", 0, "symbolic link");
    config_unref(config);
}

static void a_connection_that_serves_nothing_gets_a_notice(void **state)
{
    const struct folder *folder = *state;

    folder_write(
        folder, "connections.d/acme.conf",
        "[connection]\nissuer = https://idp.example\nclient_id = desk\nservices =\nallow_all = yes\n");
    struct config *config = config_read_layers(folder->path, NULL);

    assert_int_equal(config->connection_count, 1);
    assert_null(config->connections[0].services[0]);
    assert_int_equal(config->notice_count, 1);
    config_unref(config);
}

static void too_many_connections_are_refused(void **state)
{
    const struct folder *folder = *state;
    char name[64];

    for (int i = 0; i < CONFIG_CONNECTIONS_MAX; i++) {
        (void)snprintf(name, sizeof name, "connections.d/c%d.conf", i);
        folder_write_connection(folder, name, "");
    }
    folder_write(folder, "connections.d/z.txt", ""); /* no connection: it does not count */
    struct config *config = config_read_layers(folder->path, NULL);

    assert_false(config->broken);
    config_unref(config);
    folder_write_connection(folder, "connections.d/z.conf", "");
    config = config_read_layers(folder->path, NULL);
    assert_true(config->broken);
    config_unref(config);
}

/* Whatever order the file system tells the files in: written up and down, no file system's own order is this
 * one. */
static void connections_stand_in_the_order_of_their_names(void **state)
{
    static const char *const names[] = {"b", "l", "d", "j", "f", "h", "a", "k", "c", "i", "e", "g"};
    const size_t count = sizeof names / sizeof names[0];
    const struct folder *folder = *state;
    char name[64];

    for (size_t i = 0; i < count; i++) {
        (void)snprintf(name, sizeof name, "connections.d/%s.conf", names[i]);
        folder_write_connection(folder, name, "");
    }
    struct config *config = config_read_layers(folder->path, NULL);

    assert_int_equal(config->connection_count, count);
    for (size_t i = 1; i < count; i++)
        assert_true(strcmp(config->connections[i - 1].name, config->connections[i].name) < 0);
    config_unref(config);
}

static void a_file_full_of_mistakes_is_told_in_part(void **state)
{
    const struct folder *folder = *state;
    char text[1000 * 3 + 1];

    for (size_t i = 0; i < 1000; i++)
        memcpy(text + 3 * i, "x=\n", 4);
    folder_write(folder, "frontdesk.conf", text);
    struct config *config = config_read_layers(folder->path, NULL);

    assert_true(config->broken);
    assert_int_equal(config->fault_count, 20);
    config_unref(config);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_set_up, folder_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_whole_configuration_is_read),
        TEST(an_alias_is_taken_with_a_notice),
        TEST(an_unknown_key_is_refused_with_the_nearest_name),
        TEST(a_repeated_key_is_refused),
        TEST(a_bad_value_is_refused),
        TEST(a_missing_required_key_is_refused),
        TEST(an_empty_connection_is_refused),
        TEST(an_unknown_section_is_refused),
        TEST(a_section_stands_once),
        TEST(frontdesk_conf_has_no_place_in_a_connection),
        TEST(a_broken_connection_leaves_the_others_whole),
        TEST(a_missing_folder_is_broken),
        TEST(an_empty_folder_is_broken),
        TEST(a_missing_frontdesk_conf_means_defaults),
        TEST(an_unsafe_folder_is_broken),
        TEST(a_file_that_is_no_connection_is_ignored_with_a_notice),
        TEST(a_bad_connection_name_is_refused),
        TEST(a_symlinked_connection_is_refused),
        TEST(a_connection_that_serves_nothing_gets_a_notice),
        TEST(too_many_connections_are_refused),
        TEST(connections_stand_in_the_order_of_their_names),
        TEST(a_file_full_of_mistakes_is_told_in_part),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
