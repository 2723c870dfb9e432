/* SPDX-License-Identifier: BSD-2-Clause */
/* One loop over the module's socket, the session's events, the terminal and signals. */
#include "cli/login/dialog.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/output.h"
#include "clock.h"
#include "frontdesk/wire.h"
#include "sockets.h"

enum step { STEP_ON, STEP_VERDICT, STEP_CLOSED, STEP_BROKEN };

/* Bytes of a packet and the process that the kernel says sent it; 0: the end. */
static size_t receive_from(int fd, void *packet, size_t size, pid_t *ret_sender)
{
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(struct ucred))];
    } control;
    struct iovec part = {.iov_base = packet, .iov_len = size};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    struct ucred sender = {0};
    const ssize_t n = recvmsg(fd, &message, MSG_CMSG_CLOEXEC);

    for (struct cmsghdr *c = n > 0 ? CMSG_FIRSTHDR(&message) : NULL; c; c = CMSG_NXTHDR(&message, c))
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_CREDENTIALS)
            memcpy(&sender, CMSG_DATA(c), sizeof sender);
    *ret_sender = sender.pid;
    return n > 0 && (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) == 0 ? (size_t)n : 0;
}

static bool send_answer(const struct dialog *dialog, enum answer_kind kind, const char *text)
{
    uint8_t packet[PROTOCOL_ANSWER_MAX + 8];
    struct wire_writer w = wire_write(packet, sizeof packet);

    wire_put_u8(&w, MESSAGE_ANSWER);
    wire_put_u8(&w, kind);
    wire_put_string(&w, text);
    /* The verdict may be there already, and the other side gone: no error. */
    (void)packet_send(dialog->run->module, packet, wire_written(&w));
    return wire_written(&w) > 0;
}

static void set_echo(bool on)
{
    struct termios terminal;

    if (tcgetattr(STDIN_FILENO, &terminal) != 0)
        return;
    if (on)
        terminal.c_lflag |= ECHO;
    else
        terminal.c_lflag &= ~(tcflag_t)ECHO;
    (void)tcsetattr(STDIN_FILENO, TCSANOW, &terminal);
}

static void close_prompt(struct dialog *dialog)
{
    if (!dialog->asking)
        return;
    dialog->asking = false;
    if (!dialog->asking_echo) {
        set_echo(true);
        (void)putchar('\n');
        (void)fflush(stdout);
    }
}

/* A script is never asked: what it would have to say stands in its options. */
static enum step open_prompt(struct dialog *dialog, bool echo, const char *text)
{
    const bool asks = !dialog->json && isatty(STDIN_FILENO);

    /* Before the question is seen: whoever answers at once is not to see the answer. */
    if (asks && !echo)
        set_echo(false);
    if (!dialog->json) {
        (void)printf("%s%s", text, asks ? "" : "\n");
        (void)fflush(stdout);
    }
    if (!asks)
        return send_answer(dialog, echo ? ANSWER_TEXT : ANSWER_EMPTY, "") ? STEP_ON : STEP_BROKEN;
    dialog->asking = true;
    dialog->asking_echo = echo;
    return STEP_ON;
}

/* The terminal gives a line at a time. */
static enum step take_typed(struct dialog *dialog)
{
    char line[PROTOCOL_ANSWER_MAX + 2];
    const ssize_t n = read(STDIN_FILENO, line, sizeof line - 1);
    const bool echo = dialog->asking_echo;
    bool sent;

    if (n < 0 && (errno == EINTR || errno == EAGAIN))
        return STEP_ON;
    line[n > 0 ? n : 0] = '\0';
    line[strcspn(line, "\r\n")] = '\0';
    close_prompt(dialog);
    if (echo)
        sent = strlen(line) <= PROTOCOL_ANSWER_MAX && send_answer(dialog, ANSWER_TEXT, line);
    else
        sent = send_answer(dialog, line[0] == '\0' ? ANSWER_EMPTY : ANSWER_TYPED, "");
    explicit_bzero(line, sizeof line);
    return sent ? STEP_ON : STEP_BROKEN;
}

static enum step take_verdict(struct dialog *dialog, struct wire_reader *r)
{
    char member[PROTOCOL_USER_MAX + 1], reason[PROTOCOL_REASON_MAX + 1];
    const unsigned verdict = wire_get_u8(r);

    wire_get_string(r, member, sizeof member);
    wire_get_string(r, reason, sizeof reason);
    if (!wire_end(r) || verdict < VERDICT_ALLOW || verdict > VERDICT_IGNORE)
        return STEP_BROKEN;
    dialog->verdict = (enum verdict)verdict;
    memcpy(dialog->member, member, sizeof member);
    memcpy(dialog->reason, reason, sizeof reason);
    return STEP_VERDICT;
}

static enum step take_text(struct dialog *dialog, unsigned type, struct wire_reader *r)
{
    AUTO_FREE char *text = malloc(PROTOCOL_TEXT_MAX + 1);
    const bool echo = type == MESSAGE_ASK && wire_get_u8(r) == 1;

    if (!text)
        return STEP_BROKEN;
    wire_get_string(r, text, PROTOCOL_TEXT_MAX + 1);
    if (!wire_end(r) || (type == MESSAGE_ASK && dialog->asking))
        return STEP_BROKEN;
    if (type == MESSAGE_ASK)
        return open_prompt(dialog, echo, text);
    /* Standard output is a script's alone; why somebody is refused, a person may read beside it. */
    if (!dialog->json || type == MESSAGE_WARN) {
        /* Below a prompt that is still open; it stays so. */
        (void)fprintf(type == MESSAGE_SHOW ? stdout : stderr, "%s%s\n", dialog->asking ? "\n" : "", text);
        (void)fflush(stdout);
    }
    return STEP_ON;
}

static enum step take_set(struct wire_reader *r)
{
    char name[PROTOCOL_FIELD_MAX + 1], value[PROTOCOL_FIELD_MAX + 1];

    wire_get_string(r, name, sizeof name);
    wire_get_string(r, value, sizeof value);
    explicit_bzero(value, sizeof value);
    return wire_end(r) ? STEP_ON : STEP_BROKEN;
}

static enum step take_packet(struct dialog *dialog)
{
    uint8_t packet[PROTOCOL_PACKET_MAX];
    pid_t sender;
    const size_t n = receive_from(dialog->run->module, packet, sizeof packet, &sender);
    struct wire_reader r = wire_read(packet, n);
    const unsigned type = wire_get_u8(&r);
    const bool keepers = type == MESSAGE_SET || type == MESSAGE_VERDICT;

    if (n == 0)
        return STEP_CLOSED;
    if (sender != (keepers ? dialog->run->keeper : dialog->run->child.pid) ||
        ++dialog->messages > PROTOCOL_MESSAGES_MAX || (type == MESSAGE_HELLO) == dialog->said_hello)
        return STEP_BROKEN;
    switch (type) {
    case MESSAGE_HELLO:
        dialog->said_hello = wire_get_u16(&r) == PROTOCOL_VERSION && wire_end(&r);
        return dialog->said_hello ? STEP_ON : STEP_BROKEN;
    case MESSAGE_SHOW:
    case MESSAGE_WARN:
    case MESSAGE_ASK:
        return take_text(dialog, type, &r);
    case MESSAGE_SET:
        return take_set(&r);
    case MESSAGE_VERDICT:
        return take_verdict(dialog, &r);
    default:
        return STEP_BROKEN;
    }
}

/* The object is taken over. */
static void take_event(struct dialog *dialog, char kind, struct json_document *object)
{
    if (kind == EVENT_PROMPT && dialog->json && object)
        (void)output_json(object);
    if (kind == EVENT_CLAIMS && !dialog->claims)
        dialog->claims = object;
    else if (kind == EVENT_PROFILE && !dialog->profile)
        dialog->profile = object;
    else if (kind == EVENT_SCOPES && !dialog->scopes)
        dialog->scopes = object;
    else if (kind == EVENT_RULE && object && dialog->rule_count < POLICY_RULES_MAX)
        dialog->rules[dialog->rule_count++] = object;
    else
        json_free(object);
}

/* False: the other end of the pipe is gone. */
static bool take_events(struct dialog *dialog)
{
    const bool more = event_reader_fill(&dialog->events, dialog->run->child.output);
    struct json_document *object;
    char kind;

    while (event_reader_next(&dialog->events, &kind, &object))
        take_event(dialog, kind, object);
    return more;
}

static int milliseconds_left(const struct dialog *dialog)
{
    const int64_t left = dialog->deadline_ms - boottime_ms();

    return left <= 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

static enum dialog_end talk(struct dialog *dialog)
{
    struct pollfd at[4] = {
        {.fd = dialog->signals, .events = POLLIN},
        {.fd = dialog->run->child.output, .events = POLLIN},
        {.fd = dialog->run->module, .events = POLLIN},
        {.fd = -1, .events = POLLIN},
    };
    enum step step = STEP_ON;

    while (step == STEP_ON) {
        at[3].fd = dialog->asking ? STDIN_FILENO : -1;
        const int n = poll(at, 4, milliseconds_left(dialog));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 || at[0].revents != 0)
            return n < 0 ? DIALOG_BROKEN : DIALOG_INTERRUPTED;
        if (n == 0)
            return DIALOG_TIMEOUT;
        /* Events first: what the session told stands before the verdict that came of it. */
        if (at[1].revents != 0 && !take_events(dialog))
            at[1].fd = -1;
        if (at[2].revents != 0)
            step = take_packet(dialog);
        else if (at[3].revents != 0)
            step = take_typed(dialog);
    }
    return step == STEP_VERDICT ? DIALOG_VERDICT : step == STEP_CLOSED ? DIALOG_CLOSED : DIALOG_BROKEN;
}

enum dialog_end dialog_run(struct dialog *dialog, const struct login *login)
{
    uint8_t packet[PROTOCOL_PACKET_MAX];
    const size_t length = login_write(login, packet, sizeof packet);
    enum dialog_end end;

    if (length == 0 || fcntl(dialog->run->child.output, F_SETFL, O_NONBLOCK) != 0 ||
        !packet_send(dialog->run->module, packet, length))
        return DIALOG_BROKEN;
    end = talk(dialog);
    (void)take_events(dialog);
    close_prompt(dialog);
    free(dialog->events.text);
    dialog->events = (struct event_reader){0};
    return end;
}

void dialog_clear(struct dialog *dialog)
{
    json_free(dialog->claims);
    json_free(dialog->profile);
    json_free(dialog->scopes);
    for (size_t i = 0; i < dialog->rule_count; i++)
        json_free(dialog->rules[i]);
    dialog->rule_count = 0;
    dialog->claims = dialog->profile = dialog->scopes = NULL;
}
