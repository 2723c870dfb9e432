/* SPDX-License-Identifier: BSD-2-Clause */
/* Judged by the very reader, then the secret, then the file that names it: whoever reads in between finds
 * nothing new. */
#include "cli/connection/connection_write.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/connection/connection_files.h"
#include "cli/folders.h"
#include "cli/output.h"
#include "config/config_build.h"
#include "config/config_file.h"
#include "config/settings.h"

#define CONNECTIONS "connections.d"
#define SECRETS     "secrets"

/* What is being written, and what of it has to go when it cannot be. */
struct writing {
    const struct cli *cli;
    const struct connection_plan *plan;
    struct cli_users users;
    char *file, *text, *secret_file; /* paths; secret_file NULL: none */
    int folder, connections, secrets;
    bool made_connections, made_secrets, wrote_secret;
};

static void cleanup_writing(struct writing *writing)
{
    free(writing->file);
    free(writing->text);
    free(writing->secret_file);
    cleanup_close(&writing->folder);
    cleanup_close(&writing->connections);
    cleanup_close(&writing->secrets);
}

static void tell_remarks(const char *name, const struct config_fault *remarks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char shown[1024];

        output_error("%s: %s", name, output_text(remarks[i].why, shown, sizeof shown));
    }
}

/* As the configuration's reader will find it. False: said why not. */
static bool is_acceptable(const struct writing *writing)
{
    const char *name = writing->plan->name;
    struct config_source source = {.file = writing->file, .text = strdup(writing->text)};
    struct connection connection = {.name = strdup(name)};
    struct config *config = calloc(1, sizeof *config);
    bool memory = config && source.text && connection.name, accepted = false;

    if (memory) {
        config->references = 1;
        source.length = strlen(source.text);
        accepted = config_build_connection(config, &source, 1, &connection, &memory);
        tell_remarks(name, config->faults, config->fault_count);
        if (!writing->plan->check || writing->plan->dry_run) /* else the check tells them */
            tell_remarks(name, config->notices, config->notice_count);
    }
    if (!memory)
        output_error("no memory to judge the connection");
    connection_clear(&connection);
    free(source.text);
    config_unref(config);
    return accepted && memory;
}

/* A name is given once; files of an earlier connection would have their say in this one. */
static bool is_free(const struct writing *writing)
{
    const char *name = writing->plan->name;
    struct config *config = config_read_layers(writing->cli->config_dir, writing->cli->vendor_dir);
    AUTO_FREE char *drop_ins = setting_sentence("%s.d", writing->file);
    bool free_name = false;

    if (!config || !drop_ins)
        output_error("no memory to read the configuration");
    else if (config_connection(config, name) || config_connection_is_broken(config, name) ||
             access(writing->file, F_OK) == 0)
        output_error("there is a connection `%s` already (see `frontdesk connection show %s`)", name, name);
    else if (access(drop_ins, F_OK) == 0)
        output_error("%s is left of another connection and would change this one: remove it first", drop_ins);
    else if (config->connection_count + config->broken_connection_count >= CONFIG_CONNECTIONS_MAX)
        output_error("there are %d connections already, and more cannot be read", CONFIG_CONNECTIONS_MAX);
    else
        free_name = true;
    config_unref(config);
    return free_name;
}

/* Fills in paths and text. 0, or the exit status. */
static int prepare(struct writing *writing)
{
    const struct connection_plan *plan = writing->plan;
    AUTO_FREE char *why = NULL;

    writing->file = setting_sentence("%s/" CONNECTIONS "/%s.conf", writing->cli->config_dir, plan->name);
    if (plan->secret->length > 0) {
        writing->secret_file = setting_sentence("%s/" SECRETS "/%s", writing->cli->config_dir, plan->name);
        if (!writing->secret_file ||
            !draft_add(plan->draft, "client_secret_file", writing->secret_file, &why)) {
            output_error("%s", why ? why : "no memory");
            return EXIT_REFUSED;
        }
    }
    writing->text = draft_text(plan->draft);
    if (!writing->file || !writing->text) {
        output_error("no memory");
        return EXIT_REFUSED;
    }
    return is_acceptable(writing) && is_free(writing) ? 0 : EXIT_REFUSED;
}

static bool fail(const char *path, const char *why)
{
    output_error("%s: %s; nothing was written", path, why);
    return false;
}

static bool open_folders(struct writing *writing)
{
    const char *directory = writing->cli->config_dir, *why;
    const bool root = writing->users.drop;
    bool missing;

    writing->folder = config_folder_open(AT_FDCWD, directory, &missing, &why);
    if (writing->folder < 0)
        return fail(directory, why);
    writing->connections = files_open_folder(writing->folder, CONNECTIONS, 0755, FILES_OWN_GROUP,
                                             &writing->made_connections, &why);
    if (writing->connections < 0)
        return fail(writing->file, why);
    if (!writing->secret_file)
        return true;
    writing->secrets =
        files_open_folder(writing->folder, SECRETS, root ? 0750 : 0700,
                          root ? writing->users.keeper.gid : FILES_OWN_GROUP, &writing->made_secrets, &why);
    return writing->secrets >= 0 || fail(writing->secret_file, why);
}

static bool write_secret(struct writing *writing)
{
    const bool root = writing->users.drop;
    const struct new_file file = {.name = writing->plan->name,
                                  .bytes = writing->plan->secret->bytes,
                                  .length = writing->plan->secret->length,
                                  .mode = root ? 0640 : 0600,
                                  .group = root ? writing->users.keeper.gid : FILES_OWN_GROUP};
    const int error = files_create(writing->secrets, &file);

    writing->wrote_secret = error == 0;
    return error == 0 ||
           fail(writing->secret_file,
                error == EEXIST ? "is left of another connection: remove it first" : strerror(error));
}

static bool write_files(struct writing *writing)
{
    AUTO_FREE char *name = setting_sentence("%s.conf", writing->plan->name);
    const struct new_file file = {.name = name,
                                  .bytes = writing->text,
                                  .length = strlen(writing->text),
                                  .mode = 0644,
                                  .group = FILES_OWN_GROUP};
    int error;

    if (!name || !open_folders(writing) || (writing->secret_file && !write_secret(writing)))
        return false;
    error = files_create(writing->connections, &file);
    return error == 0 || fail(writing->file, strerror(error));
}

static void take_back(const struct writing *writing)
{
    if (writing->wrote_secret)
        (void)unlinkat(writing->secrets, writing->plan->name, 0);
    if (writing->made_secrets)
        (void)unlinkat(writing->folder, SECRETS, AT_REMOVEDIR);
    if (writing->made_connections)
        (void)unlinkat(writing->folder, CONNECTIONS, AT_REMOVEDIR);
}

/* A signal waits until both files are there, or neither. */
static bool write_whole(struct writing *writing)
{
    sigset_t all, before;
    bool written;

    (void)sigfillset(&all);
    (void)sigprocmask(SIG_BLOCK, &all, &before);
    written = write_files(writing);
    if (!written)
        take_back(writing);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return written;
}

static bool tell(const struct writing *writing, const char *event)
{
    AUTO_JSON struct json_document *document = NULL;
    const bool dry = writing->plan->dry_run;

    if (!writing->cli->json) {
        if (dry)
            return printf("# %s\n%s", writing->file, writing->text) > 0;
        (void)printf("%s was written\n", writing->file);
        return !writing->secret_file || printf("%s holds the secret\n", writing->secret_file) > 0;
    }
    document = json_new();
    return document && json_add_string(document, "event", event) &&
           json_add_string(document, "name", writing->plan->name) &&
           json_add_string(document, "file", writing->file) &&
           json_add_string(document, "secret_file", writing->secret_file) &&
           (!dry || json_add_string(document, "text", writing->text)) && output_json(document);
}

int connection_write(struct cli *cli, const struct connection_plan *plan)
{
    CLEANUP(cleanup_writing)
    struct writing writing = {.cli = cli, .plan = plan, .folder = -1, .connections = -1, .secrets = -1};
    char *check[] = {(char[]){"check"}, NULL, NULL};
    AUTO_FREE char *name = strdup(plan->name);
    int status = prepare(&writing);
    bool recorded;

    if (status != 0 || !name)
        return EXIT_REFUSED;
    if (plan->dry_run)
        return tell(&writing, "dry_run") ? 0 : EXIT_REFUSED;
    if (!folders_find_users(cli, &writing.users))
        return EXIT_USAGE;
    if (!write_whole(&writing))
        return EXIT_REFUSED;
    recorded = connection_record(cli, plan->event, plan->name, writing.file);
    if (!tell(&writing, plan->event) || !recorded)
        status = EXIT_REFUSED;
    if (!plan->check)
        return status;
    check[1] = name;
    status = check_command(cli, 2, check);
    return status == 0 && !recorded ? EXIT_REFUSED : status;
}
