/* SPDX-License-Identifier: BSD-2-Clause */
/* What a file of trusted certificates must be. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "http/tls.h"

/* Any certificate will do: it is only read. */
static const char certificate[] = "-----BEGIN CERTIFICATE-----\n"
                                  "MIIBnjCCAUWgAwIBAgIUDFLOZmY8OpZyUTl3jK5GIrnUtTswCgYIKoZIzj0EAwIw\n"
                                  "HTEbMBkGA1UEAwwSdGhyb3ctYXdheSB0ZXN0IENBMB4XDTI2MTEyMTA5MjAzMFoX\n"
                                  "DTI2MTIyMTA5MjAzMFowHTEbMBkGA1UEAwwSdGhyb3ctYXdheSB0ZXN0IENBMFkw\n"
                                  "EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEFAxxatDSimcF5dEKy/oa6jWm+6/xTJva\n"
                                  "EM8oqXkTQGHHd5EUlXJ7X/RPBJCu1KF8rQlgwNqcxdA0EvVIxR44OqNjMGEwHQYD\n"
                                  "VR0OBBYEFLtFF1b3+3qV0OYSeKlcmUc3hfiXMB8GA1UdIwQYMBaAFLtFF1b3+3qV\n"
                                  "0OYSeKlcmUc3hfiXMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEGMAoG\n"
                                  "CCqGSM49BAMCA0cAMEQCIAF/bG/RA2myTX+o5VWqVG22SVY78/uqW7B+wfSItEDc\n"
                                  "AiBAhQm2edGt9y23hbjgKgZgjIp3HKUV9LY66SBlAS2osQ==\n"
                                  "-----END CERTIFICATE-----\n";

struct folder {
    char path[64], file[96];
};

static int make_folder(void **state)
{
    static struct folder folder;

    (void)snprintf(folder.path, sizeof folder.path, "/tmp/frontdesk-tls-XXXXXX");
    if (!mkdtemp(folder.path))
        return -1;
    (void)snprintf(folder.file, sizeof folder.file, "%s/ca.crt", folder.path);
    *state = &folder;
    return 0;
}

static int remove_folder(void **state)
{
    const struct folder *folder = *state;

    (void)unlink(folder->file);
    return rmdir(folder->path);
}

static void put(const struct folder *folder, const char *first, const char *second)
{
    FILE *file = fopen(folder->file, "we");

    assert_non_null(file);
    assert_true(fputs(first, file) >= 0 && fputs(second, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void refused(const struct folder *folder, const char *word)
{
    const char *error = NULL;
    AUTO_TLS_TRUST struct tls_trust *trust = tls_trust_load(folder->file, &error);

    assert_null(trust);
    assert_non_null(strstr(error, word));
}

static void certificates_are_read(void **state)
{
    const struct folder *folder = *state;
    const char *error = NULL;
    AUTO_TLS_TRUST struct tls_trust *trust = NULL;

    put(folder, "# a comment\n", certificate);
    trust = tls_trust_load(folder->file, &error);
    assert_non_null(trust);
    assert_false(tls_trust_changed(trust));
}

static void the_systems_bundle_is_found(void **state)
{
    const char *error = NULL;
    AUTO_TLS_TRUST struct tls_trust *trust = tls_trust_load(NULL, &error);

    (void)state;
    assert_non_null(trust);
    assert_false(tls_trust_changed(trust));
}

static void a_missing_file_is_refused(void **state)
{
    const struct folder *folder = *state;

    (void)unlink(folder->file);
    refused(folder, "opened");
}

static void a_file_without_certificates_is_refused(void **state)
{
    put(*state, "", "");
    refused(*state, "none");
    put(*state, "nothing of ", "interest\n");
    refused(*state, "none");
}

static void a_broken_certificate_refuses_the_whole_file(void **state)
{
    put(*state, certificate, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    refused(*state, "broken");
    put(*state, certificate, "-----BEGIN CERTIFICATE-----\nAAAA\n");
    refused(*state, "broken");
}

static void a_fifo_does_not_hold_us_up(void **state)
{
    const struct folder *folder = *state;

    (void)unlink(folder->file);
    assert_int_equal(mkfifo(folder->file, 0600), 0);
    refused(folder, "regular");
}

static void a_file_that_others_can_write_is_refused(void **state)
{
    static const mode_t modes[] = {0646, 0664};
    const struct folder *folder = *state;

    (void)unlink(folder->file);
    put(folder, certificate, "");
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        assert_int_equal(chmod(folder->file, modes[i]), 0);
        refused(folder, "written by others");
    }
}

static void a_file_that_others_could_swap_is_refused(void **state)
{
    const struct folder *folder = *state;

    (void)unlink(folder->file);
    put(folder, certificate, "");
    assert_int_equal(chmod(folder->path, 0777), 0);
    refused(folder, "leads through");
    assert_int_equal(chmod(folder->path, 0700), 0);
}

/* Only root can give a file away. */
static void a_file_of_somebody_elses_is_refused(void **state)
{
    const struct folder *folder = *state;

    if (geteuid() != 0)
        skip();
    (void)unlink(folder->file);
    put(folder, certificate, "");
    assert_int_equal(chown(folder->file, 65534, 0), 0);
    refused(folder, "belongs to somebody else");
}

static void a_giant_file_is_refused(void **state)
{
    const struct folder *folder = *state;

    (void)unlink(folder->file);
    put(folder, certificate, "");
    assert_int_equal(truncate(folder->file, TLS_CA_FILE_MAX + 1), 0);
    refused(folder, "size");
}

static void a_changed_or_missing_file_shows(void **state)
{
    const struct folder *folder = *state;
    const char *error = NULL;
    AUTO_TLS_TRUST struct tls_trust *trust = NULL;

    put(folder, certificate, "");
    trust = tls_trust_load(folder->file, &error);
    assert_non_null(trust);
    put(folder, certificate, "\n");
    assert_true(tls_trust_changed(trust));
    (void)unlink(folder->file);
    assert_true(tls_trust_changed(trust));
}

static void a_changed_mode_shows_and_so_does_a_time_set_back(void **state)
{
    const struct folder *folder = *state;
    const char *error = NULL;
    AUTO_TLS_TRUST struct tls_trust *trust = NULL, *other = NULL;
    struct timespec times[2];
    struct stat before;

    put(folder, certificate, "");
    trust = tls_trust_load(folder->file, &error);
    assert_non_null(trust);
    assert_int_equal(chmod(folder->file, 0666), 0);
    assert_true(tls_trust_changed(trust));
    assert_int_equal(chmod(folder->file, 0644), 0);
    other = tls_trust_load(folder->file, &error);
    assert_non_null(other);
    assert_int_equal(stat(folder->file, &before), 0);
    times[0] = before.st_atim;
    times[1] = before.st_mtim;
    do {
        struct stat now;

        assert_int_equal(utimensat(AT_FDCWD, folder->file, times, 0), 0);
        assert_int_equal(stat(folder->file, &now), 0);
        if (now.st_ctim.tv_sec != before.st_ctim.tv_sec || now.st_ctim.tv_nsec != before.st_ctim.tv_nsec)
            break;
    } while (true);
    assert_true(tls_trust_changed(other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificates_are_read),
        cmocka_unit_test(the_systems_bundle_is_found),
        cmocka_unit_test(a_missing_file_is_refused),
        cmocka_unit_test(a_file_without_certificates_is_refused),
        cmocka_unit_test(a_broken_certificate_refuses_the_whole_file),
        cmocka_unit_test(a_fifo_does_not_hold_us_up),
        cmocka_unit_test(a_file_that_others_can_write_is_refused),
        cmocka_unit_test(a_file_that_others_could_swap_is_refused),
        cmocka_unit_test(a_file_of_somebody_elses_is_refused),
        cmocka_unit_test(a_giant_file_is_refused),
        cmocka_unit_test(a_changed_or_missing_file_shows),
        cmocka_unit_test(a_changed_mode_shows_and_so_does_a_time_set_back),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
