/* SPDX-License-Identifier: BSD-2-Clause */
/* A taken-over child against the keeper: whatever it asks, in whatever order, and whatever fails meanwhile.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "frontdesk/wire.h"
#include "fuzz/lib/desk.h"
#include "fuzz/lib/faults.h"
#include "questions.h"

#define CLAIMS                                                                                               \
    "{\"iss\":\"https://idp.example\",\"aud\":\"desk\",\"sub\":\"%s\",\"preferred_username\":\"%s\","        \
    "\"email\":\"bob@corp.example\",\"email_verified\":true,\"groups\":[\"staff\"]}"

static uint8_t packet[QUESTION_PACKET_MAX];

/* The kinds of question, each with what it is about from the input. */
static size_t question(uint8_t kind, const char *word)
{
    struct wire_writer w = wire_write(packet, sizeof packet);
    char claims[1024];

    wire_put_u8(&w, kind);
    switch (kind) {
    case QUESTION_ADMIT:
    case QUESTION_FINISH:
    case QUESTION_REFETCH:
        break;
    case QUESTION_CLAIMS:
        if (word[0] == '{')
            (void)snprintf(claims, sizeof claims, "%s", word);
        else
            (void)snprintf(claims, sizeof claims, CLAIMS, word[0] == '-' ? "s-9" : DESK_SUBJECT, word);
        wire_put_blob(&w, claims, strlen(claims));
        wire_put_blob(&w, "", 0);
        wire_put_string(&w, "https://idp.example/out");
        wire_put_string(&w, "openid evil");
        break;
    case QUESTION_KEEP:
        wire_put_u8(&w, DOCUMENT_KEYS);
        wire_put_u32(&w, 60);
        wire_put_blob(&w, word, strlen(word));
        break;
    case QUESTION_REMEMBER:
        wire_put_u8(&w, (uint8_t)word[0]);
        break;
    case QUESTION_REFUSE:
        wire_put_string(&w, word);
        wire_put_string(&w, "detail");
        break;
    default:
        wire_put_string(&w, word);
    }
    return wire_written(&w);
}

/* A letter and a word: a question as it should be; any other byte: the rest of the line as it is. */
static void ask(struct desk *desk, const char *line, const uint8_t *login, size_t login_length)
{
    static const char letters[] = "-HACKLRFMPT";
    static const uint8_t kinds[] = {0,
                                    QUESTION_HANDOVER,
                                    QUESTION_ADMIT,
                                    QUESTION_CHOOSE,
                                    QUESTION_KEEP,
                                    QUESTION_CLAIMS,
                                    QUESTION_REFUSE,
                                    QUESTION_FINISH,
                                    QUESTION_REMEMBER,
                                    QUESTION_PICK,
                                    QUESTION_REFETCH};
    const char *at = line[0] ? strchr(letters, line[0]) : NULL;
    size_t length = at && at > letters ? question(kinds[at - letters], line + 1) : strlen(line);

    if (!at || at == letters)
        memcpy(packet, line, length);
    if (line[0] == 'A' && line[1] != '-') { /* ADMIT carries the LOGIN as it came */
        struct wire_writer w = wire_write(packet, sizeof packet);

        wire_put_u8(&w, QUESTION_ADMIT);
        wire_put_blob(&w, login, login_length);
        length = wire_written(&w);
    }
    if (length > 0)
        (void)send(desk->child, packet, length, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void drain(struct desk *desk)
{
    while (recv(desk->child, packet, sizeof packet, MSG_DONTWAIT) > 0)
        continue;
}

/* Only by claims that policy allows, and as the member that they are: never root, never somebody else. */
static void judge_verdict(const struct desk *desk, const struct login *login, bool said_allowed)
{
    if (desk->ended && desk->verdict == VERDICT_IGNORE)
        FUZZ_CHECK((login->flags & LOGIN_PASSWORDS_ALLOWED) != 0 || strcmp(login->service, "other") == 0);
    if (!desk->allowed)
        return;
    fuzz_note_good();
    FUZZ_CHECK(said_allowed || login->phase != PHASE_AUTH);
    FUZZ_CHECK(login->user[0] == '\0' || strcmp(login->user, desk->user) == 0 ||
               login->phase == PHASE_CLOSE_SESSION);
    FUZZ_CHECK(login->phase == PHASE_CLOSE_SESSION || strcmp(desk->user, "ada") == 0);
}

static struct login login_of(struct fuzz_bytes *bytes)
{
    static const char *const users[] = {"ada", "", "bob", "root", "eve", "nobody"};
    static const char *const services[] = {"login", "sshd", "su", "other"};
    const uint8_t options = fuzz_take(bytes), who = fuzz_take(bytes);
    struct login login = {.timeout_s = 60, .phase = (enum login_phase)(PHASE_AUTH + (options >> 4 & 3))};

    login.flags = options & LOGIN_FLAGS_ALL;
    (void)snprintf(login.service, sizeof login.service, "%s", services[options >> 6]);
    (void)snprintf(login.user, sizeof login.user, "%s", users[who % 6]);
    (void)snprintf(login.rhost, sizeof login.rhost, "%s", who & 64 ? "10.0.0.9" : "");
    (void)snprintf(login.ticket, sizeof login.ticket, "%s", who & 128 ? "0123456789abcdef012345" : "");
    return login;
}

/* Two bytes about LOGIN, and questions, a line each. */
static void judge(const uint8_t *data, size_t size)
{
    struct fuzz_bytes bytes = {data, size};
    const struct login login = login_of(&bytes);
    uint8_t login_packet[PROTOCOL_PACKET_MAX];
    const size_t login_length = login_write(&login, login_packet, sizeof login_packet);
    struct desk desk;
    char line[1200];
    bool said_allowed = false;

    const bool opened = desk_open(&desk);

    desk.descriptors = size > 1 ? data[1] >> 3 & 3 : 0;
    if (opened && desk_log_in(&desk, &login)) {
        while (bytes.left > 0 && desk.sign_in) {
            fuzz_take_word(&bytes, line, sizeof line);
            said_allowed = said_allowed || (line[0] == 'L' && (strstr(line, DESK_SUBJECT) || line[1] != '-'));
            faults_pause();
            ask(&desk, line, login_packet, login_length);
            faults_resume();
            desk_work(&desk);
            faults_pause();
            drain(&desk);
            faults_resume();
        }
    }
    desk_close(&desk);
    judge_verdict(&desk, &login, said_allowed);
}

/* The first two bytes choose the call that fails. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return size < 2 ? 0 : fuzz_run_failing(judge, data + 2, size - 2, data[0], data[1]);
}
