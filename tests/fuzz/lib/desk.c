/* SPDX-License-Identifier: BSD-2-Clause */
/* One thread plays listener, keeper, child and host; see desk.h. */
#include "fuzz/lib/desk.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frontdesk/ids.h"
#include "frontdesk/wire.h"
#include "fuzz/lib/faults.h"
#include "fuzz/lib/scene.h"

#define STORE_MAX   (512 * 1024)
#define STEPS_MAX   2000 /* calls of poll in one input: more is a sign-in that does not end */
#define FDS_WATCHED 64
#define NOW         1900000000 /* 2030 */

static const char corp[] =
    "[connection]\nissuer = https://idp.example\nclient_id = desk\nservices = sshd login su\n"
    "allowed_users = " DESK_SUBJECT "\ncreate_users = yes\nsigning_algs = EdDSA\n"
    "group_map = staff : desk\nuserinfo = never\n";

static uint8_t first_store[STORE_MAX];
static size_t first_store_size;
static unsigned fds_before, steps;
static int64_t clock_ms;
static struct desk *playing;

static unsigned open_fds(void)
{
    unsigned count = 0;

    for (int fd = 0; fd < FDS_WATCHED; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

/* Time that passes with each look at it, and with each wait. */
static int play_clock(clockid_t clock, struct timespec *now)
{
    (void)clock;
    clock_ms++;
    *now = (struct timespec){.tv_sec = NOW + clock_ms / 1000, .tv_nsec = clock_ms % 1000 * 1000000};
    return 0;
}

static time_t play_time(time_t *now)
{
    if (now)
        *now = NOW + clock_ms / 1000;
    return NOW + clock_ms / 1000;
}

int __real_poll(struct pollfd *at, nfds_t count, int ms);

/* The person answers a prompt with the next line; without one the host goes away. */
static void answer_prompt(struct desk *desk, bool echo)
{
    uint8_t packet[8 + PROTOCOL_ANSWER_MAX];
    char text[PROTOCOL_ANSWER_MAX + 1];
    struct wire_writer w = wire_write(packet, sizeof packet);

    fuzz_take_word(&desk->answers, text, sizeof text);
    if (text[0] == '!') {
        (void)shutdown(desk->host, SHUT_RDWR);
        return;
    }
    wire_put_u8(&w, MESSAGE_ANSWER);
    wire_put_u8(&w, echo ? ANSWER_TEXT : text[0] == '\0' ? ANSWER_EMPTY : ANSWER_TYPED);
    wire_put_string(&w, echo ? text : "");
    (void)send(desk->host, packet, wire_written(&w), MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void take_verdict(struct desk *desk, struct wire_reader *r)
{
    char code[PROTOCOL_REASON_MAX + 1];

    desk->verdict = wire_get_u8(r);
    wire_get_string(r, desk->user, sizeof desk->user);
    wire_get_string(r, code, sizeof code);
    FUZZ_CHECK(wire_end(r) && code[0] != '\0' && !desk->ended);
    FUZZ_CHECK(desk->verdict >= VERDICT_ALLOW && desk->verdict <= VERDICT_IGNORE);
    FUZZ_CHECK(desk->verdict == VERDICT_ALLOW || desk->user[0] == '\0');
    desk->allowed = desk->verdict == VERDICT_ALLOW;
    desk->ended = true;
}

void desk_listen(struct desk *desk)
{
    static uint8_t packet[PROTOCOL_PACKET_MAX];
    ssize_t n;

    faults_pause();
    while ((n = recv(desk->host, packet, sizeof packet, MSG_DONTWAIT)) > 0) {
        struct wire_reader r = wire_read(packet, (size_t)n);
        const unsigned type = wire_get_u8(&r);

        FUZZ_CHECK(!desk->ended);
        if (type == MESSAGE_ASK || type == MESSAGE_OFFER)
            answer_prompt(desk, type == MESSAGE_ASK && wire_get_u8(&r) == 1);
        desk->sets += type == MESSAGE_SET;
        if (type == MESSAGE_VERDICT)
            take_verdict(desk, &r);
    }
    faults_resume();
}

void desk_work(struct desk *desk)
{
    struct pollfd at = {.events = POLLIN};

    while (desk->sign_in) {
        at.fd = desk->sign_in->child;
        if (__real_poll(&at, 1, 0) <= 0)
            return;
        if (!sign_in_take(desk->keeper, desk->sign_in)) {
            sign_in_free(desk->keeper, desk->sign_in);
            desk->sign_in = NULL;
        }
    }
}

static int play_poll(struct pollfd *at, nfds_t count, int ms)
{
    int n = __real_poll(at, count, 0);

    if (n != 0 || ms == 0)
        return n;
    desk_work(playing);
    desk_listen(playing);
    n = __real_poll(at, count, 0);
    if (n != 0)
        return n;
    if (ms < 0 || ++steps > STEPS_MAX)
        (void)shutdown(playing->host, SHUT_RDWR);
    FUZZ_CHECK(steps < 2 * STEPS_MAX);
    clock_ms += ms > 0 ? ms : 0;
    return __real_poll(at, count, 0);
}

static const struct scene scene = {.poll = play_poll, .clock_gettime = play_clock, .time = play_time};

static void write_text(const char *name, const char *text)
{
    (void)fuzz_file(name, (const uint8_t *)text, strlen(text));
}

static struct keeper *new_keeper(void)
{
    static char config[128], state[128], audit[128];
    const struct keeper_options options = {
        .config_dir = config, .state_dir = state, .audit_file = audit, .child_uid = geteuid()};

    faults_pause();
    (void)snprintf(config, sizeof config, "%s", fuzz_path("etc"));
    (void)snprintf(state, sizeof state, "%s", fuzz_path("state"));
    (void)snprintf(audit, sizeof audit, "%s", fuzz_path("audit"));
    faults_resume();
    return keeper_new(&options);
}

static void add_members(struct keeper *keeper)
{
    struct config *config = config_watch_current(keeper->watch);
    const struct members_invitation ada = {.name = "ada", .email = "ada@corp.example", .connection = "corp"},
                                    bob = {.name = "bob", .email = "bob@corp.example"};
    const struct members_rebind bind = {
        .name = "ada", .issuer = "https://idp.example", .subject = DESK_SUBJECT};
    struct member member = {0};
    size_t count;

    FUZZ_CHECK(members_invite(&keeper->members, config, &ada, &member) == REASON_OK);
    member_clear(&member);
    FUZZ_CHECK(members_invite(&keeper->members, config, &bob, &member) == REASON_OK);
    member_clear(&member);
    FUZZ_CHECK(members_rebind(&keeper->members, config, &bind, &count) == REASON_OK);
}

/* The store as it is before each input, kept in memory. */
static void make_first_store(void)
{
    struct keeper *keeper;
    FILE *file;

    (void)mkdir(fuzz_path("etc"), 0755);
    (void)mkdir(fuzz_path("etc/connections.d"), 0755);
    (void)mkdir(fuzz_path("state"), 0711);
    write_text("etc/connections.d/corp.conf", corp);
    write_text("etc/frontdesk.conf", "[service sshd]\nfirst_sign_in = reconnect\n");
    write_text("audit", "");
    keeper = new_keeper();
    FUZZ_CHECK(keeper);
    add_members(keeper);
    keeper_free(keeper);
    file = fopen(fuzz_path("state/members.db"), "re");
    FUZZ_CHECK(file);
    first_store_size = fread(first_store, 1, sizeof first_store, file);
    FUZZ_CHECK(fclose(file) == 0 && first_store_size < sizeof first_store);
}

bool desk_open(struct desk *desk)
{
    static pid_t made_by;
    int module[2];

    *desk = (struct desk){.module = -1, .host = -1, .child = -1};
    faults_pause();
    if (made_by != getpid())
        make_first_store();
    made_by = getpid();
    (void)unlink(fuzz_path("state/nss/members"));
    (void)unlink(fuzz_path("state/members.db-journal"));
    (void)unlink(fuzz_path("state/members.db"));
    (void)chmod(fuzz_file("state/members.db", first_store, first_store_size), 0600);
    fds_before = open_fds();
    FUZZ_CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, module) == 0);
    faults_resume();
    clock_ms = steps = 0;
    playing = desk;
    scene_now = &scene;
    desk->module = module[0];
    desk->host = module[1];
    desk->keeper = new_keeper();
    if (!desk->keeper)
        return false;
    desk->config = config_ref(config_watch_current(desk->keeper->watch));
    return true;
}

/* What the listener sends (questions.h). */
static void hand_over(int keeper, int module, unsigned count)
{
    uint8_t bytes[9];
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(DESK_DESCRIPTORS_MAX * sizeof(int))];
    } control = {0};
    struct wire_writer w = wire_write(bytes, sizeof bytes);
    struct iovec part = {.iov_base = bytes, .iov_len = sizeof bytes};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = CMSG_SPACE(count * sizeof(int))};
    struct cmsghdr *rights = CMSG_FIRSTHDR(&message);

    wire_put_u8(&w, QUESTION_HANDOVER);
    wire_put_u32(&w, (uint32_t)getpid());
    wire_put_u32(&w, geteuid());
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(count * sizeof module);
    for (unsigned i = 0; i < count; i++)
        memcpy(CMSG_DATA(rights) + i * sizeof module, &module, sizeof module);
    FUZZ_CHECK(sendmsg(keeper, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)wire_written(&w));
}

bool desk_log_in(struct desk *desk, const struct login *login)
{
    uint8_t packet[PROTOCOL_PACKET_MAX];
    const size_t length = login_write(login, packet, sizeof packet);
    int line[2];

    faults_pause();
    FUZZ_CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, line) == 0);
    (void)send(desk->host, packet, length, MSG_DONTWAIT | MSG_NOSIGNAL);
    faults_resume();
    desk->child = line[0];
    desk->sign_in = sign_in_new(desk->keeper, line[1]);
    if (!desk->sign_in) {
        (void)close(line[1]);
        return false;
    }
    faults_pause();
    hand_over(desk->child, desk->module, desk->descriptors > 0 ? desk->descriptors : 1);
    faults_resume();
    desk_work(desk);
    return desk->sign_in != NULL;
}

static bool judge_member(void *context, const struct member *member)
{
    (void)context;
    FUZZ_CHECK(member->id >= FD_MEMBER_ID_MIN && member->id <= FD_MEMBER_ID_MAX);
    FUZZ_CHECK(member->state == MEMBER_REMOVED || member_name_is_valid(member->name, strlen(member->name)));
    FUZZ_CHECK(!member->issuer == !member->subject);
    FUZZ_CHECK(member->state != MEMBER_ACTIVE || member->subject);
    return true;
}

/* A keeper that starts now, with nothing failing, finds whole members and publishes what it finds. */
static void judge_store(void)
{
    struct keeper *keeper = new_keeper();
    struct member ada = {0};
    struct stat status;

    FUZZ_CHECK(keeper);
    FUZZ_CHECK(store_each(keeper->members.store, judge_member, NULL) == STORE_OK);
    FUZZ_CHECK(store_by_name(keeper->members.store, "ada", &ada) == STORE_OK && ada.subject &&
               strcmp(ada.subject, DESK_SUBJECT) == 0 && ada.state == MEMBER_ACTIVE);
    member_clear(&ada);
    FUZZ_CHECK(stat(fuzz_path("state/nss/members"), &status) == 0);
    keeper_free(keeper);
}

void desk_close(struct desk *desk)
{
    desk_listen(desk);
    if (desk->sign_in)
        sign_in_free(desk->keeper, desk->sign_in);
    config_unref(desk->config);
    keeper_free(desk->keeper);
    (void)close(desk->module);
    (void)close(desk->host);
    if (desk->child >= 0)
        (void)close(desk->child);
    scene_now = NULL;
    faults_pause();
    FUZZ_CHECK(open_fds() == fds_before);
    judge_store();
    faults_resume();
}
