/* SPDX-License-Identifier: BSD-2-Clause */
/* Files that have more than one name (hard links): the vendor's may, the administrator's may not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/config_layers_stage.h"

/* The one fault stands in this folder's file. */
static void assert_fault(const struct config *config, const struct folder *folder, const char *name,
                         const char *why)
{
    char path[FOLDER_PATH_MAX];

    folder_path(folder, name, path);
    assert_int_equal(config->fault_count, 1);
    if (strcmp(config->faults[0].file, path) != 0 || !strstr(config->faults[0].why, why))
        fail_msg("%s:%u: %s", config->faults[0].file, config->faults[0].line, config->faults[0].why);
}

/* Systems that keep several versions of /usr (OSTree) give one file a name in each. */
static void a_vendors_file_may_have_other_names_and_an_administrators_may_not(void **state)
{
    const struct layers *layers = *state;
    static const char *const names[] = {"frontdesk.conf", "connections.d/acme.conf"};
    char path[FOLDER_PATH_MAX], other[FOLDER_PATH_MAX];
    struct config *config;

    for (int i = 0; i < 2; i++) {
        const struct folder *folder = i == 0 ? &layers->vendor : &layers->admin;

        folder_write(folder, names[0], "[limits]\nsign_ins = 7\n");
        folder_write_connection(folder, names[1], "allow_all = yes\n");
        for (size_t j = 0; j < 2; j++) {
            folder_path(folder, names[j], path);
            folder_path(folder, j == 0 ? "before" : "connections.d/before", other);
            assert_int_equal(link(path, other), 0);
            config = read_both(layers);
            if (i == 0) {
                assert_int_equal(config->fault_count, 0);
                assert_int_equal(config->limits.sign_ins, 7);
                assert_string_equal(config->connections[0].name, "acme");
            } else {
                assert_fault(config, folder, names[j], "has another name elsewhere (a hard link)");
            }
            config_unref(config);
            assert_int_equal(unlink(other), 0);
        }
    }
}

static void under_any_of_its_names_a_vendors_file_is_roots_alone(void **state)
{
    const struct layers *layers = *state;
    char path[FOLDER_PATH_MAX], other[FOLDER_PATH_MAX];
    struct config *config;

    folder_write(&layers->vendor, "frontdesk.conf", "[limits]\nsign_ins = 7\n");
    folder_path(&layers->vendor, "frontdesk.conf", path);
    folder_path(&layers->vendor, "before", other);
    assert_int_equal(link(path, other), 0);
    assert_int_equal(chmod(other, 0646), 0);
    config = read_both(layers);
    assert_fault(config, &layers->vendor, "frontdesk.conf", "may be written by others");
    config_unref(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_vendors_file_may_have_other_names_and_an_administrators_may_not,
                                        make, clear),
        cmocka_unit_test_setup_teardown(under_any_of_its_names_a_vendors_file_is_roots_alone, make, clear),
    };

    return cmocka_run_group_tests_name("config_names", tests, NULL, NULL);
}
