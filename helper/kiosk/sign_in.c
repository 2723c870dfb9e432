/* SPDX-License-Identifier: BSD-2-Clause */
/* From pam_start to pam_end. It ends with its server, however that ends, and with its socket. */
#include "kiosk/sign_in.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <syslog.h>
#include <unistd.h>

#include "cleanup.h"
#include "kiosk/kiosk_state.h"
#include "log.h"
#include "reason.h"
#include "secret.h"
#include "sockets.h"
#include "json/json.h"

#define CONFIRM_GRACE_S 2 /* the server counts more strictly */
#define CONFIRM_PACKET  64

/* A refusal that nobody told in words of its own. */
static const char *reason_of(int result)
{
    switch (result) {
    case PAM_AUTH_ERR:
    case PAM_PERM_DENIED:
        return reason_code(REASON_NOT_ALLOWED);
    case PAM_SESSION_ERR: /* approved, and yet not recorded: too late, or somebody restarted something */
        return reason_code(REASON_SESSION_UNKNOWN);
    case PAM_USER_UNKNOWN:
        return reason_code(REASON_NOT_A_MEMBER);
    case PAM_IGNORE:
        return reason_code(REASON_NO_CONNECTION);
    default:
        return reason_code(REASON_INTERNAL);
    }
}

static bool is_confirmed(const struct sign_in *sign_in, uint32_t seconds)
{
    char packet[CONFIRM_PACKET];
    const size_t length =
        packet_receive(sign_in->server, packet, sizeof packet, (int)(seconds + CONFIRM_GRACE_S) * 1000);
    AUTO_JSON struct json_document *document = length > 0 ? json_parse(packet, length) : NULL;

    return json_string_is(json_get(json_top(document), "action"), "confirm");
}

/* Opening the session is what records the check-in; it is closed at once, for nobody stays in it. */
static int check_in(struct sign_in *sign_in, pam_handle_t *pamh)
{
    const int result = pam_open_session(pamh, 0);

    if (result != PAM_SUCCESS)
        return result;
    if (!sign_in_say_recorded(sign_in, pamh))
        log_line(LOG_ERR, "a check-in was recorded, and the page could not be told how");
    (void)pam_close_session(pamh, 0);
    return PAM_SUCCESS;
}

static int converse(struct sign_in *sign_in, pam_handle_t *pamh, uint32_t confirm_after_s)
{
    const char *name;
    int result = pam_authenticate(pamh, 0);

    if (result == PAM_SUCCESS)
        result = pam_acct_mgmt(pamh, 0);
    if (result != PAM_SUCCESS)
        return result;
    name = pam_getenv(pamh, "FRONTDESK_NAME");
    if (!sign_in_say_approved(sign_in, name))
        return PAM_ABORT;
    if (!is_confirmed(sign_in, confirm_after_s)) {
        (void)sign_in_say_refused(sign_in, reason_code(REASON_TIMEOUT));
        return PAM_SUCCESS;
    }
    return check_in(sign_in, pamh);
}

static bool prepare(void)
{
    static const char *const languages[] = {"LANG", "LC_ALL", "LC_MESSAGES", "LANGUAGE"};

    /* The machine's language counts, which the helper knows. */
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++)
        (void)unsetenv(languages[i]);
    (void)signal(SIGPIPE, SIG_IGN);
    return close_range(WORKER_FD + 1, UINT_MAX, 0) == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 &&
           prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && secret_forbid_dumps() &&
           sign_in_offer_extension() && !socket_is_hung_up(WORKER_FD);
}

static int run(struct sign_in *sign_in, uint32_t confirm_after_s)
{
    const struct pam_conv conversation = {.conv = sign_in_converse, .appdata_ptr = sign_in};
    pam_handle_t *pamh = NULL;
    int result = pam_start(KIOSK_SERVICE, NULL, &conversation, &pamh);

    if (result == PAM_SUCCESS)
        result = converse(sign_in, pamh, confirm_after_s);
    if (result != PAM_SUCCESS) {
        log_line(LOG_INFO, "a sign-in was refused: %s (%s)",
                 sign_in->refusal.reason[0] ? sign_in->refusal.reason : reason_of(result),
                 pam_strerror(pamh, result));
        (void)sign_in_say_refused(sign_in, reason_of(result));
    }
    if (pamh)
        (void)pam_end(pamh, result);
    return result == PAM_SUCCESS ? 0 : 1;
}

int sign_in_run(uint32_t confirm_after_s)
{
    struct sign_in *sign_in;
    int status;

    if (!prepare()) {
        log_line(LOG_ERR, "a sign-in could not begin: %s", strerror(errno));
        return 1;
    }
    sign_in = calloc(1, sizeof *sign_in);
    if (!sign_in)
        return 1;
    sign_in->server = WORKER_FD;
    status = run(sign_in, confirm_after_s);
    explicit_bzero(sign_in, sizeof *sign_in);
    free(sign_in);
    return status;
}
