/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Questions to the keeper, and its answers read strictly: the child believes the keeper's decisions, but a
 * packet that is not exactly one of the answers due ends the sign-in.
 */
#include "session/ask.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cleanup.h"
#include "clock.h"
#include "config/config.h"
#include "frontdesk/wire.h"
#include "sockets.h"

/* The keeper may wait for the store's lock (20 s) before it decides. */
#define KEEPER_PATIENCE_MS 30000

/* A packet on its way, in either direction: too large for the stack, and it may hold a secret. */
struct packet {
    uint8_t *bytes;
    size_t length; /* that were written or received, and are erased */
};

static void packet_erase(struct packet *packet)
{
    if (packet->bytes)
        explicit_bzero(packet->bytes, packet->length);
    free(packet->bytes);
}

#define AUTO_PACKET CLEANUP(packet_erase)

/* Begins a question. A writer without memory has failed from the start. */
static struct wire_writer question_begin(struct packet *packet, enum question_type type)
{
    struct wire_writer w;

    packet->bytes = malloc(QUESTION_PACKET_MAX);
    w = wire_write(packet->bytes, packet->bytes ? QUESTION_PACKET_MAX : 0);
    wire_put_u8(&w, type);
    return w;
}

static bool question_send(int keeper, struct packet *packet, const struct wire_writer *w)
{
    packet->length = w->used;
    return wire_written(w) > 0 && packet_send(keeper, packet->bytes, packet->length);
}

/* False: no packet of the keeper will come, or the module hung up first. */
static bool answer_awaited(const struct ask_line *line)
{
    const int64_t until = boottime_ms() + KEEPER_PATIENCE_MS;
    struct pollfd at[] = {{.fd = line->keeper, .events = POLLIN}, {.fd = line->module, .events = POLLRDHUP}};
    int64_t left;

    while ((left = until - boottime_ms()) > 0) {
        if (poll(at, 2, (int)left) < 0 && errno != EINTR)
            return false;
        if (at[1].revents != 0)
            return false;
        if (at[0].revents != 0)
            return true;
    }
    return false;
}

/* The answer, to be read. When none came it is empty, and so has no type: none of those that are due. */
static struct wire_reader answer_receive(const struct ask_line *line, struct packet *packet)
{
    packet->bytes = malloc(QUESTION_PACKET_MAX);
    if (packet->bytes && answer_awaited(line))
        packet->length = packet_receive(line->keeper, packet->bytes, QUESTION_PACKET_MAX, KEEPER_PATIENCE_MS);
    return wire_read(packet->bytes, packet->length);
}

static bool verdict_is_known(unsigned verdict)
{
    return verdict >= VERDICT_ALLOW && verdict <= VERDICT_IGNORE;
}

static bool read_decision(struct wire_reader *r, struct ask_decision *ret_decision)
{
    char code[PROTOCOL_REASON_MAX + 1];
    struct ask_decision decision = {0};
    unsigned verdict;

    wire_get_string(r, code, sizeof code);
    verdict = wire_get_u8(r);
    wire_get_string(r, decision.user, sizeof decision.user);
    wire_get_string(r, decision.log_out_url, sizeof decision.log_out_url);
    decision.reason = reason_from_code(code);
    if (!wire_end(r) || !verdict_is_known(verdict) || strcmp(reason_code(decision.reason), code) != 0)
        return false;
    decision.verdict = (enum verdict)verdict;
    *ret_decision = decision;
    return true;
}

/* A cached document as a string; NULL for the empty blob, which says that it is not cached, and for one that
 * is not there: wire_end tells. */
static bool read_document(struct wire_reader *r, char **ret_text, size_t *ret_length)
{
    size_t length;
    const uint8_t *bytes = wire_get_blob(r, &length);
    char *text;

    if (length > QUESTION_DOCUMENT_MAX)
        return false;
    if (length == 0)
        return true;
    text = malloc(length + 1);
    if (!text)
        return false;
    memcpy(text, bytes, length);
    text[length] = '\0';
    *ret_text = text;
    *ret_length = length;
    return true;
}

static bool read_admitted(struct wire_reader *r, struct ask_admission *admission)
{
    const uint8_t *secret;
    size_t length;
    unsigned spelling;

    admission->kind = ASK_ADMITTED;
    wire_get_string(r, admission->connection, sizeof admission->connection);
    secret = wire_get_blob(r, &length);
    spelling = wire_get_u8(r);
    if (length > CLIENT_SECRET_MAX || spelling > CLIENT_SPELLING_RAW || admission->connection[0] == '\0')
        return false;
    admission->client_spelling = (enum client_spelling)spelling;
    return secret_copy(secret, length, &admission->client_secret) &&
           read_document(r, &admission->discovery, &admission->discovery_length) &&
           read_document(r, &admission->keys, &admission->keys_length) && wire_end(r);
}

/* Names, each of `max` bytes at most. */
static bool read_names(struct wire_reader *r, size_t most, size_t max, struct ask_admission *admission)
{
    const size_t count = wire_get_u16(r);

    if (count < 1 || count > most)
        return false;
    admission->choices = calloc(count + 1, sizeof *admission->choices);
    for (size_t i = 0; admission->choices && i < count; i++) {
        char name[CONNECTION_NAME_MAX + 1];

        wire_get_string(r, name, max + 1);
        admission->choices[i] = name[0] ? strdup(name) : NULL;
        if (!admission->choices[i])
            return false;
    }
    return admission->choices && wire_end(r);
}

/* Which answers are due besides DECIDED. */
enum answers_due { DUE_ADMITTED = 1, DUE_CHOICES = 2, DUE_USERS = 4 };

static bool read_admission(struct wire_reader *r, unsigned due, struct ask_admission *admission)
{
    switch (wire_get_u8(r)) {
    case QUESTION_ADMITTED:
        return (due & DUE_ADMITTED) != 0 && read_admitted(r, admission);
    case QUESTION_CHOICES:
        admission->kind = ASK_CHOICES;
        return (due & DUE_CHOICES) != 0 &&
               read_names(r, CONFIG_CONNECTIONS_MAX, CONNECTION_NAME_MAX, admission);
    case QUESTION_USERS:
        admission->kind = ASK_USERS;
        return (due & DUE_USERS) != 0 && read_names(r, QUESTION_USERS_MAX, MEMBER_NAME_MAX, admission);
    case QUESTION_DECIDED:
        admission->kind = ASK_DECIDED;
        return read_decision(r, &admission->decision);
    default:
        return false;
    }
}

static bool admission_receive(const struct ask_line *line, unsigned due, struct ask_admission *ret_admission)
{
    AUTO_PACKET struct packet packet = {0};
    struct wire_reader r = answer_receive(line, &packet);
    struct ask_admission admission = {0};

    if (!read_admission(&r, due, &admission)) {
        ask_admission_erase(&admission);
        return false;
    }
    *ret_admission = admission;
    return true;
}

static bool decision_receive(const struct ask_line *line, struct ask_decision *ret_decision)
{
    AUTO_PACKET struct packet packet = {0};
    struct wire_reader r = answer_receive(line, &packet);

    return wire_get_u8(&r) == QUESTION_DECIDED && read_decision(&r, ret_decision);
}

bool ask_hand_over(int keeper, int module, int lease, unsigned pid, unsigned uid)
{
    const int descriptors[] = {module, lease};
    const size_t size = lease >= 0 ? sizeof descriptors : sizeof module;
    uint8_t bytes[16];
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof descriptors)];
    } control = {0};
    struct wire_writer w = wire_write(bytes, sizeof bytes);
    struct iovec part = {.iov_base = bytes};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = CMSG_SPACE(size)};
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);
    ssize_t sent;

    wire_put_u8(&w, QUESTION_HANDOVER);
    wire_put_u32(&w, pid);
    wire_put_u32(&w, uid);
    part.iov_len = wire_written(&w);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(size);
    memcpy(CMSG_DATA(rights), descriptors, size);
    do
        sent = sendmsg(keeper, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)part.iov_len;
}

bool ask_admit(const struct ask_line *line, const void *login, size_t length,
               struct ask_admission *ret_admission)
{
    AUTO_PACKET struct packet packet = {0};
    struct wire_writer w = question_begin(&packet, QUESTION_ADMIT);

    wire_put_blob(&w, login, length);
    return question_send(line->keeper, &packet, &w) &&
           admission_receive(line, DUE_ADMITTED | DUE_CHOICES, ret_admission);
}

bool ask_choose(const struct ask_line *line, const char *connection, struct ask_admission *ret_admission)
{
    AUTO_PACKET struct packet packet = {0};
    struct wire_writer w = question_begin(&packet, QUESTION_CHOOSE);

    wire_put_string(&w, connection);
    return question_send(line->keeper, &packet, &w) && admission_receive(line, DUE_ADMITTED, ret_admission);
}

bool ask_keep(const struct ask_line *line, enum document_kind kind, unsigned lifetime_s, const char *text,
              size_t length)
{
    AUTO_PACKET struct packet packet = {0};
    struct wire_writer w = question_begin(&packet, QUESTION_KEEP);

    wire_put_u8(&w, kind);
    wire_put_u32(&w, lifetime_s);
    wire_put_blob(&w, text, length);
    return question_send(line->keeper, &packet, &w);
}

static bool read_keys(struct wire_reader *r, struct ask_keys *keys)
{
    const unsigned refetch = wire_get_u8(r);

    if (refetch < KEY_REFETCH_NOW || refetch > KEY_REFETCH_LATER)
        return false;
    keys->refetch = (enum key_refetch)refetch;
    return read_document(r, &keys->text, &keys->length) && wire_end(r);
}

bool ask_refetch(const struct ask_line *line, struct ask_keys *ret_keys)
{
    static const uint8_t refetch = QUESTION_REFETCH;
    AUTO_PACKET struct packet packet = {0};
    struct ask_keys keys = {0};
    struct wire_reader r;

    if (!packet_send(line->keeper, &refetch, sizeof refetch))
        return false;
    r = answer_receive(line, &packet);
    if (wire_get_u8(&r) != QUESTION_KEYS || !read_keys(&r, &keys)) {
        ask_keys_clear(&keys);
        return false;
    }
    *ret_keys = keys;
    return true;
}

void ask_keys_clear(struct ask_keys *keys)
{
    free(keys->text);
    *keys = (struct ask_keys){0};
}

bool ask_remember(const struct ask_line *line, enum client_spelling spelling)
{
    const uint8_t remember[] = {QUESTION_REMEMBER, (uint8_t)spelling};

    return packet_send(line->keeper, remember, sizeof remember);
}

bool ask_busy(const struct ask_line *line, unsigned retry_after_s)
{
    uint8_t packet[5];
    struct wire_writer w = wire_write(packet, sizeof packet);

    wire_put_u8(&w, QUESTION_BUSY);
    wire_put_u32(&w, retry_after_s);
    return packet_send(line->keeper, packet, wire_written(&w));
}

/* What the child cannot tell the keeper becomes a refusal. */
static bool refuse_claims(const struct ask_line *line, enum reason reason, const char *detail,
                          struct ask_admission *ret_answer)
{
    struct ask_admission answer = {.kind = ASK_DECIDED};

    if (!ask_refuse(line, reason, detail, &answer.decision))
        return false;
    *ret_answer = answer;
    return true;
}

bool ask_claims(const struct ask_line *line, const struct ask_evidence *evidence,
                struct ask_admission *ret_answer)
{
    AUTO_FREE char *first = json_print(evidence->id_token);
    AUTO_FREE char *second = evidence->userinfo ? json_print(evidence->userinfo) : NULL;
    const char *url = evidence->log_out_url ? evidence->log_out_url : "";
    AUTO_PACKET struct packet packet = {0};
    struct wire_writer w;

    if (!first || (evidence->userinfo && !second))
        return refuse_claims(line, REASON_INTERNAL, "no memory", ret_answer);
    if (strlen(first) > QUESTION_CLAIMS_MAX || (second && strlen(second) > QUESTION_CLAIMS_MAX))
        return refuse_claims(line, REASON_CLAIMS_MALFORMED, "too many claims", ret_answer);
    w = question_begin(&packet, QUESTION_CLAIMS);
    wire_put_blob(&w, first, strlen(first));
    wire_put_blob(&w, second, second ? strlen(second) : 0);
    wire_put_string(&w, strlen(url) <= QUESTION_URL_MAX ? url : "");
    wire_put_string(&w, evidence->lost_scopes ? evidence->lost_scopes : "");
    return question_send(line->keeper, &packet, &w) && admission_receive(line, DUE_USERS, ret_answer);
}

bool ask_pick(const struct ask_line *line, const char *user, struct ask_decision *ret_decision)
{
    AUTO_PACKET struct packet packet = {0};
    struct wire_writer w = question_begin(&packet, QUESTION_PICK);

    wire_put_string(&w, user);
    return question_send(line->keeper, &packet, &w) && decision_receive(line, ret_decision);
}

bool ask_refuse(const struct ask_line *line, enum reason reason, const char *detail,
                struct ask_decision *ret_decision)
{
    AUTO_PACKET struct packet packet = {0};
    struct wire_writer w = question_begin(&packet, QUESTION_REFUSE);

    wire_put_string(&w, reason_code(reason));
    wire_put_string(&w, detail);
    return question_send(line->keeper, &packet, &w) && decision_receive(line, ret_decision);
}

bool ask_finish(const struct ask_line *line)
{
    static const uint8_t finish = QUESTION_FINISH;

    return packet_send(line->keeper, &finish, sizeof finish);
}

void ask_admission_erase(struct ask_admission *admission)
{
    secret_erase(&admission->client_secret);
    free(admission->discovery);
    free(admission->keys);
    for (char **choice = admission->choices; choice && *choice; choice++)
        free(*choice);
    free(admission->choices);
    *admission = (struct ask_admission){0};
}
