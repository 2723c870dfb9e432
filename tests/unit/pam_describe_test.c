/* SPDX-License-Identifier: BSD-2-Clause */
/* LOGIN, as the PAM module makes it of items, environments and the terminal. */
#include "unit/pam_stage.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "../../pam_module/describe.h"
#include "frontdesk/protocol.h"
#include "frontdesk/wire.h"

static unsigned short widths[3]; /* of the terminals on 0 to 2; 0: there is none */
static unsigned columns, rows;   /* that LOGIN said last */

int __wrap_ioctl(int fd, unsigned long request, void *ret_size);
int __wrap_ioctl(int fd, unsigned long request, void *ret_size)
{
    assert_true(request == TIOCGWINSZ && fd >= STDIN_FILENO && fd <= STDERR_FILENO);
    if (widths[fd] == 0) {
        errno = ENOTTY;
        return -1;
    }
    *(struct winsize *)ret_size = (struct winsize){.ws_col = widths[fd], .ws_row = 24};
    return 0;
}

static int clean(void **state)
{
    (void)state;
    memset(&pam, 0, sizeof pam);
    memset(widths, 0, sizeof widths);
    return 0;
}

/* LOGIN of a call in that environment; its strings one behind the other with a bar between. */
static const char *described(const struct call *call)
{
    static char all[1024];
    uint8_t packet[PROTOCOL_PACKET_MAX];
    char field[PROTOCOL_FIELD_MAX + 1];
    const size_t length = describe_call(call, packet, sizeof packet);
    struct wire_reader r = wire_read(packet, length);
    size_t used = 0;

    if (length == 0)
        return NULL;
    (void)wire_get_bytes(&r, 5);
    columns = wire_get_u16(&r);
    rows = wire_get_u16(&r);
    for (int i = 0; i < 11; i++) {
        wire_get_string(&r, field, sizeof field);
        assert_false(r.failed);
        used += (size_t)snprintf(all + used, sizeof all - used, "%s|", field);
    }
    (void)wire_get_u32(&r);
    assert_true(wire_end(&r));
    return all;
}

static void a_login_says_what_the_host_says(void **state)
{
    struct call call = {.pamh = PAMH,
                        .phase = PHASE_AUTH,
                        .caller = {.user = "ana"},
                        .arguments = {.connection = "staff", .timeout_s = 9}};
    char wide[PROTOCOL_FIELD_MAX + 2];

    (void)state;
    pam.items[PAM_SERVICE] = "login";
    pam.items[PAM_TTY] = "tty1";
    pam.items[PAM_RHOST] = "192.0.2.7";
    pam.items[PAM_RUSER] = "maria";
    pam.ticket = "ticket";
    pam.ssh_auth_info = "publickey";
    assert_int_equal(setenv("LC_ALL", "", 1), 0);
    assert_int_equal(setenv("LC_MESSAGES", "pt_PT.UTF-8", 1), 0);
    assert_int_equal(setenv("LANG", "C", 1), 0);
    assert_string_equal(described(&call),
                        "ana|login|tty1|192.0.2.7|maria|pt_PT.UTF-8|ANSI_X3.4-1968|publickey||staff|ticket|");
    assert_int_equal(setenv("LC_ALL", "../x", 1), 0);
    assert_string_equal(described(&call),
                        "ana|login|tty1|192.0.2.7|maria||ANSI_X3.4-1968|publickey||staff|ticket|");
    memset(wide, 'x', sizeof wide - 1);
    wide[sizeof wide - 1] = '\0';
    pam.ticket = wide;
    assert_non_null(strstr(described(&call), "|publickey||staff||"));
    pam.ticket = wide + 1;
    assert_null(strstr(described(&call), "|publickey||staff||"));
    pam.ticket = NULL;
    pam.items[PAM_RHOST] = wide;
    assert_null(described(&call));
    pam.items[PAM_RHOST] = wide + 1;
    assert_non_null(described(&call));
    pam.items_fail = true;
    pam.ssh_auth_info = NULL;
    assert_string_equal(described(&call), "ana||||||ANSI_X3.4-1968|||staff||");
}

static void a_login_says_how_large_the_terminal_is(void **state)
{
    const struct call call = {.pamh = PAMH, .phase = PHASE_AUTH};

    (void)state;
    for (int fd = STDERR_FILENO; fd >= STDIN_FILENO; fd--) {
        widths[fd] = (unsigned short)(80 + fd);
        assert_non_null(described(&call));
        assert_int_equal(columns, 80 + fd);
        assert_int_equal(rows, 24);
    }
    pam.items[PAM_SERVICE] = "sshd"; /* that terminal is not the person's */
    assert_non_null(described(&call));
    assert_int_equal(columns, 0);
    assert_int_equal(rows, 0);
    (void)clean(NULL);
    assert_non_null(described(&call));
    assert_int_equal(columns, 0);
}

#define TEST(name) cmocka_unit_test_setup(name, clean)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_login_says_what_the_host_says),
        TEST(a_login_says_how_large_the_terminal_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
