/* SPDX-License-Identifier: BSD-2-Clause */
/* `frontdesk connection add`. A secret is never an argument: everybody can read those. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/connection/connection.h"
#include "cli/connection/connection_write.h"
#include "cli/output.h"

bool connection_read_stdin_secret(bool is_key, struct secret *ret_secret)
{
    char buffer[CLIENT_SECRET_MAX + 2];
    size_t used = 0;
    ssize_t n = 1;
    bool read_whole;

    while (used < sizeof buffer && n > 0) {
        do
            n = read(STDIN_FILENO, buffer + used, sizeof buffer - used);
        while (n < 0 && errno == EINTR);
        used += n > 0 ? (size_t)n : 0;
    }
    if (used > 0 && buffer[used - 1] == '\n' && !is_key)
        used--;
    read_whole = n == 0 && used > 0 && used <= CLIENT_SECRET_MAX && !memchr(buffer, '\0', used) &&
                 (is_key || client_secret_is_line(buffer, used));
    if (!read_whole)
        output_error("standard input holds no client secret: %s, at most %d bytes",
                     is_key ? "a key in PEM" : "one line", CLIENT_SECRET_MAX);
    else if (!secret_copy(buffer, used, ret_secret))
        read_whole = false;
    explicit_bzero(buffer, sizeof buffer);
    return read_whole;
}

static bool wants_key(const struct draft *draft)
{
    const char *method = draft_get(draft, "client_auth_method");

    return method && strcmp(method, "private_key_jwt") == 0;
}

/* Whoever names no service means: not yet. */
static bool complete(struct draft *draft)
{
    AUTO_FREE char *why = NULL;

    if (draft_get(draft, "services") || draft_add(draft, "services", "", &why))
        return true;
    output_error("%s", why ? why : "no memory");
    return false;
}

int connection_add(struct cli *cli, struct connection_options *options)
{
    AUTO_SECRET struct secret secret = {0};
    const struct connection_plan plan = {.name = options->name,
                                         .event = "connection_add",
                                         .draft = &options->draft,
                                         .secret = &secret,
                                         .dry_run = options->dry_run,
                                         .check = !options->no_check};
    int status;

    if (options->secret_stdin && !connection_read_stdin_secret(wants_key(&options->draft), &secret))
        return EXIT_USAGE;
    status = connection_ask(&options->draft, !options->secret_stdin, &secret);
    if (status != 0)
        return status;
    return complete(&options->draft) ? connection_write(cli, &plan) : EXIT_REFUSED;
}
