/* SPDX-License-Identifier: BSD-2-Clause */
/* Auth0's connection objects: each line of an import is one that a file of ours may have, and no secret is in
 * it. */
#include "connection/auth0_import.h"

#include <stdlib.h>
#include <string.h>

#include "config/config_build.h"
#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"

static void judge_lines(const struct auth0_import *import)
{
    const struct draft *draft = &import->draft;
    struct draft again = {0};

    for (size_t i = 0; i < draft->count; i++) {
        char *why = NULL;

        FUZZ_CHECK(draft_add(&again, draft->lines[i].name, draft->lines[i].value, &why) || faults_fired());
        free(why);
        FUZZ_CHECK(!strpbrk(draft->lines[i].value, "\r\n"));
        /* A secret of some length can be no part of another value by chance. */
        if (import->client_secret.length >= 16)
            FUZZ_CHECK(!strstr(draft->lines[i].value, import->client_secret.bytes) ||
                       strlen(draft->lines[i].value) != import->client_secret.length ||
                       strcmp(draft->lines[i].name, "client_secret") != 0);
    }
    draft_clear(&again);
}

static void judge(const uint8_t *data, size_t size)
{
    char *body = (char *)fuzz_copy(data, size), *why = NULL, *text;
    struct auth0_import import;

    memset(&import, 0x5a, sizeof import);
    if (!auth0_import(body, size, &import, &why)) {
        FUZZ_CHECK(why || faults_fired());
        FUZZ_CHECK(((const unsigned char *)&import)[0] == 0x5a);
        free(why);
        free(body);
        return;
    }
    fuzz_note_good();
    FUZZ_CHECK(!import.name || connection_name_is_valid(import.name));
    for (size_t i = 0; i < import.notes.count; i++)
        FUZZ_CHECK(import.notes.notes[i].field && auth0_fate_name(import.notes.notes[i].fate));
    judge_lines(&import);
    text = draft_text(&import.draft);
    FUZZ_CHECK(text || faults_fired());
    free(text);
    auth0_import_clear(&import);
    free(body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
