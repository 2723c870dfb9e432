/* SPDX-License-Identifier: BSD-2-Clause */
/* How a name is found in the table, which stands in settings_connection.c and settings_machine.c. */
#include "config/settings.h"

#include <stdlib.h>
#include <string.h>

#include "config/nearest.h"

static const char *const section_names[SECTION_COUNT] = {
    [SECTION_CONNECTION] = "connection", [SECTION_MEMBERS] = "members", [SECTION_MACHINE] = "machine",
    [SECTION_LIMITS] = "limits",         [SECTION_AUDIT] = "audit",     [SECTION_KIOSK] = "kiosk",
    [SECTION_SERVICE] = "service",
};

/* Words of the vendors' guides and of the PAM line that are no settings of a file, and what to do instead. */
static const struct {
    const char *name, *advice;
} elsewhere[] = {
    {"password_login",
     "it belongs on the PAM line, where it holds while the helper is down (pam_frontdesk(8))"},
    {"break_glass", "it belongs on the PAM line, where it holds while the helper is down (pam_frontdesk(8))"},
    {"local_users", "it belongs on the PAM line, which only root may write (pam_frontdesk(8))"},
    {"client_secret", "put the secret into a file of its own and name that: `client_secret_file`"},
    {"callback_url", "leave it out: with a code on a phone nothing comes back to an address of ours"},
    {"callback_path", "leave it out: with a code on a phone nothing comes back to an address of ours"},
    {"redirect_uri", "leave it out: with a code on a phone nothing comes back to an address of ours"},
    {"base_uri", "leave it out: with a code on a phone nothing comes back to an address of ours"},
    {"authorization_endpoint",
     "leave it out: a phone goes there by itself; `device_authorization_endpoint` counts"},
    {"type", "leave it out: the device grant has neither a front nor a back channel"},
    {"channel", "leave it out: the device grant has neither a front nor a back channel"},
    {"name", "leave it out: the file's name is the connection's name"},
};

const struct setting *settings_at(size_t i)
{
    if (i < connection_settings_count)
        return &connection_settings[i];
    i -= connection_settings_count;
    return i < machine_settings_count ? &machine_settings[i] : NULL;
}

/* The key first (which 0), then its aliases; NULL beyond the last. */
static const char *name_at(const struct setting *setting, size_t which)
{
    if (which == 0)
        return setting->key;
    return which <= SETTING_ALIASES_MAX ? setting->aliases[which - 1] : NULL;
}

const struct setting *settings_find(enum setting_section section, const char *name, size_t *ret_index)
{
    const struct setting *setting;

    for (size_t i = 0; (setting = settings_at(i)) != NULL; i++) {
        const char *known;

        if (setting->section != section)
            continue;
        for (size_t which = 0; (known = name_at(setting, which)) != NULL; which++) {
            if (strcmp(known, name) != 0)
                continue;
            if (ret_index)
                *ret_index = i;
            return setting;
        }
    }
    return NULL;
}

const char *settings_nearest(enum setting_section section, const char *name)
{
    struct nearest nearest = NEAREST_NONE;
    const struct setting *setting;

    for (size_t i = 0; (setting = settings_at(i)) != NULL; i++) {
        const char *known;

        if (setting->section != section)
            continue;
        for (size_t which = 0; (known = name_at(setting, which)) != NULL; which++)
            nearest_consider(&nearest, known, name);
    }
    return nearest.best;
}

const char *settings_elsewhere(const char *name)
{
    for (size_t i = 0; i < sizeof elsewhere / sizeof elsewhere[0]; i++)
        if (strcmp(elsewhere[i].name, name) == 0)
            return elsewhere[i].advice;
    return NULL;
}

bool settings_section(const char *name, enum setting_section *ret_section)
{
    for (int i = 0; i < SECTION_COUNT; i++)
        if (strcmp(section_names[i], name) == 0) {
            *ret_section = (enum setting_section)i;
            return true;
        }
    return false;
}

const char *settings_section_name(enum setting_section section)
{
    return section_names[section];
}

const char *settings_nearest_section(const char *name)
{
    struct nearest nearest = NEAREST_NONE;

    for (int i = 0; i < SECTION_COUNT; i++)
        nearest_consider(&nearest, section_names[i], name);
    return nearest.best;
}

bool settings_defaults(enum setting_section section, void *record)
{
    const struct setting *setting;

    for (size_t i = 0; (setting = settings_at(i)) != NULL; i++) {
        char *why = NULL;

        /* A required list is still a list while its key is missing. */
        if (setting->section != section || (!setting->fallback && setting->parse != setting_services))
            continue;
        if (!setting->parse(setting, setting->fallback ? setting->fallback : "",
                            (char *)record + setting->offset, &why)) {
            free(why);
            return false;
        }
    }
    return true;
}
