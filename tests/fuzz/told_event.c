/* SPDX-License-Identifier: BSD-2-Clause */
/* An event on a hook program's standard input: what is taken is whole, and its id may stand in a header. */
#include "hooks/told_event.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"
#include "hooks/hook_questions.h"

static void judge_taken(const struct told_event *event, const uint8_t *data, size_t size)
{
    const size_t length = strlen(event->text);

    FUZZ_CHECK(length <= size && memcmp(event->text, data, length) == 0);
    FUZZ_CHECK(event->id[0] != '\0' && strlen(event->id) < HOOK_EVENT_ID_SIZE);
    for (const char *c = event->id; *c != '\0'; c++)
        FUZZ_CHECK((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
                   *c == '-' || *c == '_');
    FUZZ_CHECK(strlen(event->time) == TOLD_TIME_SIZE - 1 &&
               strlen(event->checked_in_at) == TOLD_TIME_SIZE - 1);
    FUZZ_CHECK(strspn(event->time, "0123456789-T:Z") == strlen(event->time));
    FUZZ_CHECK(!event->email || event->email[0] != '\0');
    FUZZ_CHECK(memmem(data, size, "version", strlen("version")) || memchr(data, '\\', size));
}

static void judge(const uint8_t *data, size_t size)
{
    struct told_event event = {0};
    const char *why = NULL;
    const char *path = fuzz_file("event", data, size);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        FUZZ_CHECK(faults_fired());
        return;
    }
    if (told_event_read(fd, &event, &why)) {
        FUZZ_CHECK(!why);
        judge_taken(&event, data, size);
        fuzz_note_good();
    } else
        FUZZ_CHECK(why && !event.text && !event.document);
    told_event_clear(&event);
    (void)close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
