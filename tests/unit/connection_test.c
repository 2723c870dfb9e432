/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of connections, and which files are believed to hold a secret. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config_folder.h"
#include "connection/connection.h"

static struct folder folder;

static int make(void **state)
{
    (void)state;
    folder_make(&folder);
    return 0;
}

static int clear(void **state)
{
    (void)state;
    folder_remove(&folder);
    return 0;
}

/* Reads the folder's file "secret"; on refusal the reason must have `why` (NULL: it must be read). */
static void assert_read(const char *file, const char *expected, const char *why)
{
    char path[FOLDER_PATH_MAX], *said = NULL;
    struct connection connection = {.client_secret_file = path};
    struct secret secret = {0};

    if (strchr(file, '/'))
        folder_path(&folder, strrchr(file, '/') + 1, path);
    else
        (void)snprintf(path, sizeof path, "%s", file);
    const bool read = connection_read_secret(&connection, &secret, &said);

    if (read != (why == NULL) || (why && !strstr(said, why)))
        fail_msg("%s: %s", path, said ? said : "was read");
    if (read)
        assert_string_equal(secret.bytes, expected);
    else
        assert_null(secret.bytes);
    secret_erase(&secret);
    free(said);
}

static void write_secret(const char *bytes, size_t length, mode_t mode)
{
    char path[FOLDER_PATH_MAX];

    folder_path(&folder, "secret", path);
    (void)unlink(path);
    folder_write_bytes(&folder, "secret", bytes, length);
    assert_int_equal(chmod(path, mode), 0);
}

static void a_connection_name_is_lower_case_and_short(void **state)
{
    char name[CONNECTION_NAME_MAX + 2];

    (void)state;
    assert_true(connection_name_is_valid("acme"));
    assert_true(connection_name_is_valid("0-acme_x"));
    assert_false(connection_name_is_valid(""));
    assert_false(connection_name_is_valid("-acme"));
    assert_false(connection_name_is_valid("_acme"));
    assert_false(connection_name_is_valid("Acme"));
    assert_false(connection_name_is_valid("acme.x"));
    assert_false(connection_name_is_valid("../acme"));
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_false(connection_name_is_valid(name));
    name[CONNECTION_NAME_MAX] = '\0';
    assert_true(connection_name_is_valid(name));
}

static void a_connection_without_a_file_has_an_empty_secret(void **state)
{
    const struct connection connection = {0};
    struct secret secret = {.length = 9};
    char *why = NULL;

    (void)state;
    assert_true(connection_read_secret(&connection, &secret, &why));
    assert_int_equal(secret.length, 0);
    assert_null(secret.bytes);
}

static void a_private_file_is_read_without_its_newline(void **state)
{
    (void)state;
    write_secret("s3cret #;=\n", 11, 0600);
    assert_read("/secret", "s3cret #;=", NULL);
    write_secret("s3cret", 6, 0400);
    assert_read("/secret", "s3cret", NULL);
    write_secret("s3cret \n", 8, 0600);
    assert_read("/secret", "s3cret ", NULL);
}

static void a_file_that_others_can_read_is_refused(void **state)
{
    (void)state;
    write_secret("s", 1, 0644);
    assert_read("/secret", NULL, "open to everybody");
    write_secret("s", 1, 0601);
    assert_read("/secret", NULL, "open to everybody");
    write_secret("s", 1, 0602);
    assert_read("/secret", NULL, "open to everybody");
    write_secret("s", 1, 0660);
    assert_read("/secret", NULL, "written by its group");
}

static void a_file_that_another_group_can_read_is_refused(void **state)
{
    char path[FOLDER_PATH_MAX];

    (void)state;
    if (geteuid() != 0)
        skip();
    write_secret("s", 1, 0640);
    folder_path(&folder, "secret", path);
    assert_int_equal(chown(path, 0, 54321), 0);
    assert_read("/secret", NULL, "group other than");
}

static void a_file_of_another_user_is_refused(void **state)
{
    char path[FOLDER_PATH_MAX];

    (void)state;
    if (geteuid() != 0)
        skip();
    write_secret("s", 1, 0600);
    folder_path(&folder, "secret", path);
    assert_int_equal(chown(path, 54321, 54321), 0);
    assert_read("/secret", NULL, "belongs to neither");
}

static void only_a_regular_file_is_read(void **state)
{
    char path[FOLDER_PATH_MAX], target[FOLDER_PATH_MAX];

    (void)state;
    write_secret("s", 1, 0600);
    folder_path(&folder, "secret", target);
    folder_path(&folder, "link", path);
    assert_int_equal(symlink(target, path), 0);
    assert_read("/link", NULL, "symbolic link");
    folder_path(&folder, "fifo", path);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_read("/fifo", NULL, "no regular file");
    assert_read("/connections.d", NULL, "no regular file");
    assert_read("/absent", NULL, "No such file");
    folder_path(&folder, "second", path);
    assert_int_equal(link(target, path), 0);
    assert_read("/secret", NULL, "hard link");
}

static void a_way_that_others_could_turn_elsewhere_is_refused(void **state)
{
    char wanted[FOLDER_PATH_MAX + 64];

    (void)state;
    write_secret("s", 1, 0600);
    assert_read("/secret", "s", NULL);
    (void)snprintf(wanted, sizeof wanted, ": %s may be written by others (chmod go-w)", folder.path);
    assert_int_equal(chmod(folder.path, 0775), 0);
    assert_read("/secret", NULL, wanted);
}

static void a_secret_is_one_line_of_bounded_length(void **state)
{
    char text[CLIENT_SECRET_MAX + 2];

    (void)state;
    write_secret("", 0, 0600);
    assert_read("/secret", NULL, "empty");
    write_secret("\n", 1, 0600);
    assert_read("/secret", NULL, "empty");
    write_secret("a\nb\n", 4, 0600);
    assert_read("/secret", NULL, "one line");
    write_secret("a\0b", 3, 0600);
    assert_read("/secret", NULL, "one line");
    memset(text, 'x', sizeof text);
    write_secret(text, CLIENT_SECRET_MAX + 1, 0600);
    assert_read("/secret", NULL, "larger");
}

static void a_plain_name_is_a_systemd_credential(void **state)
{
    (void)state;
    write_secret("from systemd\n", 13, 0400);
    assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
    assert_read("secret", NULL, "LoadCredential");
    assert_int_equal(setenv("CREDENTIALS_DIRECTORY", folder.path, 1), 0);
    assert_read("secret", "from systemd", NULL);
    assert_read("..", NULL, "neither an absolute path");
    assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
}

#define KEY                                                                                                  \
    "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhsc\n"            \
    "-----END PRIVATE KEY-----"

/* As assert_read of the file "secret", for a connection that proves itself by this method. */
static void assert_read_for(enum client_auth method, const char *expected, const char *why)
{
    char path[FOLDER_PATH_MAX], *said = NULL;
    struct connection connection = {.client_secret_file = path, .client_auth_method = method};
    struct secret secret = {0};

    folder_path(&folder, "secret", path);
    const bool read = connection_read_secret(&connection, &secret, &said);

    if (read != (why == NULL) || (why && !strstr(said, why)))
        fail_msg("%s: %s", path, said ? said : "was read");
    if (read)
        assert_string_equal(secret.bytes, expected);
    secret_erase(&secret);
    free(said);
}

static void assert_key(const char *expected, const char *why)
{
    assert_read_for(CLIENT_AUTH_PRIVATE_KEY_JWT, expected, why);
}

static void a_private_key_is_read_with_all_its_lines(void **state)
{
    static const char rsa[] = "-----BEGIN RSA PRIVATE KEY-----\nAA==\n-----END RSA PRIVATE KEY-----";

    (void)state;
    write_secret(KEY "\n", sizeof KEY, 0600);
    assert_key(KEY, NULL);
    write_secret(rsa, sizeof rsa - 1, 0400);
    assert_key(rsa, NULL);
}

static void a_key_file_is_checked_as_a_secret_is(void **state)
{
    (void)state;
    write_secret(KEY, sizeof KEY - 1, 0644);
    assert_key(NULL, "open to everybody");
    write_secret(KEY, sizeof KEY - 1, 0620);
    assert_key(NULL, "written by its group");
}

static void a_file_that_holds_no_usable_key_is_refused(void **state)
{
    static const char public_key[] = "-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----\n",
                      encrypted[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n", secret[] = "s3cret\n";

    (void)state;
    write_secret(public_key, sizeof public_key - 1, 0600);
    assert_key(NULL, "no private key in PEM");
    write_secret(encrypted, sizeof encrypted - 1, 0600);
    assert_key(NULL, "encrypted");
    write_secret(secret, sizeof secret - 1, 0600);
    assert_key(NULL, "no private key in PEM");
    write_secret("", 0, 0600);
    assert_key(NULL, "empty");
}

static void a_key_where_a_secret_is_due_is_told(void **state)
{
    (void)state;
    write_secret(KEY "\n", sizeof KEY, 0600);
    assert_read_for(CLIENT_AUTH_BASIC, NULL, "private_key_jwt");
    assert_read_for(CLIENT_AUTH_POST, NULL, "private_key_jwt");
}

static void a_control_character_is_no_part_of_a_secret(void **state)
{
    static const char *const texts[] = {"s3cret\r\n", "s3\tcret", "s3cret\x7f", "s3\x1b[2J"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        write_secret(texts[i], strlen(texts[i]), 0600);
        assert_read_for(CLIENT_AUTH_AUTO, NULL, "one line of text");
    }
    write_secret("s3\0cret", 7, 0600);
    assert_read_for(CLIENT_AUTH_AUTO, NULL, "one line of text");
    write_secret(" p\xc3\xa4ss ~", 8, 0600);
    assert_read_for(CLIENT_AUTH_AUTO, " p\xc3\xa4ss ~", NULL);
}

static void auto_takes_a_key_where_a_key_is(void **state)
{
    static const char encrypted[] = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n", lines[] = "s3cret\nmore";

    (void)state;
    write_secret(KEY "\n", sizeof KEY, 0600);
    assert_read_for(CLIENT_AUTH_AUTO, KEY, NULL);
    write_secret(encrypted, sizeof encrypted - 1, 0600);
    assert_read_for(CLIENT_AUTH_AUTO, NULL, "encrypted");
    write_secret(lines, sizeof lines - 1, 0600);
    assert_read_for(CLIENT_AUTH_AUTO, NULL, "more than one line");
}

static void three_endpoints_make_discovery_unnecessary(void **state)
{
    static char url[] = "https://idp.example/x";
    struct connection connection = {0};

    (void)state;
    assert_false(connection_is_explicit(&connection));
    connection.device_authorization_endpoint = url;
    connection.token_endpoint = url;
    connection.userinfo_endpoint = connection.revocation_endpoint = connection.end_session_endpoint = url;
    assert_false(connection_is_explicit(&connection));
    connection.jwks_uri = url;
    assert_true(connection_is_explicit(&connection));
    connection.token_endpoint = NULL;
    assert_false(connection_is_explicit(&connection));
    connection.token_endpoint = url;
    connection.device_authorization_endpoint = NULL;
    assert_false(connection_is_explicit(&connection));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, clear)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_connection_name_is_lower_case_and_short),
        TEST(a_connection_without_a_file_has_an_empty_secret),
        TEST(a_private_file_is_read_without_its_newline),
        TEST(a_file_that_others_can_read_is_refused),
        TEST(a_file_that_another_group_can_read_is_refused),
        TEST(a_file_of_another_user_is_refused),
        TEST(only_a_regular_file_is_read),
        TEST(a_way_that_others_could_turn_elsewhere_is_refused),
        TEST(a_secret_is_one_line_of_bounded_length),
        TEST(a_plain_name_is_a_systemd_credential),
        TEST(a_private_key_is_read_with_all_its_lines),
        TEST(a_key_file_is_checked_as_a_secret_is),
        TEST(a_file_that_holds_no_usable_key_is_refused),
        TEST(a_key_where_a_secret_is_due_is_told),
        TEST(a_control_character_is_no_part_of_a_secret),
        TEST(auto_takes_a_key_where_a_key_is),
        TEST(three_endpoints_make_discovery_unnecessary),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
