/* SPDX-License-Identifier: BSD-2-Clause */
/* It logs to standard error, from where frontdesk-hooks takes it into the log. */
#include "hooks/hook_program.h"

#include <syslog.h>
#include <unistd.h>

#include "clock.h"
#include "command_line.h"
#include "daemon.h"

static const struct option known_options[] = {
    {"config", required_argument, NULL, 'c'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'v'},
    {NULL, 0, NULL, 0},
};

static void print_usage(FILE *to, const struct command_line *line)
{
    const struct hook_face *face = line->face;

    (void)fprintf(to,
                  "Usage: %s [--config=FILE] <EVENT\n%s\n\n"
                  "  --config=FILE   settings (default %s)\n"
                  "  --help, --version\n",
                  face->program, face->summary, face->config);
    if (to == stdout)
        hook_table_print(face->table);
}

static bool take_option(void *config, int option, const char *value)
{
    return option == 'c' && command_line_take_path(value, config);
}

/* False: *ret_status is the exit status. */
static bool read_options(int argc, char **argv, const struct hook_face *face, const char **ret_config,
                         int *ret_status)
{
    const struct command_line line = {.program = face->program,
                                      .known = known_options,
                                      .take = take_option,
                                      .print_usage = print_usage,
                                      .face = face,
                                      .status_if_bad = HOOK_USAGE};
    const char *config = face->config;

    if (!command_line_read(&line, argc, argv, &config, ret_status))
        return false;
    *ret_config = config;
    return true;
}

bool hook_program_begin(int argc, char **argv, const struct hook_face *face, void *record,
                        struct told_event *ret_event, int *ret_status)
{
    const struct daemon_face daemon = {.program = face->program};
    const struct daemon_options options = {.log = LOG_TO_STDERR};
    AUTO_FREE char *why = NULL;
    const char *config, *fault;

    if (!read_options(argc, argv, face, &config, ret_status))
        return false;
    (void)daemon_begin(&daemon, &options);
    if (!secret_forbid_dumps()) {
        *ret_status = HOOK_LATER;
        return false;
    }
    if (!hook_file_read(config, face->table, record, &why)) {
        log_line(LOG_ERR, "%s", why ? why : "out of memory");
        *ret_status = HOOK_CONFIG;
        return false;
    }
    if (told_event_read(STDIN_FILENO, ret_event, &fault))
        return true;
    log_line(LOG_ERR, "standard input holds no event: %s", fault);
    *ret_status = HOOK_NEVER;
    return false;
}

enum hook_status hook_status_of(long http_status)
{
    static const long later[] = {401, 403, 404, 408, 425, 429};

    if (http_status / 100 == 2)
        return HOOK_TOLD;
    for (size_t i = 0; i < sizeof later / sizeof later[0]; i++)
        if (http_status == later[i])
            return HOOK_LATER;
    return http_status / 100 == 4 ? HOOK_NEVER : HOOK_LATER;
}
