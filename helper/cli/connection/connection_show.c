/* SPDX-License-Identifier: BSD-2-Clause */
/* `frontdesk connection show`: what counts, and which line or default says so. Never a secret: only whether
 * the keeper can read it. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/connection/connection.h"
#include "cli/folders.h"
#include "cli/output.h"
#include "config/config_trace.h"
#include "connection/presets.h"

#define WHY_MAX 512

struct showing {
    const struct cli *cli;
    const struct config *config;
    const struct connection *connection;
    struct config_trace trace;
    char secret[WHY_MAX]; /* a sentence; "" without one */
};

/* The whole path to the secret, tried as the user who will have to read it. */
static void try_secret(const struct cli *cli, const struct connection *connection, char ret_words[WHY_MAX])
{
    AUTO_CLOSE int from = -1;
    struct cli_users users;
    int ends[2];
    pid_t pid;
    ssize_t n;

    ret_words[0] = '\0';
    if (!connection->client_secret_file || !folders_find_users(cli, &users) || pipe(ends) != 0)
        return;
    pid = fork();
    if (pid == 0) {
        struct secret secret = {0};
        char *why = NULL;
        const bool read =
            (!users.drop || users_become(&users.keeper)) && connection_read_secret(connection, &secret, &why);
        const char *words = read ? "it can be read, by nobody else" : why ? why : "it cannot be read";

        secret_erase(&secret);
        (void)!write(ends[1], words, strlen(words));
        _exit(0);
    }
    from = ends[0];
    (void)close(ends[1]);
    n = pid > 0 ? read(from, ret_words, WHY_MAX - 1) : 0;
    ret_words[n > 0 ? n : 0] = '\0';
    if (pid > 0)
        (void)waitpid(pid, NULL, 0);
}

/* As it was understood, where that is not as it was written. */
static const char *value_of(const struct showing *showing, const struct trace_line *line)
{
    const char *key = line->setting->key;

    if (strcmp(key, "issuer") == 0)
        return showing->connection->issuer;
    return strcmp(key, "okta_domain") == 0 ? showing->connection->okta_domain : line->value;
}

/* "FILE:LINE", "preset okta", "default"; "" when it is not set. */
static void describe_origin(const struct showing *showing, const struct trace_line *line, char *text,
                            size_t size)
{
    const bool made = strcmp(line->setting->key, "issuer") == 0 && line->from == TRACE_UNSET;

    text[0] = '\0';
    if (line->from == TRACE_FILE)
        (void)snprintf(text, size, "%s:%u", line->file, line->line);
    else if (line->from == TRACE_PRESET)
        (void)snprintf(text, size, "preset %s", showing->connection->preset->name);
    else if (line->from == TRACE_DEFAULT)
        (void)snprintf(text, size, "default");
    else if (made)
        (void)snprintf(text, size, "made of okta_domain");
}

static bool print_lines(const struct showing *showing)
{
    bool printed = true;

    for (size_t i = 0; i < showing->trace.count; i++) {
        const struct trace_line *line = &showing->trace.lines[i];
        const char *value = value_of(showing, line);
        char origin[600], shown[1200];

        describe_origin(showing, line, origin, sizeof origin);
        printed = printf("%-30s %-40s %s\n", line->setting->key,
                         value ? output_text(value, shown, sizeof shown) : "-", origin) > 0 &&
                  printed;
    }
    return printed;
}

/* Of this connection's files, or of the folder of its drop-ins. */
static bool is_ours(const struct showing *showing, const struct config_fault *notice)
{
    for (size_t i = 0; i < showing->trace.texts.count; i++)
        if (strcmp(showing->trace.texts.sources[i].file, notice->file) == 0)
            return true;
    return false;
}

static bool print_text(const struct showing *showing)
{
    char shown[1024];
    bool printed = print_lines(showing);

    if (showing->secret[0])
        printed =
            printf("\nclient secret: %s\n", output_text(showing->secret, shown, sizeof shown)) > 0 && printed;
    for (size_t i = 0; i < showing->config->notice_count; i++) {
        const struct config_fault *notice = &showing->config->notices[i];

        if (is_ours(showing, notice))
            printed = printf("note: %s:%u: %s\n", notice->file, notice->line,
                             output_text(notice->why, shown, sizeof shown)) > 0 &&
                      printed;
    }
    return printed;
}

/* The next value of a repeated key goes behind the last one, in a line of its own. */
static bool add_value(struct json_document *settings, const struct showing *showing, size_t *i)
{
    const struct trace_line *line = &showing->trace.lines[*i];
    AUTO_JSON struct json_document *entry = json_new();
    const char *value = value_of(showing, line);
    AUTO_FREE char *whole = value ? strdup(value) : NULL;
    char origin[600];

    for (; *i + 1 < showing->trace.count && line[1].setting == line->setting; ++*i, line++) {
        char *longer = setting_sentence("%s\n%s", whole ? whole : "", line[1].value);

        free(whole);
        whole = longer;
    }
    line = config_trace_find(&showing->trace, line->setting->key);
    describe_origin(showing, line, origin, sizeof origin);
    if (!entry || !json_add_string(entry, "value", whole) || !json_add_string(entry, "from", origin))
        return false;
    if (line->from == TRACE_FILE &&
        (!json_add_string(entry, "file", line->file) || !json_add_integer(entry, "line", line->line)))
        return false;
    return json_add_object(settings, line->setting->key, json_top(entry));
}

static bool print_json(const struct showing *showing)
{
    AUTO_JSON struct json_document *document = json_new(), *settings = json_new();
    AUTO_FREE char **notices = calloc(showing->config->notice_count + 1, sizeof *notices);
    size_t count = 0;
    bool whole = document && settings && notices;

    for (size_t i = 0; whole && i < showing->trace.count; i++)
        whole = add_value(settings, showing, &i);
    for (size_t i = 0; whole && i < showing->config->notice_count; i++)
        if (is_ours(showing, &showing->config->notices[i]))
            notices[count++] = showing->config->notices[i].why;
    return whole && json_add_string(document, "name", showing->connection->name) &&
           json_add_object(document, "settings", json_top(settings)) &&
           json_add_string(document, "secret", showing->secret[0] ? showing->secret : NULL) &&
           json_add_strings(document, "notices", notices) && output_json(document);
}

int connection_show(struct cli *cli, struct connection_options *options)
{
    struct showing showing = {.cli = cli};
    struct config *config = connection_find(cli, options->name, &showing.connection);
    bool printed;

    if (!config)
        return EXIT_REFUSED;
    showing.config = config;
    if (!config_trace_read(cli->config_dir, cli->vendor_dir, options->name, &showing.trace)) {
        output_error("the files of `%s` cannot be read", options->name);
        config_unref(config);
        return EXIT_REFUSED;
    }
    try_secret(cli, showing.connection, showing.secret);
    printed = cli->json ? print_json(&showing) : print_text(&showing);
    config_trace_free(&showing.trace);
    config_unref(config);
    return printed ? 0 : EXIT_REFUSED;
}
