/* SPDX-License-Identifier: BSD-2-Clause */
/* Which file, preset or default a setting comes from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "config/config_trace.h"
#include "config_folder.h"

static void make_folder(const struct folder *folder, const char *name)
{
    char path[FOLDER_PATH_MAX];

    folder_path(folder, name, path);
    (void)mkdir(path, 0755);
}

static struct config_trace trace_of(const struct folder *folder, const char *vendor)
{
    struct config_trace trace;

    assert_true(config_trace_read(folder->path, vendor, "acme", &trace));
    return trace;
}

static void assert_line(const struct config_trace *trace, const char *key, enum trace_from from,
                        const char *value, const char *file_end, unsigned number)
{
    const struct trace_line *line = config_trace_find(trace, key);

    assert_non_null(line);
    assert_int_equal(line->from, from);
    if (value)
        assert_string_equal(line->value, value);
    else
        assert_null(line->value);
    if (!file_end)
        return;
    assert_int_equal(line->line, number);
    assert_true(strlen(line->file) > strlen(file_end));
    assert_string_equal(line->file + strlen(line->file) - strlen(file_end), file_end);
}

static void every_setting_has_its_origin(void **state)
{
    struct config_trace trace;

    folder_write(
        *state, "connections.d/acme.conf",
        "# a\n[connection]\npreset = okta\nokta_domain = acme.okta.com\nscope = openid\nclient_id = x\n");
    trace = trace_of(*state, NULL);
    assert_line(&trace, "okta_domain", TRACE_FILE, "acme.okta.com", "/connections.d/acme.conf", 4);
    assert_line(&trace, "scopes", TRACE_FILE, "openid", "/connections.d/acme.conf", 5);
    assert_line(&trace, "userinfo", TRACE_PRESET, "auto", NULL, 0);
    assert_line(&trace, "pkce", TRACE_DEFAULT, "auto", NULL, 0);
    assert_line(&trace, "issuer", TRACE_UNSET, NULL, NULL, 0);
    assert_null(config_trace_find(&trace, "scope"));
    config_trace_free(&trace);
}

static void a_later_file_goes_before_an_earlier_one(void **state)
{
    struct config_trace trace;
    size_t maps = 0;

    folder_write(*state, "connections.d/acme.conf",
                 "[connection]\nclient_id = x\ngroup_map = a : b\ngroup_map = c : d\nservices = login\n");
    make_folder(*state, "connections.d/acme.conf.d");
    folder_write(*state, "connections.d/acme.conf.d/10-a.conf", "[connection]\nclient_id = y\n");
    folder_write(*state, "connections.d/acme.conf.d/20-b.conf",
                 "[connection]\n\nclient_id = z\ngroup_map = e : f\n");
    trace = trace_of(*state, NULL);
    assert_line(&trace, "client_id", TRACE_FILE, "z", "/acme.conf.d/20-b.conf", 3);
    assert_line(&trace, "services", TRACE_FILE, "login", "/acme.conf", 5);
    for (size_t i = 0; i < trace.count; i++)
        maps += strcmp(trace.lines[i].setting->key, "group_map") == 0;
    assert_int_equal(maps, 1);
    assert_line(&trace, "group_map", TRACE_FILE, "e : f", "/20-b.conf", 4);
    config_trace_free(&trace);
}

static void the_vendors_file_counts_where_there_is_no_other(void **state)
{
    struct folder *folder = *state, vendor;
    struct config_trace trace;

    folder_make(&vendor);
    folder_write(&vendor, "connections.d/acme.conf", "[connection]\nclient_id = theirs\n");
    trace = trace_of(folder, vendor.path);
    assert_line(&trace, "client_id", TRACE_FILE, "theirs", "/connections.d/acme.conf", 2);
    config_trace_free(&trace);
    folder_write(folder, "connections.d/acme.conf", "[connection]\n\nclient_id = ours\n");
    trace = trace_of(folder, vendor.path);
    assert_line(&trace, "client_id", TRACE_FILE, "ours", "/connections.d/acme.conf", 3);
    config_trace_free(&trace);
    folder_remove(&vendor);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_setting_has_its_origin, folder_set_up, folder_tear_down),
        cmocka_unit_test_setup_teardown(a_later_file_goes_before_an_earlier_one, folder_set_up,
                                        folder_tear_down),
        cmocka_unit_test_setup_teardown(the_vendors_file_counts_where_there_is_no_other, folder_set_up,
                                        folder_tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
