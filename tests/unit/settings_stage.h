/* SPDX-License-Identifier: BSD-2-Clause */
/* One value of one setting, parsed by itself. */
#ifndef TESTS_SETTINGS_STAGE_H
#define TESTS_SETTINGS_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "config/settings.h"

static inline bool parse(enum setting_section section, const char *key, const char *value, void *record,
                         char **ret_why)
{
    const struct setting *setting = settings_find(section, key, NULL);

    assert_non_null(setting);
    *ret_why = NULL;
    return setting->parse(setting, value, (char *)record + setting->offset, ret_why);
}

static inline void assert_refused(enum setting_section section, const char *key, const char *value,
                                  const char *why_part)
{
    union {
        struct connection connection;
        struct service service;
        struct members_settings members;
        struct limits_settings limits;
        struct kiosk_settings kiosk;
    } record, untouched;
    char *why;

    memset(&record, 0, sizeof record);
    memset(&untouched, 0, sizeof untouched);
    assert_false(parse(section, key, value, &record, &why));
    assert_non_null(why);
    if (!strstr(why, why_part))
        fail_msg("%s = %s: %s", key, value, why);
    assert_memory_equal(&record, &untouched, sizeof record);
    free(why);
}

static inline void assert_connection_refuses(const char *key, const char *value, const char *why_part)
{
    assert_refused(SECTION_CONNECTION, key, value, why_part);
}

/* Into a connection; the value must be fine. */
static inline void take(struct connection *connection, const char *key, const char *value)
{
    char *why;

    if (!parse(SECTION_CONNECTION, key, value, connection, &why))
        fail_msg("%s = %s: %s", key, value, why);
    free(why);
}

#endif
