/* SPDX-License-Identifier: BSD-2-Clause */
/* A folder becomes a configuration: every file judged, nothing bad passed over in silence. */
#include "config/config.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "config/config_build.h"
#include "config/config_file.h"
#include "config/settings.h"

#define MAIN_FILE          "frontdesk.conf"
#define CONNECTIONS_FOLDER "connections.d"
#define SUFFIX             ".conf"

/* Files of connections.d, sorted by name. */
struct names {
    char **names;
    size_t count;
};

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void cleanup_names(struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free(names->names[i]);
    free(names->names);
}

static void cleanup_directory(DIR **directory)
{
    if (*directory)
        (void)closedir(*directory);
}

static bool list_folder(int folder, struct names *ret_names)
{
    CLEANUP(cleanup_directory) DIR *directory = NULL;
    const struct dirent *entry;
    const int copy = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    directory = copy >= 0 ? fdopendir(copy) : NULL;
    if (!directory) {
        if (copy >= 0)
            (void)close(copy);
        return false;
    }
    while ((entry = readdir(directory)) != NULL) {
        char **longer;

        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        longer = realloc(ret_names->names, (ret_names->count + 1) * sizeof *longer);
        if (!longer)
            return false;
        ret_names->names = longer;
        longer[ret_names->count] = strdup(entry->d_name);
        if (!longer[ret_names->count++])
            return false;
    }
    if (ret_names->count > 0)
        qsort(ret_names->names, ret_names->count, sizeof *ret_names->names, compare_names);
    return true;
}

/* The folder or frontdesk.conf cannot be used: nobody gets in anywhere. */
static bool break_whole(struct config *config, const char *file, const char *why)
{
    config->broken = true;
    return config_add_fault(config, file, 0, strdup(why));
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
static bool read_main(struct config *config, int folder, const char *path, bool *ret_missing)
{
    AUTO_FREE char *text = NULL;
    size_t length;
    const char *why;
    bool memory = true;

    switch (config_file_load(folder, MAIN_FILE, &text, &length, &why)) {
    case CONFIG_FILE_MISSING:
        *ret_missing = true;
        return true;
    case CONFIG_FILE_REFUSED:
        return break_whole(config, path, why);
    default:
        break;
    }
    if (!config_build_main(config, path, text, length, &memory))
        config->broken = true;
    return memory;
}

/* Adds a whole connection, or names it as broken. `name` is valid. False: no memory. */
static bool read_connection(struct config *config, int folder, const char *path, const char *name)
{
    AUTO_FREE char *text = NULL, *file = setting_sentence("%s" SUFFIX, name);
    struct connection connection = {0}, *longer;
    size_t length = 0;
    const char *why;
    bool memory = true;

    if (!file)
        return false;
    switch (config_file_load(folder, file, &text, &length, &why)) {
    case CONFIG_FILE_MISSING: /* between readdir and now */
        return true;
    case CONFIG_FILE_REFUSED:
        return config_add_fault(config, path, 0, strdup(why)) && break_connection(config, name);
    default:
        break;
    }
    connection.name = strdup(name);
    longer = realloc(config->connections, (config->connection_count + 1) * sizeof *longer);
    if (longer)
        config->connections = longer;
    if (!connection.name || !longer ||
        !config_build_connection(config, path, text, length, &connection, &memory)) {
        memory = connection.name && longer && memory && break_connection(config, name);
        connection_clear(&connection);
        return memory;
    }
    longer[config->connection_count++] = connection;
    return memory;
}

/* One entry of connections.d. False: no memory. */
static bool read_entry(struct config *config, int folder, const char *folder_path, const char *entry)
{
    AUTO_FREE char *path = setting_sentence("%s/%s", folder_path, entry), *name = NULL;
    const size_t length = strlen(entry), suffix = sizeof SUFFIX - 1;

    if (!path)
        return false;
    if (length < suffix || strcmp(entry + length - suffix, SUFFIX) != 0)
        return config_add_notice(config, path, 0,
                                 setting_sentence("is ignored: its name does not end in " SUFFIX));
    name = strndup(entry, length - suffix);
    if (!name)
        return false;
    if (!connection_name_is_valid(name))
        return break_connection(config, name) &&
               config_add_fault(
                   config, path, 0,
                   setting_sentence("a connection's name is [a-z0-9][a-z0-9_-]*, at most %d bytes",
                                    CONNECTION_NAME_MAX));
    return read_connection(config, folder, path, name);
}

static bool read_connections(struct config *config, int parent, const char *path)
{
    CLEANUP(cleanup_names) struct names names = {0};
    AUTO_CLOSE int folder = -1;
    const char *why;
    bool missing;

    folder = config_folder_open(parent, CONNECTIONS_FOLDER, &missing, &why);
    if (missing)
        return true;
    if (folder < 0)
        return break_whole(config, path, why);
    if (!list_folder(folder, &names))
        return break_whole(config, path, "cannot be listed");
    for (size_t i = 0; i < names.count; i++) {
        if (config->connection_count + config->broken_connection_count >= CONFIG_CONNECTIONS_MAX)
            return break_whole(config, path, "holds too many connections");
        if (!read_entry(config, folder, path, names.names[i]))
            return false;
    }
    return true;
}

static bool fill_defaults(struct config *config)
{
    char host[256] = "localhost";

    if (!settings_defaults(SECTION_MEMBERS, &config->members) ||
        !settings_defaults(SECTION_MACHINE, &config->machine) ||
        !settings_defaults(SECTION_LIMITS, &config->limits))
        return false;
    (void)gethostname(host, sizeof host - 1);
    config->machine.name = strdup(host);
    return config->machine.name != NULL;
}

/* False: no memory. */
static bool read_folder(struct config *config, const char *directory)
{
    AUTO_FREE char *main_path = setting_sentence("%s/" MAIN_FILE, directory);
    AUTO_FREE char *connections_path = setting_sentence("%s/" CONNECTIONS_FOLDER, directory);
    AUTO_CLOSE int folder = -1;
    const char *why;
    bool missing, no_main = false;

    if (!main_path || !connections_path)
        return false;
    if (directory[0] != '/')
        return break_whole(config, directory, "is no absolute path");
    folder = config_folder_open(AT_FDCWD, directory, &missing, &why);
    if (folder < 0)
        return break_whole(config, directory, missing ? "the configuration folder is missing" : why);
    if (!read_main(config, folder, main_path, &no_main) ||
        !read_connections(config, folder, connections_path))
        return false;
    if (no_main && !config->broken && config->connection_count + config->broken_connection_count == 0)
        return break_whole(config, directory,
                           "holds neither " MAIN_FILE " nor " CONNECTIONS_FOLDER "/NAME" SUFFIX);
    return true;
}

struct config *config_read(const char *directory)
{
    struct config *config = calloc(1, sizeof *config);

    if (!config)
        return NULL;
    config->references = 1;
    if (!fill_defaults(config) || !read_folder(config, directory)) {
        config_unref(config);
        return NULL;
    }
    return config;
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

void config_unref(struct config *config)
{
    if (!config || --config->references > 0)
        return;
    free(config->members.home_base);
    free(config->members.shell);
    free(config->machine.name);
    free(config->machine.location);
    free(config->machine.language);
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
