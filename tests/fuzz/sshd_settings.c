/* SPDX-License-Identifier: BSD-2-Clause */
/* What `sshd -T` prints: a way in counts as open only where a line says "yes" to it. */
#include "cli/check/sshd_settings.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/lib/fuzz.h"

static void judge(const uint8_t *data, size_t size)
{
    struct sshd_settings settings = {0};
    char *text = fuzz_text(data, size), *rest = text, *line;

    while ((line = strsep(&rest, "\n")) != NULL)
        sshd_settings_take(line, &settings);
    free(text);
    if (settings.any)
        fuzz_note_good();
    FUZZ_CHECK(!settings.pam || settings.any);
    FUZZ_CHECK(!settings.any || memmem(data, size, "usepam", strlen("usepam")));
    FUZZ_CHECK(!(settings.pam || settings.keyboard_interactive || settings.password || settings.use_dns) ||
               memmem(data, size, "yes", 3));
    FUZZ_CHECK(!settings.use_dns || memmem(data, size, "usedns", strlen("usedns")));
    FUZZ_CHECK(!settings.password ||
               memmem(data, size, "passwordauthentication", strlen("passwordauthentication")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
