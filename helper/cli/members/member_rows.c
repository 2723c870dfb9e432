/* SPDX-License-Identifier: BSD-2-Clause */
/* Unknown fields are refused: a misspelt one would be lost in silence. */
#include "cli/members/member_rows.h"

#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "cli/members/member_csv.h"
#include "cli/members/member_output.h"
#include "config/settings.h"

#define BOM "\xef\xbb\xbf"

struct place {
    struct member_rows *rows;
    struct members_import_row *row;
    unsigned line;
    char **ret_why;
};

static bool refuse(const struct place *place, const char *field, const char *why)
{
    free(*place->ret_why);
    *place->ret_why = setting_sentence("line %u: %s: %s", place->line, field, why);
    return false;
}

static bool parse_id(const char *text, uint32_t *ret_id)
{
    char *end;
    const unsigned long number = strtoul(text, &end, 10);

    if (text[0] < '0' || text[0] > '9' || *end != '\0' || number > UINT32_MAX)
        return false;
    *ret_id = (uint32_t)number;
    return true;
}

static bool parse_state(const char *text, enum member_state *ret_state)
{
    for (int state = MEMBER_INVITED; state <= MEMBER_REMOVED; state++)
        if (strcmp(text, member_state_name((enum member_state)state)) == 0) {
            *ret_state = (enum member_state)state;
            return true;
        }
    return false;
}

static bool parse_truth(const char *text, bool *ret_truth)
{
    *ret_truth = strcmp(text, "yes") == 0 || strcmp(text, "true") == 0;
    return *ret_truth || strcmp(text, "no") == 0 || strcmp(text, "false") == 0;
}

static bool take_text(struct members_import_row *row, const char *field, const char *text)
{
    const struct {
        const char *field, **place;
    } texts[] = {
        {"name", &row->name},           {"email", &row->email},
        {"full_name", &row->full_name}, {"connection", &row->connection},
        {"issuer", &row->issuer},       {"subject", &row->subject},
        {"home", &row->home},           {"shell", &row->shell},
    };

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (strcmp(field, texts[i].field) == 0) {
            *texts[i].place = text;
            return true;
        }
    return false;
}

/* "" is not said. Groups are of the provider's making, and come with the next sign-in. */
static bool take_field(const struct place *place, const char *field, const char *text)
{
    struct members_import_row *row = place->row;

    if (text[0] == '\0' || strcmp(field, "groups") == 0 || take_text(row, field, text))
        return true;
    if (strcmp(field, "uid") == 0)
        return parse_id(text, &row->id) || refuse(place, field, "no id");
    if (strcmp(field, "state") == 0)
        return parse_state(text, &row->state) ||
               refuse(place, field, "no state: invited, active, disabled, removed");
    if (strcmp(field, "email_verified") == 0)
        return parse_truth(text, &row->email_verified) || refuse(place, field, "neither yes nor no");
    if (strcmp(field, "created_at") == 0)
        return member_time_parse(text, &row->created_at) ||
               refuse(place, field, "no time (2030-12-31T23:59:59Z)");
    if (strcmp(field, "last_sign_in_at") == 0)
        return member_time_parse(text, &row->last_sign_in_at) ||
               refuse(place, field, "no time (2030-12-31T23:59:59Z)");
    return refuse(place, field, "no such field");
}

/* A new row, and the list of its former names. False: no memory, or too many. */
static bool add_row(struct place *place)
{
    struct member_rows *rows = place->rows;
    const size_t n = rows->count;

    /* In steps of a power of two: whenever the count is one, it is full. */
    if ((n & (n - 1)) == 0) {
        const size_t size = n == 0 ? 1 : 2 * n;
        void *const longer[] = {reallocarray(rows->rows, size, sizeof *rows->rows),
                                reallocarray(rows->lines, size, sizeof *rows->lines),
                                reallocarray(rows->documents, size, sizeof(struct json_document *)),
                                reallocarray(rows->former, size, sizeof(char **))};

        rows->rows = longer[0] ? longer[0] : rows->rows;
        rows->lines = longer[1] ? longer[1] : rows->lines;
        rows->documents = longer[2] ? longer[2] : rows->documents;
        rows->former = longer[3] ? longer[3] : rows->former;
        if (!longer[0] || !longer[1] || !longer[2] || !longer[3])
            return refuse(place, "row", "no memory");
    }
    if (n >= MEMBER_ROWS_MAX)
        return refuse(place, "row", "too many rows");
    rows->rows[n] = (struct members_import_row){.name = "", .state = MEMBER_ACTIVE};
    rows->lines[n] = place->line;
    rows->documents[n] = NULL;
    rows->former[n] = calloc(FORMER_NAMES_MAX + 1, sizeof(char *));
    rows->count++;
    place->row = &rows->rows[n];
    return rows->former[n] || refuse(place, "row", "no memory");
}

static bool add_former_name(const struct place *place, size_t *count, const char *name)
{
    char **names = place->rows->former[place->rows->count - 1];

    if (*count == FORMER_NAMES_MAX)
        return refuse(place, "former_names", "too many");
    names[*count] = strdup(name);
    if (!names[*count])
        return refuse(place, "former_names", "no memory");
    ++*count;
    return true;
}

static bool take_csv_row(struct place *place, const struct csv_row *header, const struct csv_row *fields)
{
    size_t former = 0;

    if (fields->count != header->count)
        return refuse(place, "row", "not as many fields as the header has");
    if (!add_row(place))
        return false;
    for (size_t i = 0; i < fields->count; i++) {
        char *rest = fields->fields[i], *name;

        if (strcmp(header->fields[i], "former_names") != 0) {
            if (!take_field(place, header->fields[i], fields->fields[i]))
                return false;
            continue;
        }
        while ((name = strsep(&rest, " ")) != NULL)
            if (name[0] != '\0' && !add_former_name(place, &former, name))
                return false;
    }
    return true;
}

static bool read_csv(char *text, struct place *place)
{
    struct csv_reader reader = {.rest = text, .next_line = 1};
    struct csv_row header, row;
    const char *why = NULL;

    if (strncmp(text, BOM, strlen(BOM)) == 0)
        reader.rest += strlen(BOM);
    place->line = 1;
    if (!csv_read(&reader, &header, &why))
        return refuse(place, "header", why ? why : "there is none");
    while (csv_read(&reader, &row, &why)) {
        place->line = reader.line;
        if (row.count == 1 && row.fields[0][0] == '\0')
            continue;
        if (!take_csv_row(place, &header, &row))
            return false;
    }
    place->line = reader.line;
    return !why || refuse(place, "row", why);
}

static bool take_names(const struct place *place, const struct json_value *list)
{
    size_t count = 0;

    for (size_t i = 0; i < json_array_length(list); i++) {
        const char *name;

        if (!json_string(json_array_at(list, i), &name, NULL))
            return refuse(place, "former_names", "no list of names");
        if (!add_former_name(place, &count, name))
            return false;
    }
    return true;
}

struct take {
    struct place *place;
    bool taken;
};

static bool take_member(void *context, const char *field, const struct json_value *value)
{
    struct take *take = context;
    const char *text;
    char number[32];
    int64_t integer;
    bool truth;

    if (!value || strcmp(field, "groups") == 0)
        return true;
    if (strcmp(field, "former_names") == 0) {
        take->taken = take_names(take->place, value);
    } else if (json_string(value, &text, NULL)) {
        take->taken = take_field(take->place, field, text);
    } else if (json_integer(value, &integer)) {
        (void)snprintf(number, sizeof number, "%lld", (long long)integer);
        take->taken = strcmp(field, "uid") == 0 ? take_field(take->place, field, number)
                                                : refuse(take->place, field, "no text");
    } else if (json_boolean(value, &truth)) {
        take->taken = strcmp(field, "email_verified") == 0
                          ? take_field(take->place, field, truth ? "yes" : "no")
                          : refuse(take->place, field, "no text");
    } else {
        take->taken = refuse(take->place, field, "no text");
    }
    return take->taken;
}

static bool read_json(char *text, struct place *place)
{
    char *rest = text, *line;

    while ((line = strsep(&rest, "\n")) != NULL) {
        struct take take = {.place = place, .taken = true};

        place->line++;
        if (line[strspn(line, " \t\r")] == '\0')
            continue;
        if (!add_row(place))
            return false;
        struct json_document **document = &place->rows->documents[place->rows->count - 1];

        *document = json_parse(line, strlen(line));
        if (!*document)
            return refuse(place, "row", "no JSON object");
        json_each_member(json_top(*document), take_member, &take);
        if (!take.taken)
            return false;
    }
    return true;
}

bool member_rows_read(char *text, size_t length, enum members_format format, struct member_rows *ret_rows,
                      char **ret_why)
{
    struct member_rows rows = {0};
    struct place place = {.rows = &rows, .ret_why = ret_why};
    bool read;

    *ret_why = NULL;
    if (strlen(text) != length)
        read = refuse(&place, "file", "there is a NUL in it");
    else
        read = format == FORMAT_CSV ? read_csv(text, &place) : read_json(text, &place);
    if (!read) {
        member_rows_clear(&rows);
        return false;
    }
    for (size_t i = 0; i < rows.count; i++)
        rows.rows[i].former_names = (const char *const *)rows.former[i];
    *ret_rows = rows;
    return true;
}

void member_rows_clear(struct member_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        json_free(rows->documents[i]);
        for (char **name = rows->former[i]; name && *name; name++)
            free(*name);
        free(rows->former[i]);
    }
    free(rows->rows);
    free(rows->lines);
    free(rows->documents);
    free(rows->former);
    *rows = (struct member_rows){0};
}
