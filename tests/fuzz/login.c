/* SPDX-License-Identifier: BSD-2-Clause */
/* LOGIN as the helper reads it: what is accepted is written back the same. */
#include "login.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/lib/fuzz.h"

static void judge(const uint8_t *data, size_t size)
{
    uint8_t *packet = fuzz_copy(data, size), again[PROTOCOL_PACKET_MAX];
    struct login login = {.timeout_s = 77};
    const enum reason reason = login_parse(packet, size, &login);

    if (reason == REASON_OK) {
        fuzz_note_good();
        FUZZ_CHECK(login.phase >= PHASE_AUTH && login.phase <= PHASE_CLOSE_SESSION);
        FUZZ_CHECK((login.flags & ~(unsigned)LOGIN_FLAGS_ALL) == 0 && login.service[0] != '\0');
        FUZZ_CHECK(login.timeout_s >= 1 && login.timeout_s <= PROTOCOL_TIMEOUT_MAX_S);
        FUZZ_CHECK(login_write(&login, again, sizeof again) == size && memcmp(again, data, size) == 0);
        FUZZ_CHECK(login_write(&login, again, size - 1) == 0);
        (void)login_is_remote(&login);
    } else {
        FUZZ_CHECK(reason == REASON_VERSION || reason == REASON_PROTOCOL);
        FUZZ_CHECK(login.timeout_s == 77 && login.service[0] == '\0');
    }
    free(packet);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
