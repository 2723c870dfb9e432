/* SPDX-License-Identifier: BSD-2-Clause */
/* One line, one call: made harmless here, so that no caller has to remember it. */
#include "log.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

/* Set once at start, by the program; a library has nothing to say of it. */
static struct {
    const char *program;
    enum log_target target;
    bool debug;
} state = {.program = "frontdesk", .target = LOG_TO_STDERR};

void log_open(const char *program, enum log_target target)
{
    state.program = program;
    state.target = target;
    if (target == LOG_TO_SYSLOG)
        openlog(program, LOG_PID | LOG_NDELAY, LOG_AUTHPRIV);
}

void log_set_debug(bool debug)
{
    state.debug = debug;
}

/* Never leaves half an escape behind: what does not fit whole is cut and said so. */
static void make_harmless(const char *text, char *ret_text, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    static const char cut[] = "...";
    size_t used = 0, last_fit = 0;

    if (size == 0)
        return;
    for (; *text != '\0'; text++) {
        const uint8_t byte = (uint8_t)*text;
        const bool plain = byte >= 0x20 && byte <= 0x7e;
        const size_t needed = plain ? 1 : 4;

        if (used + sizeof cut <= size)
            last_fit = used;
        if (used + needed + 1 > size) {
            used = last_fit;
            if (size >= sizeof cut) {
                memcpy(ret_text + used, cut, sizeof cut - 1);
                used += sizeof cut - 1;
            }
            break;
        }
        if (plain) {
            ret_text[used++] = (char)byte;
        } else {
            ret_text[used++] = '\\';
            ret_text[used++] = 'x';
            ret_text[used++] = digits[byte >> 4];
            ret_text[used++] = digits[byte & 15];
        }
    }
    ret_text[used] = '\0';
}

const char *log_text(const char *foreign, char *buffer, size_t size)
{
    make_harmless(foreign ? foreign : "", buffer, size > LOG_STRING_MAX ? LOG_STRING_MAX + 1 : size);
    return buffer;
}

/* One write, so that lines of several processes do not mix. */
static void write_stderr(const char *line)
{
    char text[LOG_LINE_MAX + 64];
    const int n = snprintf(text, sizeof text, "%.48s: %s\n", state.program, line);

    if (n > 0)
        (void)!write(STDERR_FILENO, text, (size_t)n);
}

void log_to_syslog(int level, const char *line)
{
    char harmless[LOG_LINE_MAX + 1];

    make_harmless(line, harmless, sizeof harmless);
    syslog(LOG_AUTHPRIV | level, "%s", harmless);
}

void log_line(int level, const char *format, ...)
{
    char raw[LOG_LINE_MAX * 2], line[LOG_LINE_MAX + 1];
    va_list arguments;

    if (level == LOG_DEBUG && !state.debug)
        return;
    va_start(arguments, format);
    if (vsnprintf(raw, sizeof raw, format, arguments) < 0)
        raw[0] = '\0';
    va_end(arguments);
    make_harmless(raw, line, sizeof line);
    if (state.target == LOG_TO_SYSLOG)
        syslog(level, "%s", line);
    else
        write_stderr(line);
}
