/* SPDX-License-Identifier: BSD-2-Clause */
/* A greeter's reply: what the module's reader takes, a reader of all JSON takes too, and it means the same.
 */
#include "../../pam_module/greeter_reply.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"
#include "json/json.h"

static void judge_password(const struct json_value *selection, const char *password)
{
    const char *same;
    size_t length;

    FUZZ_CHECK(json_string(json_get(json_get(selection, "password"), "password"), &same, &length));
    if (length < PAM_MAX_RESP_SIZE)
        FUZZ_CHECK(strcmp(password, same) == 0);
    else
        FUZZ_CHECK(strlen(password) == PAM_MAX_RESP_SIZE && memcmp(password, same, PAM_MAX_RESP_SIZE) == 0);
}

static void judge_reply(const char *text, size_t length, const struct greeter_reply *reply)
{
    AUTO_JSON struct json_document *document = NULL;
    const struct json_value *selection;

    faults_pause();
    document = json_parse(text, length);
    FUZZ_CHECK(document);
    selection = json_get(json_top(document), "authSelection");
    FUZZ_CHECK(json_string_is(json_get(selection, "status"), "Ok"));
    if (reply->choice == GREETER_CHOICE_PASSWORD) {
        judge_password(selection, reply->password);
    } else {
        FUZZ_CHECK(reply->choice == GREETER_CHOICE_EIDP && reply->password[0] == '\0');
        FUZZ_CHECK(json_is_object(json_get(selection, "eidp")));
    }
    faults_resume();
}

static void judge(const uint8_t *data, size_t size)
{
    struct greeter_reply reply = {.choice = GREETER_CHOICE_NONE, .password = "untouched"};
    const size_t length = strnlen((const char *)data, size);
    char *text = fuzz_text(data, length);

    if (greeter_reply_read(text, &reply)) {
        fuzz_note_good();
        FUZZ_CHECK(length <= GREETER_REPLY_MAX);
        judge_reply(text, length, &reply);
    } else {
        FUZZ_CHECK(reply.choice == GREETER_CHOICE_NONE && strcmp(reply.password, "untouched") == 0);
    }
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
