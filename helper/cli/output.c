/* SPDX-License-Identifier: BSD-2-Clause */
/* See output.h. */
#include "cli/output.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "frontdesk/member_text.h"
#include "log.h"

__attribute__((format(printf, 1, 0))) static void print_error(const char *format, va_list arguments)
{
    (void)fflush(stdout);
    (void)fputs("frontdesk: ", stderr);
    (void)vfprintf(stderr, format, arguments);
}

void output_error(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    print_error(format, arguments);
    va_end(arguments);
    (void)fputc('\n', stderr);
}

int output_usage_error(const char *command, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    print_error(format, arguments);
    va_end(arguments);
    (void)fprintf(stderr, " (see `frontdesk %s%s--help`)\n", command, command[0] ? " " : "");
    return EXIT_USAGE;
}

bool output_json(const struct json_document *document)
{
    AUTO_FREE char *text = document ? json_print(json_top(document)) : NULL;

    return text && puts(text) >= 0 && fflush(stdout) == 0;
}

const char *output_text(const char *foreign, char *buffer, size_t size)
{
    if (foreign && text_is_printable(foreign, strlen(foreign)))
        return foreign;
    return log_text(foreign, buffer, size);
}
