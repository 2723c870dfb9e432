/* SPDX-License-Identifier: BSD-2-Clause */
/* A slot for each connection at most: more files cannot be named. */
#include "http/trust_shelf.h"

#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "log.h"
#include "trusted_path.h"

struct place {
    bool used;
    char *ca_file;           /* NULL: the system's */
    struct tls_trust *trust; /* NULL: could not be read, and was logged */
};

struct trust_shelf {
    struct place places[CONFIG_CONNECTIONS_MAX];
};

struct trust_shelf *trust_shelf_new(void)
{
    return calloc(1, sizeof(struct trust_shelf));
}

static void place_clear(struct place *place)
{
    tls_trust_free(place->trust);
    free(place->ca_file);
    *place = (struct place){0};
}

void trust_shelf_free(struct trust_shelf *shelf)
{
    if (!shelf)
        return;
    for (size_t i = 0; i < CONFIG_CONNECTIONS_MAX; i++)
        place_clear(&shelf->places[i]);
    free(shelf);
}

static bool same_file(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static struct place *place_of(struct trust_shelf *shelf, const char *ca_file)
{
    for (size_t i = 0; i < CONFIG_CONNECTIONS_MAX; i++)
        if (shelf->places[i].used && same_file(shelf->places[i].ca_file, ca_file))
            return &shelf->places[i];
    return NULL;
}

static struct place *place_free(struct trust_shelf *shelf)
{
    for (size_t i = 0; i < CONFIG_CONNECTIONS_MAX; i++)
        if (!shelf->places[i].used)
            return &shelf->places[i];
    return NULL;
}

static void load(struct place *place, bool is_news)
{
    struct path_fault fault;
    const char *error = "";

    tls_trust_free(place->trust);
    place->trust = tls_trust_load(place->ca_file, &error);
    if (!place->trust && is_news && place->ca_file && !path_is_trusted(place->ca_file, &fault))
        log_line(LOG_ERR, "certificates in %s cannot be used: %s %s", place->ca_file, fault.where, fault.why);
    else if (!place->trust && is_news)
        log_line(LOG_ERR, "certificates in %s cannot be used: %s",
                 place->ca_file ? place->ca_file : "the system's bundle", error);
}

static void want(struct trust_shelf *shelf, const char *ca_file)
{
    struct place *place = place_of(shelf, ca_file);
    struct path_fault fault;

    if (!place) {
        char *copy = ca_file ? strdup(ca_file) : NULL;

        place = place_free(shelf);
        if (!place || (ca_file && !copy)) {
            free(copy);
            return;
        }
        *place = (struct place){.used = true, .ca_file = copy};
        load(place, true);
    } else if (!place->trust) {
        load(place, false);
    } else if (tls_trust_changed(place->trust) || (ca_file && !path_is_trusted(ca_file, &fault))) {
        load(place, true);
    }
}

static bool is_named(const struct config *config, const char *ca_file)
{
    for (size_t i = 0; i < config->connection_count; i++)
        if (config->connections[i].enabled && same_file(config->connections[i].ca_file, ca_file))
            return true;
    return false;
}

void trust_shelf_refresh(struct trust_shelf *shelf, const struct config *config)
{
    for (size_t i = 0; i < CONFIG_CONNECTIONS_MAX; i++)
        if (shelf->places[i].used && !is_named(config, shelf->places[i].ca_file))
            place_clear(&shelf->places[i]);
    for (size_t i = 0; i < config->connection_count; i++)
        if (config->connections[i].enabled)
            want(shelf, config->connections[i].ca_file);
}

const struct tls_trust *trust_shelf_find(void *shelf, const char *ca_file)
{
    const struct place *place = place_of(shelf, ca_file);

    return place ? place->trust : NULL;
}
