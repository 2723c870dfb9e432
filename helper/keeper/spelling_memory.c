/* SPDX-License-Identifier: BSD-2-Clause */
/* A short array that is walked. The digest stands for the secret, so that no second copy of it is kept. */
#include "keeper/spelling_memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void spelling_registration(const struct connection *connection, const struct secret *secret,
                           char ret_registration[HASH_SHA256_TEXT_SIZE])
{
    const char *bytes = secret->bytes ? secret->bytes : "";
    const size_t size = strlen(connection->name) + strlen(connection->issuer) +
                        strlen(connection->client_id) + strlen(bytes) + 4;
    AUTO_ERASE char *whole = malloc(size);

    ret_registration[0] = '\0';
    /* A newline between them: none of them can hold one. */
    if (!whole || snprintf(whole, size, "%s\n%s\n%s\n%s", connection->name, connection->issuer,
                           connection->client_id, bytes) < 0)
        return;
    if (!hash_sha256_text(whole, ret_registration, HASH_SHA256_TEXT_SIZE))
        ret_registration[0] = '\0';
}

/* CONFIG_CONNECTIONS_MAX: there is none. */
static size_t find(const struct spelling_memory *memory, const char *registration)
{
    size_t i = 0;

    while (i < CONFIG_CONNECTIONS_MAX && strcmp(memory->entries[i].registration, registration) != 0)
        i++;
    return i;
}

void spelling_remember(struct spelling_memory *memory, const char *registration,
                       enum client_spelling spelling)
{
    size_t i = find(memory, registration);

    if (registration[0] == '\0')
        return;
    if (i == CONFIG_CONNECTIONS_MAX) {
        i = memory->next;
        memory->next = (i + 1) % CONFIG_CONNECTIONS_MAX;
    }
    (void)snprintf(memory->entries[i].registration, HASH_SHA256_TEXT_SIZE, "%s", registration);
    memory->entries[i].spelling = spelling;
}

enum client_spelling spelling_of(const struct spelling_memory *memory, const char *registration)
{
    const size_t i = registration[0] == '\0' ? CONFIG_CONNECTIONS_MAX : find(memory, registration);

    return i < CONFIG_CONNECTIONS_MAX ? memory->entries[i].spelling : CLIENT_SPELLING_FORM;
}
