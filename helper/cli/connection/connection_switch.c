/* SPDX-License-Identifier: BSD-2-Clause */
/* `frontdesk connection enable` and `disable`: one line of the file that decides; a vendor's file is left
 * alone, and a drop-in of ours goes before it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/connection/connection.h"
#include "cli/connection/connection_files.h"
#include "cli/connection/connection_write.h"
#include "cli/output.h"
#include "config/config_edit.h"
#include "config/config_file.h"
#include "config/config_trace.h"

#define DROP_IN "50-enabled.conf"

struct switching {
    const struct cli *cli;
    const char *name;
    bool enable;
    char *folder, *file; /* what is edited: FOLDER/FILE */
};

static bool fail(const char *folder, const char *file, const char *why)
{
    output_error("%s/%s: %s; nothing was written", folder, file, why);
    return false;
}

static bool is_below(const char *path, const char *folder)
{
    const size_t length = strlen(folder);

    return strncmp(path, folder, length) == 0 && path[length] == '/';
}

/* The file that says it now, or the connection's own, when that is the administrator's; else a new drop-in.
 */
static bool find_file(struct switching *switching, const struct config_trace *trace)
{
    const struct trace_line *line = config_trace_find(trace, "enabled");
    const char *path = line->from == TRACE_FILE ? line->file : trace->texts.sources[0].file;
    const char *slash = strrchr(path, '/');

    if (is_below(path, switching->cli->config_dir)) {
        switching->folder = strndup(path, (size_t)(slash - path));
        switching->file = strdup(slash + 1);
    } else {
        switching->folder =
            setting_sentence("%s/connections.d/%s.conf.d", switching->cli->config_dir, switching->name);
        switching->file = strdup(DROP_IN);
    }
    return switching->folder && switching->file;
}

/* The folders of a drop-in may have to be made; each is opened where the one above it was. */
static int open_folder(const struct switching *switching)
{
    const char *directory = switching->cli->config_dir, *why;
    AUTO_FREE char *below = strdup(switching->folder + strlen(directory));
    char *rest = below, *name;
    bool missing, made;
    int folder = config_folder_open(AT_FDCWD, directory, &missing, &why);

    while (folder >= 0 && below && (name = strsep(&rest, "/")) != NULL) {
        int next;

        if (name[0] == '\0')
            continue;
        next = files_open_folder(folder, name, 0755, FILES_OWN_GROUP, &made, &why);
        (void)close(folder);
        folder = next;
    }
    if (folder < 0)
        (void)fail(switching->folder, switching->file, why);
    return folder;
}

static bool edit(const struct switching *switching, int folder, const char *text, size_t length)
{
    const struct setting *setting = settings_find(SECTION_CONNECTION, "enabled", NULL);
    const char *value = switching->enable ? "yes" : "no";
    size_t new_length;
    AUTO_FREE char *edited = config_edit_set(text, length, setting, value, &new_length);
    int error;

    if (!edited)
        return fail(switching->folder, switching->file, "has no [connection] section");
    error = files_replace(folder, switching->file, edited, new_length);
    return error == 0 || fail(switching->folder, switching->file, strerror(error));
}

static bool write_switch(const struct switching *switching)
{
    AUTO_CLOSE int folder = open_folder(switching);
    AUTO_FREE char *text = NULL;
    const char *why;
    size_t length;
    struct new_file file = {.name = switching->file, .mode = 0644, .group = FILES_OWN_GROUP};
    int error;

    if (folder < 0)
        return false;
    switch (config_file_load(folder, switching->file, &text, &length, &why)) {
    case CONFIG_FILE_OK:
        return edit(switching, folder, text, length);
    case CONFIG_FILE_REFUSED:
        return fail(switching->folder, switching->file, why);
    default:
        break;
    }
    file.bytes = switching->enable ? "[connection]\nenabled = yes\n" : "[connection]\nenabled = no\n";
    file.length = strlen(file.bytes);
    error = files_create(folder, &file);
    return error == 0 || fail(switching->folder, switching->file, strerror(error));
}

/* Another file may still go before the one that was written. */
static bool has_come_true(const struct switching *switching)
{
    const struct connection *connection;
    struct config *config = connection_find(switching->cli, switching->name, &connection);
    const bool is_so = config && connection->enabled == switching->enable;

    if (config && !is_so)
        output_error(
            "%s/%s was written, but another drop-in goes before it: see `frontdesk connection show %s`",
            switching->folder, switching->file, switching->name);
    config_unref(config);
    return is_so;
}

static bool tell(const struct switching *switching, bool changed)
{
    AUTO_JSON struct json_document *document = NULL;
    const char *state = switching->enable ? "enabled" : "disabled";

    if (!switching->cli->json && !changed)
        return printf("%s is %s already\n", switching->name, state) > 0;
    if (!switching->cli->json)
        return printf("%s is %s (%s/%s)\n", switching->name, state, switching->folder, switching->file) > 0;
    document = json_new();
    return document && json_add_string(document, "name", switching->name) &&
           json_add_boolean(document, "enabled", switching->enable) &&
           json_add_boolean(document, "changed", changed) && output_json(document);
}

static int change(struct switching *switching)
{
    const char *event = switching->enable ? "connection_enable" : "connection_disable";
    struct config_trace trace;
    AUTO_FREE char *path = NULL;
    bool found, recorded;

    if (!config_trace_read(switching->cli->config_dir, switching->cli->vendor_dir, switching->name, &trace)) {
        output_error("the files of `%s` cannot be read", switching->name);
        return EXIT_REFUSED;
    }
    if (trace.texts.count == 0)
        output_error("the files of `%s` have gone in the meantime", switching->name);
    found = trace.texts.count > 0 && find_file(switching, &trace);
    config_trace_free(&trace);
    if (!found || !write_switch(switching))
        return EXIT_REFUSED;
    path = setting_sentence("%s/%s", switching->folder, switching->file);
    recorded = path && connection_record(switching->cli, event, switching->name, path);
    return has_come_true(switching) && recorded && tell(switching, true) ? 0 : EXIT_REFUSED;
}

static int set_enabled(const struct cli *cli, const char *name, bool enable)
{
    struct switching switching = {.cli = cli, .name = name, .enable = enable};
    const struct connection *connection;
    struct config *config = connection_find(cli, name, &connection);
    bool is_so;
    int status;

    if (!config)
        return EXIT_REFUSED;
    is_so = connection->enabled == enable;
    config_unref(config);
    if (is_so)
        return tell(&switching, false) ? 0 : EXIT_REFUSED;
    status = change(&switching);
    free(switching.folder);
    free(switching.file);
    return status;
}

int connection_enable(struct cli *cli, struct connection_options *options)
{
    return set_enabled(cli, options->name, true);
}

int connection_disable(struct cli *cli, struct connection_options *options)
{
    return set_enabled(cli, options->name, false);
}
