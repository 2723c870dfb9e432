/* SPDX-License-Identifier: BSD-2-Clause */
/* A name from a claim: of the grammar, a part of the claim, and never a system's own. */
#include "members/map_name.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"

static char plain[] = "([a-z]+)", domain[] = "^([^@]+)@acme[.]com$", any[] = "(.*)", none[] = "x(y)?.*",
            nested[] = "^(([a-z]+)[.]?)+@acme[.]com$", words[] = "^([[:alpha:]_]+)([0-9]*)$",
            broken[] = "([a-z";
static char *const expressions[] = {NULL, plain, domain, any, none, nested, words, broken};

static void judge(const uint8_t *data, size_t size)
{
    char *claim =
        size > 0 ? fuzz_text(data + 1, size - 1 < CLAIM_TEXT_MAX ? size - 1 : CLAIM_TEXT_MAX) : NULL;
    const struct connection connection = {
        .username_regex = expressions[size > 0 ? data[0] % (sizeof expressions / sizeof expressions[0]) : 0]};
    const struct identity identity = {.username = claim};
    char name[MEMBER_NAME_MAX + 1] = "untouched!";
    const enum reason reason = map_name(&connection, &identity, name);

    if (reason == REASON_OK) {
        fuzz_note_good();
        FUZZ_CHECK(claim && member_name_is_valid(name, strlen(name)) && !member_name_is_reserved(name));
        FUZZ_CHECK(strstr(claim, name) && (connection.username_regex || strcmp(claim, name) == 0));
        FUZZ_CHECK(name[0] != '-' && name[0] != '.' && !strchr(name, '/') && !strchr(name, ':'));
    } else {
        FUZZ_CHECK(strcmp(name, "untouched!") == 0);
        FUZZ_CHECK(reason == REASON_USERNAME_CLAIM_MISSING || reason == REASON_USERNAME_REGEX ||
                   reason == REASON_NAME_INVALID || reason == REASON_NAME_RESERVED);
    }
    free(claim);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
