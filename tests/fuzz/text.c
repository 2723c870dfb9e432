/* SPDX-License-Identifier: BSD-2-Clause */
/* Foreign strings on a terminal: only 0x20..0x7e, our own newlines, and our own blocks reach it. */
#include "display/text.h"

#include <stdlib.h>
#include <string.h>

#include "../../pam_module/plain_text.h"
#include "display/display.h"
#include "display/place.h"
#include "frontdesk/member_text.h"
#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"
#include "log.h"

static void judge_ascii(const char *text, bool newlines)
{
    for (; *text != '\0'; text++)
        FUZZ_CHECK((*text >= 0x20 && *text <= 0x7e) || (newlines && *text == '\n'));
}

static const char *next_line(const char *line)
{
    line = strchr(line, '\n');
    return line ? line + 1 : NULL;
}

static void judge_filters(const char *foreign, size_t length)
{
    char plain[64], label[64], logged[LOG_STRING_MAX + 1];

    text_make_plain(foreign, plain, sizeof plain);
    judge_ascii(plain, false);
    text_make_label(foreign, false, label, sizeof label);
    judge_ascii(label, false);
    text_make_label(foreign, true, label, sizeof label);
    FUZZ_CHECK(text_is_printable(label, strlen(label)) && plain_text(label, false));
    judge_ascii(log_text(foreign, logged, sizeof logged), false);
    if (text_is_plain(foreign, length, 1, 64)) {
        judge_ascii(foreign, false);
        FUZZ_CHECK(foreign[0] != ' ' && foreign[length - 1] != ' ' && length <= 64);
    }
    if (text_is_safe_https_url(foreign, length, 512)) {
        judge_ascii(foreign, false);
        FUZZ_CHECK(!strpbrk(foreign, " \"<>\\^`{|}") && strncmp(foreign, "https://", 8) == 0 &&
                   length <= 512);
        FUZZ_CHECK(!memchr(foreign + 8, '@', strcspn(foreign + 8, "/?#")));
    }
    /* The module's own filter takes what the helper's does, and no more. */
    FUZZ_CHECK(plain_text(foreign, false) == text_is_printable(foreign, length));
    if (plain_text(foreign, true))
        for (const char *line = foreign; line; line = next_line(line))
            FUZZ_CHECK(text_is_printable(line, strcspn(line, "\n")));
}

/* Outside what we draw ourselves. */
static void judge_shown(const char *text, bool utf8)
{
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++)
        FUZZ_CHECK(*c == '\n' || (*c >= 0x20 && *c < 0x7f) || (utf8 && *c >= 0x80));
    FUZZ_CHECK(plain_text(text, true));
}

static void judge_prompt(const char *words[8], bool utf8)
{
    char machine_name[] = "desk", english[] = "en", sshd[] = "sshd";
    const struct display_place place = {.service = words[0],
                                        .tty = words[1],
                                        .rhost = words[2],
                                        .user = words[3],
                                        .codeset = utf8 ? "UTF-8" : "ISO-8859-1",
                                        .columns = 80,
                                        .rows = 50};
    const struct service service = {.name = sshd, .qr = utf8 ? QR_UTF8 : QR_ASCII};
    const struct machine_settings machine = {.name = machine_name, .language = english};
    struct device_grant grant = {.expires_in_s = 600};
    const char *const labels[] = {words[4], words[0]};
    char *texts[5];

    memcpy(grant.user_code, words[5], strnlen(words[5], USER_CODE_MAX));
    memcpy(grant.verification_uri, words[6], strnlen(words[6], VERIFICATION_URI_MAX));
    memcpy(grant.verification_uri_complete, words[7], strnlen(words[7], VERIFICATION_URI_MAX));
    texts[0] = display_prompt(&place, &service, &machine, words[4], &grant);
    texts[1] = display_choice(&place, labels, 2);
    texts[2] = display_users(&place, labels, 2);
    texts[3] = display_offer(&place, words[4]);
    texts[4] = display_log_out(&place, &service, words[7]);
    FUZZ_CHECK(!texts[0] || (strstr(texts[0], grant.user_code) && strstr(texts[0], grant.verification_uri)));
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (texts[i])
            judge_shown(texts[i], utf8 || place_takes_utf8(&place, true));
        free(texts[i]);
    }
}

static void judge(const uint8_t *data, size_t size)
{
    struct fuzz_bytes bytes = {data, size};
    char *foreign = fuzz_text(data, size), words[8][600];
    const char *pointers[8];

    judge_filters(foreign, strlen(foreign));
    free(foreign);
    for (size_t i = 0; i < 8; i++) {
        fuzz_take_word(&bytes, words[i], sizeof words[i]);
        pointers[i] = words[i];
    }
    judge_prompt(pointers, false);
    judge_prompt(pointers, true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
