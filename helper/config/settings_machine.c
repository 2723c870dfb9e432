/* SPDX-License-Identifier: BSD-2-Clause */
/* The settings of frontdesk.conf: this machine, its services and its kiosk. */
#include "config/config.h"
#include "config/settings.h"
#include "frontdesk/ids.h"

#define TEXT_OF(number) #number
#define DIGITS(number)  TEXT_OF(number)
#define A_DAY           (24 * 60 * 60)

static const struct setting_word prompt_words[] = {
    {"auto", PROMPT_AUTO}, {"enter", PROMPT_ENTER}, {"none", PROMPT_NONE}, {NULL, 0}};
static const struct setting_word qr_words[] = {
    {"auto", QR_AUTO}, {"utf8", QR_UTF8}, {"ascii", QR_ASCII}, {"none", QR_NONE}, {NULL, 0}};
static const struct setting_word first_sign_in_words[] = {
    {"refuse", FIRST_SIGN_IN_REFUSE}, {"reconnect", FIRST_SIGN_IN_RECONNECT}, {NULL, 0}};
static const struct setting_word role_words[] = {
    {"staff", ROLE_STAFF}, {"customer", ROLE_CUSTOMER}, {NULL, 0}};
static const struct setting_word log_out_words[] = {
    {"none", LOG_OUT_NONE}, {"link", LOG_OUT_LINK}, {"qr", LOG_OUT_QR}, {NULL, 0}};
static const struct setting_word idle_words[] = {
    {"touch", KIOSK_IDLE_TOUCH}, {"always", KIOSK_IDLE_ALWAYS}, {NULL, 0}};

#define MEMBERS(field)                                                                                       \
    .section = SECTION_MEMBERS, .key = #field, .offset = offsetof(struct members_settings, field)
#define MACHINE(field)                                                                                       \
    .section = SECTION_MACHINE, .key = #field, .offset = offsetof(struct machine_settings, field)
#define LIMITS(field)                                                                                        \
    .section = SECTION_LIMITS, .key = #field, .offset = offsetof(struct limits_settings, field)
#define AUDIT(field)   .section = SECTION_AUDIT, .key = #field, .offset = offsetof(struct audit_settings, field)
#define KIOSK(field)   .section = SECTION_KIOSK, .key = #field, .offset = offsetof(struct kiosk_settings, field)
#define SERVICE(field) .section = SECTION_SERVICE, .key = #field, .offset = offsetof(struct service, field)

const struct setting machine_settings[] = {
    {.section = SECTION_MEMBERS,
     .key = "uid_range",
     .offset = offsetof(struct members_settings, id_min),
     .parse = setting_id_range,
     .fallback = DIGITS(FD_MEMBER_ID_MIN) "-" DIGITS(FD_MEMBER_ID_MAX),
     .help = "ids given to members: FIRST-LAST; may only narrow the range built in"},
    {MEMBERS(home_base), .parse = setting_home_base, .fallback = "/home",
     .help = "folder of the members' homes"},
    {MEMBERS(shell), .parse = setting_shell, .fallback = "/bin/bash", .help = "the members' shell"},
    {MEMBERS(umask), .parse = setting_umask, .fallback = "077",
     .help = "octal; what the stacks' pam_mkhomedir should have: `frontdesk check` compares"},

    {MACHINE(name), .parse = setting_text,
     .help = "what this machine is called on screen (default: its host name)"},
    {MACHINE(location), .parse = setting_text,
     .help = "where it stands; a connection's `locations` names such places"},
    {MACHINE(language), .parse = setting_text, .fallback = "en",
     .help = "language of the texts where the host names none"},

    {LIMITS(sign_ins), .parse = setting_number, .min = 1, .max = LIMITS_SIGN_INS_MAX, .fallback = "500",
     .help =
         "sign-ins at the same time; a tenth more on this machine itself when other hosts have taken them"},
    {LIMITS(sign_ins_per_user), .parse = setting_number, .min = 1, .max = 10000, .fallback = "3",
     .help = "of these for one user name from one remote host, or by one local user"},
    {LIMITS(sign_ins_per_host), .parse = setting_number, .min = 1, .max = 10000, .fallback = "20",
     .help = "of these from one remote host for names that are not members', or by one local user"},
    {LIMITS(unprivileged), .parse = setting_number, .max = LIMITS_UNPRIVILEGED_MAX, .fallback = "20",
     .help = "sign-ins at the same time that users other than root asked for, besides those"},
    {LIMITS(starts_per_minute), .parse = setting_number, .min = 1, .max = 100000, .fallback = "600",
     .help = "sign-ins that begin in a minute, in all"},
    {LIMITS(starts_burst), .parse = setting_number, .min = 1, .max = 100000, .fallback = "600",
     .help = "of these at once, after a quiet while"},
    {LIMITS(starts_per_minute_per_user), .parse = setting_number, .min = 1, .max = 100000, .fallback = "10",
     .help = "of these for one user name from one remote host, or by one local user"},
    {LIMITS(starts_burst_per_user), .parse = setting_number, .min = 1, .max = 100000, .fallback = "20",
     .help = "of these at once, after a quiet while"},
    {LIMITS(starts_per_minute_per_host), .parse = setting_number, .min = 1, .max = 100000, .fallback = "20",
     .help = "of these from one remote host"},
    {LIMITS(starts_burst_per_host), .parse = setting_number, .min = 1, .max = 100000, .fallback = "40",
     .help = "of these at once, after a quiet while"},
    {LIMITS(starts_per_minute_per_peer), .parse = setting_number, .min = 1, .max = 100000, .fallback = "20",
     .help = "of these by one local user (su, sudo, screen lockers)"},
    {LIMITS(starts_burst_per_peer), .parse = setting_number, .min = 1, .max = 100000, .fallback = "40",
     .help = "of these at once, after a quiet while"},

    {AUDIT(max_size), .parse = setting_size, .min = 64 * 1000, .max = 1000U * 1000 * 1000,
     .fallback = "10 MB", .help = "the audit file is begun anew before it grows beyond this"},
    {AUDIT(keep), .parse = setting_number, .min = 1, .max = 99, .fallback = "8",
     .help = "full audit files that stay beside it; the oldest goes"},

    {KIOSK(user), .parse = setting_local_user, .fallback = "frontdesk-kiosk",
     .help = "local user that the kiosk's own process runs as"},
    {KIOSK(listen), .parse = setting_listen, .fallback = "127.0.0.1:8080",
     .help = "ADDRESS:PORT of this machine's loopback where the page is served"},
    {KIOSK(connection), .parse = setting_connection_name,
     .help = "chooses among the connections enabled for frontdesk-kiosk"},
    {KIOSK(idle), .parse = setting_choice, .words = idle_words, .fallback = "touch",
     .help = "touch: a code is shown after a touch; always: there is always one"},
    {KIOSK(confirm_after), .parse = setting_seconds, .min = 1, .max = 3600, .fallback = "15 s",
     .help = "how long a check-in waits for its confirmation"},
    {KIOSK(reset_after), .parse = setting_seconds, .min = 1, .max = 3600, .fallback = "8 s",
     .help = "how long the welcome stays before the page is idle again"},
    {KIOSK(on_check_in), .parse = setting_path, .help = "program to run after a check-in; absolute path"},
    {KIOSK(on_check_out), .parse = setting_path, .help = "program to run after a check-out; absolute path"},
    {KIOSK(hook_timeout), .parse = setting_seconds, .min = 1, .max = 3600, .fallback = "10 s",
     .help = "how long such a program may run; then it is killed, and run again later"},
    {KIOSK(check_in_limit), .parse = setting_seconds, .min = 1, .max = 36500U * A_DAY, .fallback = "16h",
     .help = "a check-in that is open for so long ends by itself"},
    {KIOSK(keep_check_ins), .parse = setting_seconds, .min = 1, .max = 36500U * A_DAY, .fallback = "90d",
     .help = "how long check-ins are remembered"},

    {SERVICE(role), .parse = setting_choice, .words = role_words, .fallback = "staff",
     .help = "whom the service is for: two audiences with policies of their own"},
    {SERVICE(connection), .parse = setting_connection_name,
     .help = "chooses among the connections enabled for it"},
    {SERVICE(prompt), .parse = setting_choice, .words = prompt_words, .fallback = "auto",
     .help = "enter: wait for the key; none: go on by itself"},
    {SERVICE(qr), .parse = setting_choice, .words = qr_words, .fallback = "auto",
     .help = "form of the QR code"},
    {SERVICE(timeout), .parse = setting_seconds, .max = 3600, .fallback = "0",
     .help = "how long a sign-in may take; 0: as long as the code lives (sshd 110 s, login 55 s by default)"},
    {SERVICE(code_lifetime), .parse = setting_seconds, .max = 1800, .fallback = "0",
     .help = "how long a code may be used; 0: as long as the provider and `timeout` let it (frontdesk-kiosk "
             "120 s by "
             "default)"},
    {SERVICE(first_sign_in), .parse = setting_choice, .words = first_sign_in_words, .fallback = "refuse",
     .help = "over ssh, an unknown person is refused, or made a member and told to connect again"},
    {SERVICE(requires_key), .parse = setting_yes_no, .fallback = "no",
     .help = "yes: over ssh only after a public key (AuthenticationMethods publickey,keyboard-interactive)"},
    {SERVICE(unprivileged), .parse = setting_yes_no, .fallback = "no",
     .help = "yes: users other than root may ask for it, about themselves (screen lockers)"},
    {SERVICE(log_out), .parse = setting_choice, .words = log_out_words, .fallback = "none",
     .help = "how the identity provider's log-out page is offered when a session ends"},
};

const size_t machine_settings_count = sizeof machine_settings / sizeof machine_settings[0];
_Static_assert(sizeof machine_settings / sizeof machine_settings[0] <= SETTINGS_MAX / 2,
               "room for a mark per row");
