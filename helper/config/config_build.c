/* SPDX-License-Identifier: BSD-2-Clause */
/* Sections and keys of one file, each once, each known: the rest is refused with its line. */
#include "config/config_build.h"

#include <stdlib.h>
#include <string.h>

#include "config/config_file.h"
#include "config/settings.h"

#define FAULTS_OF_A_FILE_MAX 20 /* an admin mends these first */

struct build {
    struct config *config;
    const char *file;
    struct connection *connection; /* NULL: frontdesk.conf */
    enum setting_section section;
    void *record;                /* of the section being read; NULL: its lines are passed over */
    bool any_section;            /* a section line came */
    unsigned seen[SETTINGS_MAX]; /* line of each key of this section; 0: not yet */
    unsigned sections[SECTION_COUNT];
    unsigned faults;
    bool memory;
};

static bool add_remark(struct config_fault **list, size_t *count, const char *file, unsigned line, char *why)
{
    struct config_fault *longer = realloc(*list, (*count + 1) * sizeof *longer);
    char *copy = strdup(file);

    if (longer)
        *list = longer;
    if (!longer || !copy || !why) {
        free(copy);
        free(why);
        return false;
    }
    longer[(*count)++] = (struct config_fault){.file = copy, .line = line, .why = why};
    return true;
}

bool config_add_fault(struct config *config, const char *file, unsigned line, char *why)
{
    return add_remark(&config->faults, &config->fault_count, file, line, why);
}

bool config_add_notice(struct config *config, const char *file, unsigned line, char *why)
{
    return add_remark(&config->notices, &config->notice_count, file, line, why);
}

static void refuse(struct build *build, unsigned line, char *why)
{
    if (build->faults++ >= FAULTS_OF_A_FILE_MAX) {
        free(why);
        return;
    }
    if (!config_add_fault(build->config, build->file, line, why))
        build->memory = false;
}

static void refuse_line(void *context, unsigned line, const char *why)
{
    refuse(context, line, strdup(why));
}

static void notice(struct build *build, unsigned line, char *why)
{
    if (!config_add_notice(build->config, build->file, line, why))
        build->memory = false;
}

static void refuse_section(struct build *build, unsigned line, const char *kind)
{
    const char *nearest = settings_nearest_section(kind);
    enum setting_section section;

    if (!settings_section(kind, &section))
        refuse(build, line,
               nearest ? setting_sentence("unknown section [%s]; did you mean [%s]?", kind, nearest)
                       : setting_sentence("unknown section [%s]", kind));
    else if (build->connection)
        refuse(build, line,
               setting_sentence("[%s] belongs into frontdesk.conf; here only [connection] may stand", kind));
    else
        refuse(build, line,
               setting_sentence("[%s] belongs into connections.d/NAME.conf, not into this file", kind));
}

bool service_defaults(const char *name, struct service *service)
{
    *service = (struct service){0};
    if (!settings_defaults(SECTION_SERVICE, service))
        return false;
    /* Both hosts end a sign-in themselves soon after: LoginGraceTime 120 s, LOGIN_TIMEOUT 60 s. */
    if (strcmp(name, "sshd") == 0)
        service->timeout = 110;
    else if (strcmp(name, "login") == 0)
        service->timeout = 55;
    return true;
}

/* A new [service NAME]; NULL: refused. */
static struct service *add_service(struct build *build, unsigned line, const char *name)
{
    struct config *config = build->config;
    struct service service, *longer;

    if (name[0] == '\0' || strpbrk(name, "/ \t")) {
        refuse(build, line, setting_sentence("a service is named in its section: [service sshd]"));
        return NULL;
    }
    for (size_t i = 0; i < config->service_count; i++)
        if (strcmp(config->services[i].name, name) == 0) {
            refuse(build, line, setting_sentence("[service %s] stands here a second time", name));
            return NULL;
        }
    longer = realloc(config->services, (config->service_count + 1) * sizeof *longer);
    if (longer)
        config->services = longer;
    if (!longer || !service_defaults(name, &service) || !(service.name = strdup(name))) {
        build->memory = false;
        return NULL;
    }
    longer[config->service_count] = service;
    return &longer[config->service_count++];
}

static void *record_of(struct build *build, unsigned line, const char *name)
{
    const enum setting_section section = build->section;

    if (section == SECTION_SERVICE)
        return add_service(build, line, name);
    if (name[0] != '\0') {
        refuse(build, line, setting_sentence("[%s] takes no name", settings_section_name(section)));
        return NULL;
    }
    if (build->sections[section] != 0) {
        refuse(build, line,
               setting_sentence("[%s] stands here a second time (first in line %u)",
                                settings_section_name(section), build->sections[section]));
        return NULL;
    }
    build->sections[section] = line;
    switch (section) {
    case SECTION_CONNECTION:
        return build->connection;
    case SECTION_MEMBERS:
        return &build->config->members;
    case SECTION_MACHINE:
        return &build->config->machine;
    case SECTION_LIMITS:
        return &build->config->limits;
    default:
        return NULL;
    }
}

static void begin_section(void *context, unsigned line, const char *kind, const char *name)
{
    struct build *build = context;
    enum setting_section section;

    build->any_section = true;
    build->record = NULL;
    if (!settings_section(kind, &section) || (section == SECTION_CONNECTION) != (build->connection != NULL)) {
        refuse_section(build, line, kind);
        return;
    }
    build->section = section;
    build->record = record_of(build, line, name);
    if (build->record)
        memset(build->seen, 0, sizeof build->seen);
}

static void refuse_key(struct build *build, unsigned line, const char *key)
{
    const char *nearest = settings_nearest(build->section, key);

    if (nearest) {
        refuse(build, line, setting_sentence("unknown key `%s`; did you mean `%s`?", key, nearest));
        return;
    }
    for (int i = 0; i < SECTION_COUNT; i++)
        if (settings_find((enum setting_section)i, key, NULL)) {
            refuse(build, line,
                   setting_sentence("unknown key `%s` in [%s]; it belongs into [%s]", key,
                                    settings_section_name(build->section),
                                    settings_section_name((enum setting_section)i)));
            return;
        }
    refuse(build, line,
           setting_sentence("unknown key `%s` in [%s]", key, settings_section_name(build->section)));
}

static void take_entry(void *context, unsigned line, const char *key, const char *value)
{
    struct build *build = context;
    const struct setting *setting;
    size_t row;
    char *why = NULL;

    if (!build->any_section) {
        refuse(build, line, setting_sentence("`%s` stands before any [section]", key));
        return;
    }
    if (!build->record)
        return;
    setting = settings_find(build->section, key, &row);
    if (!setting) {
        refuse_key(build, line, key);
        return;
    }
    if (build->seen[row] != 0) {
        refuse(build, line,
               setting_sentence("`%s` was given already, in line %u%s%s", key, build->seen[row],
                                strcmp(key, setting->key) == 0 ? "" : ": it is another name of ",
                                strcmp(key, setting->key) == 0 ? "" : setting->key));
        return;
    }
    build->seen[row] = line;
    if (strcmp(key, setting->key) != 0)
        notice(build, line, setting_sentence("`%s` is another name of `%s`", key, setting->key));
    if (value[0] == '\0' && setting->parse != setting_services) {
        refuse(build, line, setting_sentence("`%s` has no value", key));
        return;
    }
    if (!setting->parse(setting, value, (char *)build->record + setting->offset, &why))
        refuse(build, line, why ? setting_sentence("%s: %s", key, why) : NULL);
    free(why);
}

static bool run(struct build *build, char *text, size_t length, bool *ret_memory)
{
    const struct config_lines lines = {
        .context = build, .section = begin_section, .entry = take_entry, .fault = refuse_line};

    config_file_parse(text, length, &lines);
    if (!build->memory)
        *ret_memory = false;
    return build->faults == 0;
}

bool config_build_main(struct config *config, const char *file, char *text, size_t length, bool *ret_memory)
{
    struct build build = {.config = config, .file = file, .memory = true};

    return run(&build, text, length, ret_memory);
}

/* What no single line can show. */
static void judge_connection(struct build *build)
{
    const struct connection *connection = build->connection;
    const struct setting *setting;

    if (!build->sections[SECTION_CONNECTION]) {
        refuse(build, 0, setting_sentence("has no [connection] section"));
        return;
    }
    for (size_t i = 0; (setting = settings_at(i)) != NULL; i++)
        if (setting->section == SECTION_CONNECTION && setting->required && build->seen[i] == 0)
            refuse(build, 0, setting_sentence("`%s` is missing", setting->key));
    if (connection->client_auth_method > CLIENT_AUTH_NONE && !connection->client_secret_file)
        refuse(build, 0, setting_sentence("client_auth_method needs `client_secret_file`"));
    if (!connection->services[0])
        notice(build, 0, setting_sentence("`services` is empty: this connection serves nothing"));
}

bool config_build_connection(struct config *config, const char *file, char *text, size_t length,
                             struct connection *connection, bool *ret_memory)
{
    struct build build = {.config = config, .file = file, .connection = connection, .memory = true};

    if (!settings_defaults(SECTION_CONNECTION, connection)) {
        *ret_memory = false;
        return false;
    }
    (void)run(&build, text, length, ret_memory);
    judge_connection(&build);
    if (!build.memory)
        *ret_memory = false;
    return build.faults == 0 && build.memory;
}
