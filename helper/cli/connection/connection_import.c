/* SPDX-License-Identifier: BSD-2-Clause */
/* `frontdesk connection import` and `export`: what Auth0 knows as an enterprise connection, and back. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/connection/connection.h"
#include "cli/connection/connection_write.h"
#include "cli/output.h"
#include "config/config_trace.h"
#include "connection/auth0_export.h"
#include "connection/auth0_import.h"

/* The body may hold a secret. Length 0: said why, or it was empty. */
static bool read_body(const char *file, struct secret *ret_body)
{
    const bool is_stdin = strcmp(file, "-") == 0;
    const int fd = is_stdin ? dup(STDIN_FILENO) : open(file, O_RDONLY | O_NOCTTY | O_CLOEXEC);
    AUTO_FCLOSE FILE *stream = fd >= 0 ? fdopen(fd, "re") : NULL;
    char *buffer = stream ? malloc(AUTH0_BODY_MAX + 1) : NULL;
    size_t length;
    bool read_whole;

    if (!buffer) {
        output_error("%s: %s", file, strerror(errno));
        if (fd >= 0 && !stream)
            (void)close(fd);
        return false;
    }
    (void)setvbuf(stream, NULL, _IONBF, 0);
    length = fread(buffer, 1, AUTH0_BODY_MAX + 1, stream);
    read_whole = !ferror(stream) && secret_copy(buffer, length, ret_body);
    if (!read_whole)
        output_error("%s: cannot be read", file);
    explicit_bzero(buffer, length);
    free(buffer);
    return read_whole;
}

static bool print_note_json(const struct auth0_note *note)
{
    AUTO_JSON struct json_document *document = json_new();

    return document && json_add_string(document, "event", "field") &&
           json_add_string(document, "field", note->field) &&
           json_add_string(document, "fate", auth0_fate_name(note->fate)) &&
           json_add_string(document, "text", note->why) && output_json(document);
}

static void print_notes(const struct cli *cli, const struct auth0_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++) {
        const struct auth0_note *note = &notes->notes[i];
        char field[300], why[600];

        if (cli->json)
            (void)print_note_json(note);
        else
            (void)fprintf(stderr, "%-10s %-44s %s\n", auth0_fate_name(note->fate),
                          output_text(note->field, field, sizeof field),
                          output_text(note->why, why, sizeof why));
    }
}

static bool note(struct auth0_import *import, const char *field, const char *why)
{
    return auth0_note(&import->notes, AUTH0_LOST, field, "%s", why);
}

/* What options say goes before what the body says. */
static bool add_to(struct draft *draft, const char *key, const char *value)
{
    AUTO_FREE char *why = NULL;

    if (draft_add(draft, key, value, &why))
        return true;
    output_error("%s", why ? why : "no memory");
    return false;
}

static bool merge(struct draft *draft, const struct auth0_import *import)
{
    for (size_t i = 0; i < import->draft.count; i++)
        if (!draft_get(draft, import->draft.lines[i].name) &&
            !add_to(draft, import->draft.lines[i].name, import->draft.lines[i].value))
            return false;
    return true;
}

/* Where the body leaves off: nothing is enabled that cannot work, and nothing served that nobody named. */
static bool complete(struct draft *draft, struct auth0_import *import)
{
    if (import->missing && !draft_get(draft, "device_authorization_endpoint")) {
        AUTO_FREE char *why = NULL;

        if (asprintf(&why,
                     "INCOMPLETE: the body's endpoints lack %s. It is written disabled: type them in, or let "
                     "discovery say them (see `frontdesk check`), then enable it",
                     import->missing) < 0)
            return false;
        if (!note(import, "options", why) ||
            (!draft_get(draft, "enabled") && !add_to(draft, "enabled", "no")))
            return false;
    }
    if (draft_get(draft, "services"))
        return true;
    return note(import, "services",
                "none is named, so it serves none yet: name PAM services with --service") &&
           add_to(draft, "services", "");
}

/* The secret of the options, or else the body's. */
static bool choose_secret(const struct connection_options *options, struct auth0_import *import)
{
    const char *method = draft_get(&options->draft, "client_auth_method");
    const bool is_key = method && strcmp(method, "private_key_jwt") == 0;

    if (draft_get(&options->draft, "client_secret_file")) {
        secret_erase(&import->client_secret);
        return true;
    }
    if (options->secret_stdin) {
        secret_erase(&import->client_secret);
        return connection_read_stdin_secret(is_key, &import->client_secret);
    }
    /* What the body calls a secret is none of these keys. */
    if (is_key)
        secret_erase(&import->client_secret);
    if (!method || import->client_secret.length > 0 || strcmp(method, "auto") == 0 ||
        strcmp(method, "none") == 0)
        return true;
    output_error("the body holds no %s, and %s needs one: give it with --client-secret-file or "
                 "--client-secret-stdin",
                 is_key ? "private key" : "client_secret", method);
    return false;
}

static int import_body(struct cli *cli, struct connection_options *options, struct auth0_import *import)
{
    const struct connection_plan plan = {.name = options->name ? options->name : import->name,
                                         .event = "connection_import",
                                         .draft = &options->draft,
                                         .secret = &import->client_secret,
                                         .dry_run = options->dry_run,
                                         .check = !options->no_check};
    const bool whole = merge(&options->draft, import) && complete(&options->draft, import);

    print_notes(cli, &import->notes);
    if (!whole || !choose_secret(options, import))
        return EXIT_REFUSED;
    if (!plan.name) {
        output_error("the body has no name for the file: `frontdesk connection import NAME %s`",
                     options->file);
        return EXIT_REFUSED;
    }
    return connection_write(cli, &plan);
}

int connection_import(struct cli *cli, struct connection_options *options)
{
    AUTO_SECRET struct secret body = {0};
    struct auth0_import import;
    AUTO_FREE char *why = NULL;
    int status;

    if (options->secret_stdin && strcmp(options->file, "-") == 0)
        return output_usage_error("connection", "standard input can be the body or the secret, not both");
    if (!read_body(options->file, &body))
        return EXIT_USAGE;
    if (!auth0_import(body.bytes, body.length, &import, &why)) {
        char shown[512];

        output_error("%s: %s; nothing was written", options->file,
                     output_text(why ? why : "no memory", shown, sizeof shown));
        return EXIT_REFUSED;
    }
    status = import_body(cli, options, &import);
    auth0_import_clear(&import);
    return status;
}

/* Typed settings that the body has no place for, each once. */
static void tell_lost(const struct config_trace *trace)
{
    const struct setting *last = NULL;
    const char *why;

    for (size_t i = 0; i < trace->count; i++) {
        const struct trace_line *line = &trace->lines[i];

        if (line->from == TRACE_FILE && line->setting != last && !auth0_has_place(line->setting->key, &why))
            (void)fprintf(stderr, "%-10s %-26s %s\n", auth0_fate_name(AUTH0_LOST), line->setting->key, why);
        last = line->setting;
    }
}

int connection_export(struct cli *cli, struct connection_options *options)
{
    const struct connection *connection;
    struct config *config = connection_find(cli, options->name, &connection);
    AUTO_JSON struct json_document *body = NULL;
    struct config_trace trace;
    bool told;

    if (!config)
        return EXIT_REFUSED;
    body = auth0_export(connection);
    told = body && output_json(body);
    if (told && config_trace_read(cli->config_dir, cli->vendor_dir, options->name, &trace)) {
        tell_lost(&trace);
        config_trace_free(&trace);
    }
    config_unref(config);
    return told ? 0 : EXIT_REFUSED;
}
