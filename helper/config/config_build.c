/* SPDX-License-Identifier: BSD-2-Clause */
/* Sections and keys of one file, each once, each known: the rest is refused with its line. */
#include "config/config_build.h"

#include <stdlib.h>
#include <string.h>

#include "config/config_file.h"
#include "config/settings.h"
#include "frontdesk/protocol.h"

#define FAULTS_OF_A_FILE_MAX 20 /* an admin mends these first */

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

void config_build_refuse(struct config_build *build, struct config_origin origin, char *why)
{
    if (build->faults++ >= FAULTS_OF_A_FILE_MAX) {
        free(why);
        return;
    }
    if (!config_add_fault(build->config, origin.file, origin.line, why))
        build->memory = false;
}

void config_build_notice(struct config_build *build, struct config_origin origin, char *why)
{
    if (!config_add_notice(build->config, origin.file, origin.line, why))
        build->memory = false;
}

static void refuse(struct config_build *build, unsigned line, char *why)
{
    config_build_refuse(build, (struct config_origin){build->file, line}, why);
}

static void refuse_line(void *context, unsigned line, const char *why)
{
    refuse(context, line, strdup(why));
}

static void refuse_section(struct config_build *build, unsigned line, const char *kind)
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
    /* Whoever stands before it has the phone at hand; whoever looks over a shoulder should not have time. */
    else if (strcmp(name, PROTOCOL_KIOSK_SERVICE) == 0)
        service->code_lifetime = 120;
    return true;
}

/* Row of a service, which is new where no section has named it yet; CONFIG_SERVICES_MAX: refused. */
static size_t service_row(struct config_build *build, unsigned line, const char *name)
{
    struct config *config = build->config;
    struct service service, *longer;

    for (size_t i = 0; i < config->service_count; i++)
        if (strcmp(config->services[i].name, name) == 0)
            return i;
    if (config->service_count == CONFIG_SERVICES_MAX) {
        refuse(build, line, setting_sentence("one [service NAME] too many"));
        return CONFIG_SERVICES_MAX;
    }
    longer = realloc(config->services, (config->service_count + 1) * sizeof *longer);
    if (longer)
        config->services = longer;
    if (!longer || !service_defaults(name, &service) || !(service.name = strdup(name))) {
        build->memory = false;
        return CONFIG_SERVICES_MAX;
    }
    longer[config->service_count] = service;
    return config->service_count++;
}

/* NULL: refused. */
static struct service *service_of(struct config_build *build, unsigned line, const char *name)
{
    size_t row;

    if (name[0] == '\0' || strpbrk(name, "/ \t")) {
        refuse(build, line, setting_sentence("a service is named in its section: [service sshd]"));
        return NULL;
    }
    row = service_row(build, line, name);
    if (row == CONFIG_SERVICES_MAX)
        return NULL;
    if (build->services_seen[row]) {
        refuse(build, line, setting_sentence("[service %s] stands here a second time", name));
        return NULL;
    }
    build->services_seen[row] = true;
    return &build->config->services[row];
}

static void *record_of(struct config_build *build, unsigned line, const char *name)
{
    const enum setting_section section = build->section;

    if (section == SECTION_SERVICE)
        return service_of(build, line, name);
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
        build->any_connection = true;
        return build->connection;
    case SECTION_MEMBERS:
        return &build->config->members;
    case SECTION_MACHINE:
        return &build->config->machine;
    case SECTION_LIMITS:
        return &build->config->limits;
    case SECTION_AUDIT:
        return &build->config->audit;
    case SECTION_KIOSK:
        return &build->config->kiosk;
    default:
        return NULL;
    }
}

static void begin_section(void *context, unsigned line, const char *kind, const char *name)
{
    struct config_build *build = context;
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

static void refuse_key(struct config_build *build, unsigned line, const char *key)
{
    const char *nearest = settings_nearest(build->section, key), *advice = settings_elsewhere(key);

    if (advice) {
        refuse(build, line, setting_sentence("`%s` is no setting of this file: %s", key, advice));
        return;
    }
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

/* A key of this section, which this text may give once; NULL: refused. */
static const struct setting *setting_of(struct config_build *build, unsigned line, const char *key,
                                        size_t *ret_row)
{
    const struct setting *setting = settings_find(build->section, key, ret_row);
    const bool is_alias = setting && strcmp(key, setting->key) != 0;

    if (!setting) {
        refuse_key(build, line, key);
        return NULL;
    }
    if (build->seen[*ret_row] != 0 && !setting->repeats) {
        refuse(build, line,
               setting_sentence("`%s` was given already, in line %u%s%s", key, build->seen[*ret_row],
                                is_alias ? ": it is another name of " : "", is_alias ? setting->key : ""));
        return NULL;
    }
    if (is_alias)
        config_build_notice(build, (struct config_origin){build->file, line},
                            setting_sentence("`%s` is another name of `%s`", key, setting->key));
    return setting;
}

/* What was told about a value that was taken, if anything. */
static void tell(struct config_build *build, unsigned line, const char *key, char *why)
{
    if (why)
        config_build_notice(build, (struct config_origin){build->file, line},
                            setting_sentence("%s: %s", key, why));
    free(why);
}

static void take_entry(void *context, unsigned line, const char *key, const char *value)
{
    struct config_build *build = context;
    const struct setting *setting;
    char *why = NULL;
    void *field;
    size_t row;

    if (!build->any_section) {
        refuse(build, line, setting_sentence("`%s` stands before any [section]", key));
        return;
    }
    setting = build->record ? setting_of(build, line, key, &row) : NULL;
    if (!setting)
        return;
    field = (char *)build->record + setting->offset;
    /* A later text begins such a list anew. */
    if (setting->repeats && build->seen[row] == 0 && !setting->parse(setting, "", field, &why))
        build->memory = false;
    build->seen[row] = line;
    if (build->connection)
        build->origins[row] = (struct config_origin){build->file, line};
    if (value[0] == '\0' && setting->parse != setting_services) {
        refuse(build, line, setting_sentence("`%s` has no value", key));
        return;
    }
    if (setting->parse(setting, value, field, &why)) {
        tell(build, line, key, why);
        return;
    }
    refuse(build, line, why ? setting_sentence("%s: %s", key, why) : NULL);
    free(why);
}

static void read_text(struct config_build *build, const struct config_source *source)
{
    const struct config_lines lines = {
        .context = build, .section = begin_section, .entry = take_entry, .fault = refuse_line};

    build->file = source->file;
    build->any_section = false;
    build->record = NULL;
    memset(build->sections, 0, sizeof build->sections);
    memset(build->services_seen, 0, sizeof build->services_seen);
    config_file_parse(source->text, source->length, &lines);
}

bool config_build_main(struct config *config, const struct config_source *sources, size_t count,
                       bool *ret_memory)
{
    struct config_build build = {.config = config, .memory = true};

    for (size_t i = 0; i < count; i++)
        read_text(&build, &sources[i]);
    if (!build.memory)
        *ret_memory = false;
    return build.faults == 0;
}

bool config_build_connection(struct config *config, const struct config_source *sources, size_t count,
                             struct connection *connection, bool *ret_memory)
{
    struct config_build build = {.config = config, .connection = connection, .memory = true};

    if (!settings_defaults(SECTION_CONNECTION, connection)) {
        *ret_memory = false;
        return false;
    }
    for (size_t i = 0; i < count; i++)
        read_text(&build, &sources[i]);
    build.file = sources[0].file;
    config_apply_preset(&build);
    config_judge_connection(&build);
    if (!build.memory)
        *ret_memory = false;
    return build.faults == 0 && build.memory;
}
