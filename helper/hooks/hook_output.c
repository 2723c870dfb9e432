/* SPDX-License-Identifier: BSD-2-Clause */
/* All of it is read, so that no program waits for us; a part of it is kept. */
#include "hooks/hook_output.h"

#include <string.h>
#include <syslog.h>
#include <unistd.h>

#define LINES_MAX  20   /* of one run, into the log */
#define CHUNK      4096 /* bytes */
#define ROUNDS_MAX 64   /* chunks, before others have their turn */

static void end_line(struct hook_output *output)
{
    if (output->length == 0)
        return;
    output->line[output->length] = '\0';
    memcpy(output->last, output->line, output->length + 1);
    output->length = 0;
    if (output->lines++ < LINES_MAX)
        log_line(LOG_INFO, "event %s: the program says: %s", output->event_id, output->last);
}

static void take_byte(struct hook_output *output, char byte)
{
    if (byte == '\n')
        end_line(output);
    else if (output->length < LOG_STRING_MAX)
        output->line[output->length++] = byte == '\0' ? '?' : byte;
}

void hook_output_take(struct hook_output *output, int fd)
{
    char chunk[CHUNK];
    ssize_t n = 1;

    for (unsigned round = 0; n > 0 && round < ROUNDS_MAX; round++) {
        n = read(fd, chunk, sizeof chunk);
        for (ssize_t i = 0; i < n; i++)
            take_byte(output, chunk[i]);
    }
}

void hook_output_end(struct hook_output *output)
{
    end_line(output);
    if (output->lines > LINES_MAX)
        log_line(LOG_INFO, "event %s: and %u lines more", output->event_id, output->lines - LINES_MAX);
}
