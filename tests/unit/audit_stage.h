/* SPDX-License-Identifier: BSD-2-Clause */
/* An audit file in a throw-away folder, those who write it, and who counts what stands there. */
#ifndef TESTS_AUDIT_STAGE_H
#define TESTS_AUDIT_STAGE_H

#include "audit/audit.h"
#include "config_folder.h"

#define WRITERS 8
#define RECORDS 200 /* of each writer; long ones, so that lines cross pages */

static inline const char *file_path(const struct folder *folder)
{
    static char path[FOLDER_PATH_MAX];

    folder_path(folder, "audit.jsonl", path);
    return path;
}

/* The whole file, malloc'd. */
static inline char *text_of(const char *path)
{
    FILE *file = fopen(path, "re");
    char *text = NULL;
    size_t size = 0;

    assert_non_null(file);
    if (getdelim(&text, &size, '\0', file) < 0) {
        free(text);
        text = strdup("");
    }
    (void)fclose(file);
    return text;
}

static inline char *file_text(const struct folder *folder)
{
    return text_of(file_path(folder));
}

/* Every line is a record; how many there are. */
static inline size_t count_records_in(const char *path)
{
    char *text = text_of(path), *line = text, *end;
    size_t count = 0;

    for (; (end = strchr(line, '\n')); line = end + 1, count++) {
        struct json_document *record = json_parse(line, (size_t)(end - line));

        if (!record)
            fail_msg("no record: %.*s", (int)(end - line), line);
        json_free(record);
    }
    assert_string_equal(line, "");
    free(text);
    return count;
}

static inline size_t count_records(const struct folder *folder)
{
    return count_records_in(file_path(folder));
}

static inline void write_many(const char *path, size_t size, unsigned writer)
{
    const struct audit_file file = {.path = path, .max_size = size, .keep = AUDIT_KEEP_MAX};
    char long_text[2000];

    for (unsigned i = 0; i < RECORDS; i++) {
        struct json_document *record = audit_record("sign_in");
        char *why = NULL;

        memset(long_text, 'a' + (int)writer, sizeof long_text);
        long_text[(writer * 977 + i * 131) % sizeof long_text] = '\0';
        if (!record || !json_add_string(record, "detail", long_text) || !audit_append(&file, record, &why))
            _exit(1);
        json_free(record);
    }
    _exit(0);
}

static inline void write_all_at_once(const char *path, size_t size)
{
    pid_t pids[WRITERS];

    for (unsigned i = 0; i < WRITERS; i++) {
        pids[i] = fork();
        assert_true(pids[i] >= 0);
        if (pids[i] == 0)
            write_many(path, size, i);
    }
    for (unsigned i = 0; i < WRITERS; i++) {
        int status = -1;

        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
    }
}

#endif
