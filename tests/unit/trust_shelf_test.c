/* SPDX-License-Identifier: BSD-2-Clause */
/* Certificates that change under a running listener: what is believed follows the file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "http/trust_shelf.h"

/* Self-signed, P-256, for nothing else. */
static const char certificate[] = "-----BEGIN CERTIFICATE-----\n"
                                  "MIIBiTCCAS+gAwIBAgIUCDn9Op2X8EJPr/iDgUm/jExqNU0wCgYIKoZIzj0EAwIw\n"
                                  "GTEXMBUGA1UEAwwOZnJvbnRkZXNrLXRlc3QwIBcNMjYxMTIxMDkzODQ4WhgPMjEy\n"
                                  "NjEwMjgwOTM4NDhaMBkxFzAVBgNVBAMMDmZyb250ZGVzay10ZXN0MFkwEwYHKoZI\n"
                                  "zj0CAQYIKoZIzj0DAQcDQgAEvsXHjEKseruTF1zi/4rguxOWWww/a9Jed860uA2u\n"
                                  "Xpn+f9sJZ1Y6nOxgZJPRr/p+qE7SolqkfoUSdEusfolJBqNTMFEwHQYDVR0OBBYE\n"
                                  "FB2b2IZtCJvPqOIomK7NKvFR9775MB8GA1UdIwQYMBaAFB2b2IZtCJvPqOIomK7N\n"
                                  "KvFR9775MA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgUvwfS/Rm\n"
                                  "+dCefpHngnVkb6/07ArhiVLxViG1KGPVNDsCIQDXMjqt/xE9nUKGUsn9aILxPAli\n"
                                  "P/DtgI3kyd1DWIb9jw==\n"
                                  "-----END CERTIFICATE-----\n";

static struct {
    char folder[64], file[96], other[96];
    struct trust_shelf *shelf;
    struct connection connections[2];
    struct config config;
} desk;

static void write_file(const char *path, const char *text)
{
    char fresh[128];
    FILE *file;

    (void)snprintf(fresh, sizeof fresh, "%s.new", path);
    file = fopen(fresh, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0 && fclose(file) == 0);
    assert_int_equal(rename(fresh, path), 0);
}

static int make(void **state)
{
    (void)state;
    memset(&desk, 0, sizeof desk);
    (void)snprintf(desk.folder, sizeof desk.folder, "%s", "/tmp/trust_shelf_test.XXXXXX");
    if (!mkdtemp(desk.folder))
        return -1;
    (void)snprintf(desk.file, sizeof desk.file, "%s/ca.pem", desk.folder);
    (void)snprintf(desk.other, sizeof desk.other, "%s/other.pem", desk.folder);
    write_file(desk.file, certificate);
    write_file(desk.other, certificate);
    desk.shelf = trust_shelf_new();
    desk.connections[0] = (struct connection){.enabled = true, .ca_file = desk.file};
    desk.connections[1] = (struct connection){.enabled = true, .ca_file = desk.other};
    desk.config = (struct config){.connections = desk.connections, .connection_count = 2};
    return desk.shelf ? 0 : -1;
}

static int unmake(void **state)
{
    (void)state;
    trust_shelf_free(desk.shelf);
    (void)unlink(desk.file);
    (void)unlink(desk.other);
    return rmdir(desk.folder);
}

static const struct tls_trust *refreshed(const char *ca_file)
{
    trust_shelf_refresh(desk.shelf, &desk.config);
    return trust_shelf_find(desk.shelf, ca_file);
}

static void each_file_is_read_once(void **state)
{
    const struct tls_trust *first = refreshed(desk.file);

    (void)state;
    assert_non_null(first);
    assert_non_null(refreshed(desk.other));
    assert_ptr_not_equal(first, trust_shelf_find(desk.shelf, desk.other));
    assert_ptr_equal(refreshed(desk.file), first);
}

static void a_file_that_no_connection_names_is_not_believed(void **state)
{
    (void)state;
    assert_null(refreshed("/nonexistent/ca.pem"));
    assert_null(refreshed(NULL));
    assert_non_null(refreshed(desk.other));
    desk.connections[1].enabled = false;
    assert_null(refreshed(desk.other));
    assert_non_null(refreshed(desk.file));
}

static void a_file_that_broke_is_no_longer_believed_and_mends(void **state)
{
    (void)state;
    assert_non_null(refreshed(desk.file));
    write_file(desk.file, "nothing\n");
    assert_null(refreshed(desk.file));
    assert_null(refreshed(desk.file));
    write_file(desk.file, certificate);
    assert_non_null(refreshed(desk.file));
    assert_int_equal(unlink(desk.file), 0);
    assert_null(refreshed(desk.file));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_file_is_read_once, make, unmake),
        cmocka_unit_test_setup_teardown(a_file_that_no_connection_names_is_not_believed, make, unmake),
        cmocka_unit_test_setup_teardown(a_file_that_broke_is_no_longer_believed_and_mends, make, unmake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
