/* SPDX-License-Identifier: BSD-2-Clause */
#include "hooks/nexudus_api.h"

#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "connection/connection.h"
#include "log.h"

#define STATUS_UNAUTHORIZED 401
#define STATUS_TROUBLE      500
#define PAGE_SIZE           100
#define PAGES_MAX           20

/* A form for the token: with the refresh token where there is one, else with the password. */
static bool fill_form(const struct nexudus *nexudus, struct http_form *form)
{
    const char *user = nexudus->settings->user;

    if (nexudus->refresh.bytes)
        return http_form_add(form, "grant_type", "refresh_token") &&
               http_form_add(form, "refresh_token", nexudus->refresh.bytes) &&
               http_form_add(form, "client_id", user);
    return http_form_add(form, "grant_type", "password") && http_form_add(form, "username", user) &&
           http_form_add(form, "password", nexudus->password.bytes);
}

static bool keep_string(const struct json_value *value, struct secret *secret)
{
    struct secret fresh = {0};
    const char *string;
    size_t length;

    if (!json_string(value, &string, &length) || length == 0 || !client_secret_is_line(string, length) ||
        !secret_copy(string, length, &fresh))
        return false;
    secret_erase(secret);
    *secret = fresh;
    return true;
}

static enum hook_status get_token(struct nexudus *nexudus)
{
    AUTO_FREE char *url = setting_sentence("%s/token", nexudus->settings->url);
    AUTO_HTTP_FORM struct http_form form = {0};
    AUTO_HTTP_ANSWER struct http_answer answer = {0};
    AUTO_JSON struct json_document *document = NULL;
    struct http_request request = {.url = url};

    if (!url || !fill_form(nexudus, &form))
        return HOOK_LATER;
    request.form = form.text;
    if (!hook_server_ask(&nexudus->server, &request, "token", &answer))
        return HOOK_LATER;
    document = json_parse(answer.body, answer.length);
    if (answer.status / 100 == 2 &&
        keep_string(json_get(json_top(document), "access_token"), &nexudus->token)) {
        (void)keep_string(json_get(json_top(document), "refresh_token"), &nexudus->refresh);
        return HOOK_TOLD;
    }
    log_line(LOG_ERR, "token: %s (status %ld)",
             answer.status / 100 == 4 ? "user and password are not accepted" : "the answer has none",
             answer.status);
    return HOOK_LATER;
}

/* With a token, and once with another one. */
static enum hook_status perform(struct nexudus *nexudus, struct http_request *request, const char *what,
                                struct http_answer *ret_answer)
{
    enum hook_status status = nexudus->token.bytes ? HOOK_TOLD : get_token(nexudus);

    if (status != HOOK_TOLD)
        return status;
    request->bearer = nexudus->token.bytes;
    if (!hook_server_ask(&nexudus->server, request, what, ret_answer))
        return HOOK_LATER;
    if (ret_answer->status != STATUS_UNAUTHORIZED || nexudus->is_renewed)
        return HOOK_TOLD;
    nexudus->is_renewed = true;
    http_answer_erase(ret_answer);
    status = get_token(nexudus);
    if (status != HOOK_TOLD)
        return status;
    request->bearer = nexudus->token.bytes;
    return hook_server_ask(&nexudus->server, request, what, ret_answer) ? HOOK_TOLD : HOOK_LATER;
}

static enum hook_status ask(struct nexudus *nexudus, struct http_request *request, const char *path,
                            struct json_document **ret_document)
{
    AUTO_FREE char *url = setting_sentence("%s/%s", nexudus->settings->url, path);
    AUTO_FREE char *what = strndup(path, strcspn(path, "?"));
    AUTO_HTTP_ANSWER struct http_answer answer = {0};
    struct json_document *document;
    enum hook_status status;

    if (!url || !what)
        return HOOK_LATER;
    request->url = url;
    status = perform(nexudus, request, what, &answer);
    if (status != HOOK_TOLD)
        return status;
    if (answer.status / 100 != 2) {
        log_line(LOG_ERR, "%s: the answer has status %ld", what, answer.status);
        return hook_status_of(answer.status);
    }
    document = json_parse(answer.body, answer.length);
    if (!document) {
        log_line(LOG_ERR, "%s: the answer is no JSON object", what);
        return HOOK_LATER;
    }
    *ret_document = document;
    return HOOK_TOLD;
}

enum hook_status nexudus_get(struct nexudus *nexudus, const char *path, struct json_document **ret_document)
{
    struct http_request request = {0};

    return ask(nexudus, &request, path, ret_document);
}

/* {Status, Message, Value, WasSuccessful, Errors}: what it says counts, not that it came. */
static enum hook_status judge_written(const struct json_value *answer)
{
    char words[LOG_STRING_MAX + 1];
    const char *message = "";
    bool was_successful;
    int64_t status = 0;

    if (!json_boolean(json_get(answer, "WasSuccessful"), &was_successful)) {
        log_line(LOG_ERR, "the answer does not say whether it was successful");
        return HOOK_LATER;
    }
    if (was_successful)
        return HOOK_TOLD;
    (void)json_string(json_get(answer, "Message"), &message, NULL);
    (void)json_integer(json_get(answer, "Status"), &status);
    log_line(LOG_ERR, "refused: %s", log_text(message, words, sizeof words));
    return status >= STATUS_TROUBLE ? HOOK_LATER : HOOK_NEVER;
}

enum hook_status nexudus_write(struct nexudus *nexudus, const char *path, const char *json, bool is_put)
{
    struct http_request request = {.json = json, .is_put = is_put};
    AUTO_JSON struct json_document *document = NULL;
    enum hook_status status;

    if (nexudus->settings->dry_run)
        return HOOK_NEVER;
    status = ask(nexudus, &request, path, &document);
    return status == HOOK_TOLD ? judge_written(json_top(document)) : status;
}

/* Both have to be there: an answer that is something else is not an empty list. */
static enum hook_status take_page(const struct json_value *page, const struct nexudus_list *list,
                                  bool *ret_goes_on)
{
    const struct json_value *records = json_get(page, "Records");
    bool has_next;

    if (!json_is_array(records) || !json_boolean(json_get(page, "HasNextPage"), &has_next)) {
        log_line(LOG_ERR, "%s: the answer is no list of records", list->path);
        return HOOK_LATER;
    }
    for (size_t i = 0; i < json_array_length(records); i++)
        if (!list->record(list->context, json_array_at(records, i))) {
            *ret_goes_on = false;
            return HOOK_TOLD;
        }
    *ret_goes_on = has_next;
    return HOOK_TOLD;
}

enum hook_status nexudus_each(struct nexudus *nexudus, const struct nexudus_list *list)
{
    bool goes_on = true;

    for (unsigned page = 1; goes_on; page++) {
        AUTO_FREE char *path =
            setting_sentence("%s?page=%u&size=%d&%s", list->path, page, PAGE_SIZE, list->query);
        AUTO_JSON struct json_document *document = NULL;
        enum hook_status status;

        if (page > PAGES_MAX) {
            log_line(LOG_ERR, "%s: there are more records than can be looked through", list->path);
            return list->too_many;
        }
        status = path ? nexudus_get(nexudus, path, &document) : HOOK_LATER;
        if (status == HOOK_TOLD)
            status = take_page(json_top(document), list, &goes_on);
        if (status != HOOK_TOLD)
            return status;
    }
    return HOOK_TOLD;
}
