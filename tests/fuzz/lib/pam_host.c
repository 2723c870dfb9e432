/* SPDX-License-Identifier: BSD-2-Clause */
/* libpam's functions as the linker sees them, and the sockets and names behind the module; see pam_host.h. */
#include "fuzz/lib/pam_host.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <security/pam_appl.h>
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frontdesk/wire.h"
#include "fuzz/lib/faults.h"
#include "fuzz/lib/scene.h"

/* The extension as a display manager has it. */
struct extension {
    uint32_t length;
    unsigned char type, padding[3];
    char protocol[64];
    unsigned version;
    char *json;
};

static struct pam_host *host;
static int64_t now_ms;

static int find_user(const char *name, struct passwd *entry, char *buffer, size_t size, struct passwd **found)
{
    static const struct {
        const char *name;
        uid_t uid;
    } users[] = {{"root", 0},
                 {"frontdesk", HOST_KEEPER_UID},
                 {"frontdesk-net", HOST_HELPER_UID},
                 {"ada", HOST_MEMBER_UID},
                 {"bob", HOST_MEMBER_UID + 1},
                 {"kiosk", HOST_LOCAL_UID},
                 {"other", HOST_LOCAL_UID + 1}};

    (void)buffer;
    *found = NULL;
    if (strcmp(name, "ada") == 0 && size < 2048)
        return ERANGE;
    for (size_t i = 0; i < sizeof users / sizeof users[0]; i++) {
        if (strcmp(users[i].name, name) == 0) {
            *entry = (struct passwd){.pw_uid = users[i].uid};
            *found = entry;
        }
    }
    return 0;
}

static int play_socket(int domain, int type, int protocol)
{
    (void)domain, (void)type, (void)protocol;
    return open("/dev/null", O_RDWR | O_CLOEXEC);
}

static int play_connect(int fd, const struct sockaddr *to, socklen_t n)
{
    (void)fd, (void)to, (void)n;
    errno = ECONNREFUSED;
    return host->listener == 3 ? -1 : 0;
}

static int play_setsockopt(int fd, int level, int name, const void *value, socklen_t n)
{
    (void)fd, (void)level, (void)name, (void)value, (void)n;
    return 0;
}

static int play_getsockopt(int fd, int level, int name, void *value, socklen_t *n)
{
    static const uid_t uids[] = {HOST_HELPER_UID, 0, 12345, 0};
    const struct ucred peer = {.pid = 1, .uid = uids[host->listener]};

    (void)fd, (void)level, (void)name;
    memcpy(value, &peer, sizeof peer);
    *n = sizeof peer;
    return 0;
}

static ssize_t play_send(int fd, const void *from, size_t n, int flags)
{
    (void)fd, (void)from, (void)flags;
    host->sent++;
    return (ssize_t)n;
}

static ssize_t play_recv(int fd, void *to, size_t n, int flags)
{
    (void)fd, (void)to, (void)n, (void)flags;
    host->more_came = host->packets.left > 0;
    return host->packets.left > 0 ? 1 : 0;
}

/* What the keeper decided, as the module should understand it. */
static void note_verdict(const uint8_t *packet, size_t length, bool from_keeper)
{
    struct wire_reader r = wire_read(packet, length);
    const unsigned type = wire_get_u8(&r);
    char reason[PROTOCOL_REASON_MAX + 1];

    host->verdict_came = false;
    if (type != MESSAGE_VERDICT || !from_keeper)
        return;
    host->verdict = wire_get_u8(&r);
    wire_get_string(&r, host->verdict_user, sizeof host->verdict_user);
    wire_get_string(&r, reason, sizeof reason);
    host->verdict_came = wire_end(&r);
}

static void put_sender(struct msghdr *message, bool from_keeper)
{
    const struct ucred sender = {.pid = 1, .uid = from_keeper ? HOST_KEEPER_UID : HOST_HELPER_UID};
    struct cmsghdr *control = CMSG_FIRSTHDR(message);

    control->cmsg_level = SOL_SOCKET;
    control->cmsg_type = SCM_CREDENTIALS;
    control->cmsg_len = CMSG_LEN(sizeof sender);
    memcpy(CMSG_DATA(control), &sender, sizeof sender);
}

static ssize_t play_recvmsg(int fd, struct msghdr *message, int flags)
{
    const uint8_t sender = fuzz_take(&host->packets);
    size_t length = (size_t)fuzz_take(&host->packets) << 8;
    const struct iovec *part = message->msg_iov;

    (void)fd, (void)flags;
    length |= fuzz_take(&host->packets);
    if (length > host->packets.left)
        length = host->packets.left;
    if (length == 0)
        return 0;
    message->msg_flags = length > part->iov_len ? MSG_TRUNC : sender & 2 ? MSG_CTRUNC : 0;
    memcpy(part->iov_base, host->packets.at, length < part->iov_len ? length : part->iov_len);
    note_verdict(host->packets.at, length, (sender & 1) != 0);
    put_sender(message, (sender & 1) != 0);
    host->packets.at += length;
    host->packets.left -= length;
    return (ssize_t)length;
}

/* Some packets come late. */
static int play_poll(struct pollfd *at, nfds_t count, int ms)
{
    (void)at, (void)count;
    if (host->packets.left > 0 && (host->packets.at[0] & 4) != 0) {
        now_ms += ms;
        return 0;
    }
    return 1;
}

static int play_clock(clockid_t clock, struct timespec *now)
{
    (void)clock;
    now_ms++;
    *now = (struct timespec){.tv_sec = now_ms / 1000, .tv_nsec = now_ms % 1000 * 1000000};
    return 0;
}

static const struct scene scene = {.socket = play_socket,
                                   .connect = play_connect,
                                   .setsockopt = play_setsockopt,
                                   .getsockopt = play_getsockopt,
                                   .send = play_send,
                                   .recv = play_recv,
                                   .recvmsg = play_recvmsg,
                                   .poll = play_poll,
                                   .clock_gettime = play_clock,
                                   .getpwnam_r = find_user};

void pam_host_begin(struct pam_host *played)
{
    host = played;
    now_ms = 0;
    scene_now = &scene;
}

void pam_host_end(void)
{
    host = NULL;
    scene_now = NULL;
}

char *__wrap_secure_getenv(const char *name);
char *__wrap_secure_getenv(const char *name)
{
    static char offered[] = "another org.gnome.DisplayManager.UserVerifier.CustomJSON";

    (void)name;
    return host && host->greets ? offered : NULL;
}

uid_t __real_geteuid(void);
uid_t __wrap_geteuid(void);
uid_t __wrap_geteuid(void)
{
    return host ? (host->is_kiosk ? HOST_LOCAL_UID : 0) : __real_geteuid();
}

static int answer_greeter(const struct pam_message *message, struct pam_response *response)
{
    const struct extension *request = (const struct extension *)(const void *)message->msg;
    char line[600];

    FUZZ_CHECK(host->greets && message->msg_style == PAM_BINARY_PROMPT && request->type == 1 &&
               ntohl(request->length) == sizeof *request && request->version == 1);
    FUZZ_CHECK(strcmp(request->protocol, PROTOCOL_MECHANISMS) == 0 ||
               strcmp(request->protocol, PROTOCOL_FRONTDESK) == 0);
    for (const char *c = request->json; *c != '\0'; c++)
        FUZZ_CHECK((unsigned char)*c >= 0x20);
    fuzz_take_word(&host->person, line, sizeof line);
    if (line[0] == '!')
        return line[1] == '\0' ? PAM_CONV_ERR : PAM_SUCCESS;
    host->typed = true;
    response->resp = (char *)fuzz_copy((const uint8_t *)request, sizeof *request);
    ((struct extension *)(void *)response->resp)->json =
        line[0] == '?' ? NULL : fuzz_text((const uint8_t *)line, strlen(line));
    return PAM_SUCCESS;
}

static int converse(int count, const struct pam_message **messages, struct pam_response **ret_responses,
                    void *context)
{
    int code;

    FUZZ_CHECK(count == 1 && !context);
    host->shown++;
    if (host->user_changes)
        host->user = "bob";
    if (fault_is_due(FAULT_PAM, 0))
        return PAM_CONV_ERR;
    faults_pause();
    *ret_responses = calloc(1, sizeof **ret_responses);
    code = answer_greeter(messages[0], *ret_responses);
    faults_resume();
    return code;
}

static const void *item_of(int type)
{
    static const struct pam_conv conversation = {.conv = converse};

    switch (type) {
    case PAM_USER:
        return host->user;
    case PAM_SERVICE:
        return host->is_kiosk ? PROTOCOL_KIOSK_SERVICE : "login";
    case PAM_CONV:
        return &conversation;
    default:
        return NULL;
    }
}

int __wrap_pam_get_item(const pam_handle_t *pamh, int type, const void **item);
int __wrap_pam_get_item(const pam_handle_t *pamh, int type, const void **item)
{
    (void)pamh;
    if (fault_is_due(FAULT_PAM, 0))
        return PAM_BAD_ITEM;
    *item = item_of(type);
    return PAM_SUCCESS;
}

int __wrap_pam_set_item(pam_handle_t *pamh, int type, const void *item);
int __wrap_pam_set_item(pam_handle_t *pamh, int type, const void *item)
{
    (void)pamh;
    FUZZ_CHECK(type == PAM_USER || type == PAM_AUTHTOK);
    if (fault_is_due(FAULT_PAM, 0))
        return PAM_BUF_ERR;
    if (type == PAM_USER)
        (void)snprintf(host->set_user, sizeof host->set_user, "%s", (const char *)item);
    else
        host->has_authtok = item != NULL;
    return PAM_SUCCESS;
}

const char *__wrap_pam_getenv(pam_handle_t *pamh, const char *name);
const char *__wrap_pam_getenv(pam_handle_t *pamh, const char *name)
{
    (void)pamh;
    return strcmp(name, "FRONTDESK_SESSION") == 0 && !fault_is_due(FAULT_PAM, 0) ? host->ticket : NULL;
}

int __wrap_pam_putenv(pam_handle_t *pamh, const char *entry);
int __wrap_pam_putenv(pam_handle_t *pamh, const char *entry)
{
    (void)pamh;
    FUZZ_CHECK(strncmp(entry, "FRONTDESK_", 10) == 0 && strchr(entry, '=') && host->verdict_came &&
               host->verdict == VERDICT_ALLOW);
    if (fault_is_due(FAULT_PAM, 0))
        return PAM_BUF_ERR;
    host->put_count++;
    return PAM_SUCCESS;
}

static int answer_prompt(char **response)
{
    char line[600];

    fuzz_take_word(&host->person, line, sizeof line);
    *response = line[0] == '!' ? NULL : fuzz_text((const uint8_t *)line, strlen(line));
    host->typed = host->typed || (*response && **response);
    return line[0] == '!' && line[1] == '\0' ? PAM_CONV_ERR : PAM_SUCCESS;
}

int __wrap_pam_prompt(pam_handle_t *pamh, int style, char **response, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
int __wrap_pam_prompt(pam_handle_t *pamh, int style, char **response, const char *format, ...)
{
    va_list list;
    const char *text;

    (void)pamh;
    FUZZ_CHECK(strcmp(format, "%s") == 0);
    va_start(list, format);
    text = va_arg(list, const char *);
    va_end(list);
    for (; *text != '\0'; text++)
        FUZZ_CHECK(*text == '\n' || (unsigned char)*text >= 0x20);
    host->shown++;
    if (host->user_changes)
        host->user = "bob";
    if (fault_is_due(FAULT_PAM, 0))
        return PAM_CONV_ERR;
    if (style != PAM_PROMPT_ECHO_OFF && style != PAM_PROMPT_ECHO_ON)
        return PAM_SUCCESS;
    return answer_prompt(response);
}

void __wrap_pam_syslog(const pam_handle_t *pamh, int priority, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void __wrap_pam_syslog(const pam_handle_t *pamh, int priority, const char *format, ...)
{
    char line[1024];
    va_list list;

    (void)pamh, (void)priority;
    va_start(list, format);
    (void)vsnprintf(line, sizeof line, format, list);
    va_end(list);
    for (const char *c = line; *c != '\0'; c++)
        FUZZ_CHECK(*c >= 0x20 && *c < 0x7f);
}
