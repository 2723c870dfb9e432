/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of json-c, SQLite and curl that may fail, mostly for want of memory of their own. */
#include <curl/curl.h>
#include <json-c/json.h>
#include <sqlite3.h>

#include "fuzz/lib/faults.h"

#define JSON(failure, type, name, parameters, arguments)                                                     \
    FAILING(FAULT_JSON, 0, failure, type, name, parameters, arguments)

JSON(NULL, struct json_tokener *, json_tokener_new_ex, (int depth), (depth))
JSON(NULL, json_object *, json_tokener_parse_ex, (struct json_tokener * t, const char *text, int n),
     (t, text, n))
JSON(NULL, json_object *, json_object_new_object, (void), ())
JSON(NULL, json_object *, json_object_new_array, (void), ())
JSON(NULL, json_object *, json_object_new_string, (const char *text), (text))
JSON(NULL, json_object *, json_object_new_int64, (int64_t number), (number))
JSON(NULL, json_object *, json_object_new_boolean, (json_bool flag), (flag))
JSON(-1, int, json_object_object_add, (json_object * o, const char *name, json_object *value),
     (o, name, value))
JSON(-1, int, json_object_array_add, (json_object * array, json_object *value), (array, value))
JSON(-1, int, json_object_deep_copy, (json_object * from, json_object **to, json_c_shallow_copy_fn *copy),
     (from, to, copy))
JSON(NULL, const char *, json_object_to_json_string_ext, (json_object * o, int flags), (o, flags))

#define SQLITE(type, name, parameters, arguments)                                                            \
    FAILING(FAULT_SQLITE, 0, SQLITE_IOERR, type, name, parameters, arguments)

SQLITE(int, sqlite3_open_v2, (const char *path, sqlite3 **db, int flags, const char *vfs),
       (path, db, flags, vfs))
SQLITE(int, sqlite3_db_config, (sqlite3 * db, int op, int on, int *was), (db, op, on, was))
SQLITE(int, sqlite3_busy_timeout, (sqlite3 * db, int ms), (db, ms))
SQLITE(int, sqlite3_prepare_v2, (sqlite3 * db, const char *sql, int n, sqlite3_stmt **s, const char **tail),
       (db, sql, n, s, tail))
SQLITE(int, sqlite3_step, (sqlite3_stmt * s), (s))
SQLITE(int, sqlite3_exec,
       (sqlite3 * db, const char *sql, int (*row)(void *, int, char **, char **), void *context,
        char **error),
       (db, sql, row, context, error))
SQLITE(int, sqlite3_bind_int, (sqlite3_stmt * s, int at, int value), (s, at, value))
SQLITE(int, sqlite3_bind_int64, (sqlite3_stmt * s, int at, sqlite3_int64 value), (s, at, value))
SQLITE(int, sqlite3_bind_text, (sqlite3_stmt * s, int at, const char *text, int n, void (*end)(void *)),
       (s, at, text, n, end))

#define CURL_CODE(name, parameters, arguments)                                                               \
    FAILING(FAULT_CURL, 0, CURLE_OUT_OF_MEMORY, CURLcode, name, parameters, arguments)
#define CURL_MULTI(name, parameters, arguments)                                                              \
    FAILING(FAULT_CURL, 0, CURLM_OUT_OF_MEMORY, CURLMcode, name, parameters, arguments)
#define CURL_NEW(type, name, parameters, arguments)                                                          \
    FAILING(FAULT_CURL, 0, NULL, type, name, parameters, arguments)

#undef curl_easy_setopt
#undef curl_easy_getinfo
/* Whatever the option's type, it comes in one register, as it does in curl's own binding by pointer. */
CURL_CODE(curl_easy_setopt, (CURL * easy, CURLoption option, void *value), (easy, option, value))
CURL_CODE(curl_easy_getinfo, (CURL * easy, CURLINFO info, void *value), (easy, info, value))
CURL_MULTI(curl_multi_perform, (CURLM * multi, int *running), (multi, running))
CURL_MULTI(curl_multi_poll, (CURLM * multi, struct curl_waitfd *at, unsigned count, int ms, int *ret_count),
           (multi, at, count, ms, ret_count))
CURL_MULTI(curl_multi_add_handle, (CURLM * multi, CURL *easy), (multi, easy))
CURL_NEW(CURLM *, curl_multi_init, (void), ())
CURL_NEW(CURLMsg *, curl_multi_info_read, (CURLM * multi, int *left), (multi, left))
CURL_NEW(CURL *, curl_easy_init, (void), ())
CURL_NEW(CURLU *, curl_url, (void), ())
CURL_NEW(struct curl_slist *, curl_slist_append, (struct curl_slist * list, const char *line), (list, line))
