/* SPDX-License-Identifier: BSD-2-Clause */
/* A folder becomes a configuration: every file judged, nothing bad passed over in silence. */
#include "config/config.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "config/config_file.h"
#include "config/config_layers.h"
#include "frontdesk/paths.h"
#include "trusted_path.h"

#define MAIN_FILE          "frontdesk.conf"
#define CONNECTIONS_FOLDER "connections.d"
#define SUFFIX             ".conf"
#define DROP_INS_SUFFIX    ".conf.d"

/* The folder or frontdesk.conf cannot be used: nobody gets in anywhere. */
static bool break_whole(struct config *config, const char *file, const char *why)
{
    config->broken = true;
    return config_add_fault(config, file, 0, strdup(why));
}

/* Likewise, when it was told already. False: no memory. */
static bool or_break(struct config *config, enum config_layers_result result)
{
    if (result == CONFIG_LAYERS_REFUSED)
        config->broken = true;
    return result != CONFIG_LAYERS_NO_MEMORY;
}

static bool break_connection(struct config *config, const char *name)
{
    char **longer =
        realloc(config->broken_connections, (config->broken_connection_count + 1) * sizeof *longer);

    if (!longer)
        return false;
    config->broken_connections = longer;
    longer[config->broken_connection_count] = strdup(name);
    return longer[config->broken_connection_count++] != NULL;
}

/* False: no memory. */
static bool read_main(struct config *config, const struct config_layers *layers, bool *ret_missing)
{
    CLEANUP(config_texts_free) struct config_texts texts = {0};
    const enum config_layers_result result = config_layers_read(config, layers, MAIN_FILE, &texts);
    bool memory = true;

    *ret_missing = texts.count == 0;
    if (result != CONFIG_LAYERS_OK)
        return or_break(config, result);
    if (!config_build_main(config, texts.sources, texts.count, &memory))
        config->broken = true;
    return memory;
}

/* Adds a whole connection, or names it as broken. False: no memory. */
static bool build_connection(struct config *config, const struct config_texts *texts, const char *name)
{
    struct connection connection = {.name = strdup(name)},
                      *longer = realloc(config->connections, (config->connection_count + 1) * sizeof *longer);
    bool memory = connection.name && longer;

    if (longer)
        config->connections = longer;
    if (memory && config_build_connection(config, texts->sources, texts->count, &connection, &memory)) {
        longer[config->connection_count++] = connection;
        return memory;
    }
    connection_clear(&connection);
    return memory && break_connection(config, name);
}

/* `name` is valid, `file` is it with its suffix. False: no memory. */
static bool read_connection(struct config *config, const struct config_layers *layers, const char *file,
                            const char *name)
{
    CLEANUP(config_texts_free) struct config_texts texts = {0};
    const enum config_layers_result result = config_layers_read(config, layers, file, &texts);

    if (result != CONFIG_LAYERS_OK)
        return result == CONFIG_LAYERS_REFUSED && break_connection(config, name);
    if (texts.is_switched_off)
        return config_add_notice(
            config, texts.sources[0].file, 0,
            setting_sentence("is empty: it switches the vendor's file of this name off"));
    /* It may have gone between readdir and now. */
    return texts.count == 0 || build_connection(config, &texts, name);
}

static bool ends_with(const char *text, const char *end)
{
    const size_t length = strlen(text), tail = strlen(end);

    return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* A folder of drop-ins is read with its file; told when there is none. False: no memory. */
static bool look_at_drop_ins(struct config *config, const struct config_entries *entries, const char *folder,
                             const char *path)
{
    for (size_t i = 0; i < entries->count; i++)
        if (strlen(entries->entries[i].name) == strlen(folder) - strlen(".d") &&
            strncmp(entries->entries[i].name, folder, strlen(folder) - strlen(".d")) == 0)
            return true;
    return config_add_notice(config, path, 0,
                             setting_sentence("is ignored: there is no file that these drop-ins belong to"));
}

/* One entry of connections.d. False: no memory. */
static bool read_entry(struct config *config, const struct config_layers *layers,
                       const struct config_entries *entries, const struct config_entry *entry)
{
    AUTO_FREE char *path = config_entry_path(layers, entry), *name = NULL;

    if (!path)
        return false;
    if (ends_with(entry->name, DROP_INS_SUFFIX))
        return look_at_drop_ins(config, entries, entry->name, path);
    if (!ends_with(entry->name, SUFFIX))
        return config_add_notice(config, path, 0,
                                 setting_sentence("is ignored: its name does not end in " SUFFIX));
    if (config->connection_count + config->broken_connection_count >= CONFIG_CONNECTIONS_MAX)
        return break_whole(config, path, "is one connection too many");
    name = strndup(entry->name, strlen(entry->name) - strlen(SUFFIX));
    if (!name)
        return false;
    if (!connection_name_is_valid(name))
        return break_connection(config, name) &&
               config_add_fault(
                   config, path, 0,
                   setting_sentence("a connection's name is [a-z0-9][a-z0-9_-]*, at most %d bytes",
                                    CONNECTION_NAME_MAX));
    return read_connection(config, layers, entry->name, name);
}

static bool read_connections(struct config *config, const struct config_layers *parent)
{
    CLEANUP(config_layers_close) struct config_layers layers = CONFIG_LAYERS_NONE;
    CLEANUP(config_entries_free) struct config_entries entries = {NULL, 0};
    enum config_layers_result result = config_layers_open(config, parent, CONNECTIONS_FOLDER, &layers);

    if (result == CONFIG_LAYERS_OK)
        result = config_layers_list(config, &layers, &entries);
    if (result != CONFIG_LAYERS_OK)
        return or_break(config, result);
    for (size_t i = 0; i < entries.count; i++) {
        if (!read_entry(config, &layers, &entries, &entries.entries[i]))
            return false;
    }
    return config_judge_together(config, layers.layer[LAYER_ADMIN].path);
}

static bool fill_defaults(struct config *config)
{
    char host[256] = "localhost";

    if (!settings_defaults(SECTION_MEMBERS, &config->members) ||
        !settings_defaults(SECTION_MACHINE, &config->machine) ||
        !settings_defaults(SECTION_LIMITS, &config->limits) ||
        !settings_defaults(SECTION_AUDIT, &config->audit) ||
        !settings_defaults(SECTION_KIOSK, &config->kiosk))
        return false;
    (void)gethostname(host, sizeof host - 1);
    config->machine.name = strdup(host);
    return config->machine.name != NULL;
}

/* One of the two folders; a vendor's may be missing. False: no memory. */
static bool open_layer(struct config *config, const char *directory, bool is_needed,
                       struct config_layer *layer)
{
    struct path_fault fault;
    const char *why = NULL;
    bool missing;

    layer->path = strdup(directory);
    if (!layer->path)
        return false;
    if (directory[0] != '/')
        return break_whole(config, directory, "is no absolute path");
    if (!path_is_trusted(directory, &fault))
        return break_whole(config, fault.where, fault.why);
    layer->folder = config_folder_open(AT_FDCWD, directory, &missing, &why);
    if (layer->folder < 0 && missing)
        return !is_needed || break_whole(config, directory, "the configuration folder is missing");
    return layer->folder >= 0 || break_whole(config, directory, why);
}

/* False: no memory. */
static bool read_folders(struct config *config, const char *directory, const char *vendor)
{
    CLEANUP(config_layers_close) struct config_layers layers = CONFIG_LAYERS_NONE;
    bool no_main = false;

    if (!open_layer(config, directory, true, &layers.layer[LAYER_ADMIN]) ||
        (vendor && !open_layer(config, vendor, false, &layers.layer[LAYER_VENDOR])))
        return false;
    if (config->broken)
        return true;
    if (!read_main(config, &layers, &no_main) || !read_connections(config, &layers))
        return false;
    if (no_main && !config->broken && config->connection_count + config->broken_connection_count == 0)
        return break_whole(config, directory,
                           "holds neither " MAIN_FILE " nor " CONNECTIONS_FOLDER "/NAME" SUFFIX);
    return true;
}

struct config *config_read_layers(const char *directory, const char *vendor)
{
    struct config *config = calloc(1, sizeof *config);

    if (!config)
        return NULL;
    config->references = 1;
    if (!fill_defaults(config) || !read_folders(config, directory, vendor)) {
        config_unref(config);
        return NULL;
    }
    return config;
}

struct config *config_read(const char *directory)
{
    return config_read_layers(directory, FD_VENDORDIR);
}

struct config *config_ref(struct config *config)
{
    config->references++;
    return config;
}

static void free_remarks(struct config_fault *remarks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(remarks[i].file);
        free(remarks[i].why);
    }
    free(remarks);
}

static void free_kiosk(struct kiosk_settings *kiosk)
{
    free(kiosk->user);
    free(kiosk->listen);
    free(kiosk->connection);
    free(kiosk->on_check_in);
    free(kiosk->on_check_out);
}

void config_unref(struct config *config)
{
    if (!config || --config->references > 0)
        return;
    free(config->members.home_base);
    free(config->members.shell);
    free(config->machine.name);
    free(config->machine.location);
    free(config->machine.language);
    free_kiosk(&config->kiosk);
    for (size_t i = 0; i < config->service_count; i++) {
        free(config->services[i].name);
        free(config->services[i].connection);
    }
    free(config->services);
    for (size_t i = 0; i < config->connection_count; i++)
        connection_clear(&config->connections[i]);
    free(config->connections);
    for (size_t i = 0; i < config->broken_connection_count; i++)
        free(config->broken_connections[i]);
    free(config->broken_connections);
    free_remarks(config->faults, config->fault_count);
    free_remarks(config->notices, config->notice_count);
    free(config);
}

const struct connection *config_connection(const struct config *config, const char *name)
{
    for (size_t i = 0; i < config->connection_count; i++)
        if (strcmp(config->connections[i].name, name) == 0)
            return &config->connections[i];
    return NULL;
}

bool config_connection_is_broken(const struct config *config, const char *name)
{
    for (size_t i = 0; i < config->broken_connection_count; i++)
        if (strcmp(config->broken_connections[i], name) == 0)
            return true;
    return false;
}

const struct service *config_service(const struct config *config, const char *name, struct service *storage)
{
    for (size_t i = 0; i < config->service_count; i++)
        if (strcmp(config->services[i].name, name) == 0)
            return &config->services[i];
    /* Cannot fail: no default of a service is text. */
    (void)service_defaults(name, storage);
    return storage;
}
