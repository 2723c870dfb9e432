/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a person reads when a sign-in ends: one sentence for each reason, which says what to do next. Plain
 * ASCII, and nothing foreign comes in by them but a name of our own grammar. What happened technically is for
 * the log.
 */
#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "display/text.h"
#include "frontdesk/member_name.h"

#ifndef FD_LOCALEDIR
#define FD_LOCALEDIR "/usr/share/locale"
#endif

#define LANGUAGE_MAX 32 /* bytes, with the NUL */

/* Marks a sentence for xgettext; translated when it is asked for. */
#define N_(sentence) sentence

static const char unavailable[] =
    N_("Sign-in is not working right now: please try again in a few minutes, or ask "
       "the front desk.");
static const char misconfigured[] =
    N_("Sign-in is not set up correctly on this machine: please tell the administrator.");
static const char provider_odd[] =
    N_("The sign-in service gave an answer that cannot be used: please tell the administrator.");
static const char unproven[] = N_(
    "Your sign-in could not be verified, so it was refused: please try again, and tell the administrator if "
    "it happens twice.");
static const char name_unusable[] =
    N_("Your account at the sign-in service has no name that can be used here: please ask the front desk.");

static const char *const sentences[REASON_COUNT] = {
    [REASON_NONE] = unavailable,
    [REASON_OK] = N_("You are signed in."),
    [REASON_INTERNAL] = unavailable,
    [REASON_PROTOCOL] = unavailable,
    [REASON_VERSION] =
        N_("Parts of the sign-in software have different versions: please tell the administrator."),
    [REASON_CANCELLED] = N_("The sign-in was cancelled: start again when you are ready."),
    [REASON_TIMEOUT] = N_("Nobody approved the sign-in in time: start again to get a new code."),

    [REASON_PEER_NOT_ALLOWED] = N_("This program may not ask for a sign-in: please tell the administrator."),
    [REASON_TOO_MANY_SIGN_INS] =
        N_("Too many people are signing in at this moment: please try again in a minute."),
    [REASON_TOO_MANY_FOR_USER] =
        N_("Sign-ins for this name are already waiting: finish or close them, then try again."),
    [REASON_TOO_MANY_FOR_HOST] =
        N_("Too many sign-ins from your network are waiting: please try again in a few minutes."),
    [REASON_TOO_MANY_UNPRIVILEGED] =
        N_("Too many programs are asking for a sign-in at this moment: please try again in a minute."),
    [REASON_TOO_OFTEN] =
        N_("Too many sign-ins were started in the last minute: please try again in a minute."),
    [REASON_TOO_OFTEN_FOR_USER] =
        N_("Too many sign-ins for this name were started from here: please try again in a minute."),
    [REASON_TOO_OFTEN_FOR_HOST] =
        N_("Too many sign-ins were started from your network: please try again in a minute."),
    [REASON_TOO_OFTEN_FOR_PEER] = N_("You started too many sign-ins: please try again in a minute."),
    [REASON_KEY_REQUIRED] = N_(
        "This machine asks for your ssh key first: connect again with the key that is registered for you."),
    [REASON_PASSWORD_TYPED] = N_("Your password is checked by this machine: if it was wrong, try again."),

    [REASON_CONFIG_BROKEN] = misconfigured,
    [REASON_CONNECTION_BROKEN] = misconfigured,
    [REASON_CONNECTION_UNKNOWN] = misconfigured,
    [REASON_CONNECTION_UNDECIDED] = misconfigured,
    [REASON_SECRET_UNREADABLE] = misconfigured,
    [REASON_CLIENT_KEY_UNUSABLE] = misconfigured,
    [REASON_CLOCK] = N_("This machine's clock is wrong, so nobody can sign in: have it set, then try again."),
    [REASON_USER_MAP_BROKEN] = misconfigured,
    [REASON_NO_CONNECTION] = N_("No sign-in service serves this place: please use another way to sign in."),
    [REASON_CONNECTION_DISABLED] =
        N_("Sign-in for your account is switched off here: please ask the front desk."),

    [REASON_IDP_UNREACHABLE] =
        N_("The sign-in service cannot be reached: check the network, then try again."),
    [REASON_IDP_TLS] =
        N_("No secure connection to the sign-in service could be made: please tell the administrator."),
    [REASON_IDP_TIMEOUT] =
        N_("The sign-in service took too long to answer: please try again in a few minutes."),
    [REASON_IDP_REDIRECT] = provider_odd,
    [REASON_IDP_TOO_LARGE] = provider_odd,
    [REASON_IDP_STATUS] =
        N_("The sign-in service has a problem of its own: please try again in a few minutes."),
    [REASON_IDP_BUSY] = N_("The sign-in service is busy: please wait a minute, then try again."),
    [REASON_IDP_BAD_JSON] = provider_odd,
    [REASON_DISCOVERY_INVALID] = provider_odd,
    [REASON_ISSUER_MISMATCH] = misconfigured,
    [REASON_NO_DEVICE_ENDPOINT] =
        N_("The sign-in service does not offer sign-in with a code: please tell the administrator."),
    [REASON_ENDPOINT_NOT_HTTPS] = provider_odd,
    [REASON_ENDPOINT_NOT_ALLOWED] = provider_odd,
    [REASON_NO_SIGNING_ALG] = misconfigured,
    [REASON_NO_CLIENT_AUTH] = misconfigured,
    [REASON_DEVICE_ANSWER_INVALID] = provider_odd,
    [REASON_CLIENT_REFUSED] =
        N_("The sign-in service does not accept this machine: please tell the administrator."),
    [REASON_TOKEN_ANSWER_INVALID] = provider_odd,
    [REASON_TOKEN_ERROR] = N_("The sign-in service refused the sign-in: try again, and tell the "
                              "administrator if it happens twice."),
    [REASON_ACCESS_DENIED] =
        N_("The sign-in was refused on the other device: start again if you want to approve it."),
    [REASON_CODE_EXPIRED] = N_("The code has expired: start again to get a new one."),
    [REASON_UNSAFE_TEXT] = provider_odd,
    [REASON_VERIFICATION_HOST] =
        N_("The sign-in service sends people to a page that is not approved here: please tell the "
           "administrator."),
    [REASON_CANNOT_SHOW] =
        N_("The code cannot be shown here: use a terminal that can ask questions, such as interactive ssh."),

    [REASON_ID_TOKEN_MISSING] = unproven,
    [REASON_JWS_MALFORMED] = unproven,
    [REASON_JWE_UNSUPPORTED] = unproven,
    [REASON_JWS_HEADER] = unproven,
    [REASON_JWS_CRIT] = unproven,
    [REASON_JWS_TYPE] = unproven,
    [REASON_ALG_NOT_ALLOWED] = unproven,
    [REASON_KEYS_UNAVAILABLE] =
        N_("The sign-in service did not prove who it is: please try again in a few minutes."),
    [REASON_KEYS_INVALID] = provider_odd,
    [REASON_KEY_UNKNOWN] = unproven,
    [REASON_KEY_UNFIT] = unproven,
    [REASON_SIGNATURE] = unproven,
    [REASON_CLAIMS_MALFORMED] = unproven,
    [REASON_CLAIM_ISS] = unproven,
    [REASON_CLAIM_SUB] = unproven,
    [REASON_CLAIM_AUD] = unproven,
    [REASON_CLAIM_AZP] = unproven,
    [REASON_CLAIM_EXP] = N_(
        "Your sign-in had expired when it came, so it was refused: try again, or have this machine's clock "
        "checked."),
    [REASON_CLAIM_IAT] = N_("Your sign-in carries a wrong time, so it was refused: have this machine's clock "
                            "checked, then try again."),
    [REASON_CLAIM_NBF] =
        N_("Your sign-in is not valid yet, so it was refused: have this machine's clock checked, "
           "then try again."),
    [REASON_CLAIM_NONCE] = unproven,
    [REASON_CLAIM_AT_HASH] = unproven,
    [REASON_USERINFO_FAILED] =
        N_("The sign-in service did not say who you are: please try again in a few minutes."),
    [REASON_USERINFO_SUB] = unproven,

    [REASON_NOT_ALLOWED] =
        N_("You signed in, but your account may not enter here: please ask the front desk for access."),
    [REASON_EMAIL_UNVERIFIED] =
        N_("Your e-mail address is not confirmed yet at the sign-in service: confirm it "
           "there, then sign in again."),
    [REASON_EMAIL_NOT_VOUCHED] = N_("The sign-in service does not say whether your e-mail address is yours: "
                                    "please tell the administrator."),
    [REASON_TENANT_NOT_ALLOWED] = N_("You signed in with an account of another organisation: sign in again "
                                     "with the one that is known here."),
    [REASON_REQUIRED_CLAIM] = N_(
        "Your account lacks something that is needed to enter here: please ask the front desk for access."),
    [REASON_REQUIRED_ACR] =
        N_("This place asks for a stronger sign-in: sign in again and choose the stronger "
           "method, or ask the administrator."),
    [REASON_REQUIRED_AMR] = N_("This place asks for another way to prove who you are, such as a second "
                               "factor: sign in again with it."),
    [REASON_AUTH_TOO_OLD] =
        N_("Your sign-in on the other device is too long ago: sign out there, then sign in "
           "again with a new code."),
    [REASON_LOCATION_NOT_ALLOWED] =
        N_("Your membership does not cover this location: please ask the front desk."),
    [REASON_USERNAME_CLAIM_MISSING] = name_unusable,
    [REASON_USERNAME_REGEX] = name_unusable,
    [REASON_NAME_INVALID] = name_unusable,
    [REASON_NAME_RESERVED] =
        N_("Your account's name is reserved on this machine: please ask the front desk."),
    [REASON_NAME_TAKEN] =
        N_("Your account's name belongs to somebody else on this machine: please ask the front desk."),
    [REASON_EMAIL_TAKEN] =
        N_("Somebody else on this machine already has your e-mail address: please ask the front desk."),
    [REASON_WRONG_USER] =
        N_("You approved as somebody other than the name you typed: sign in again under your own name."),
    [REASON_CREATE_OFF] = N_("You are not a member yet: please ask the front desk to invite you."),
    [REASON_FIRST_SIGN_IN_REFUSED] =
        N_("You are not a member yet: sign in once at a machine in the house, or ask the front desk."),
    [REASON_CONNECT_AGAIN] = N_("You are a member now. Connect again."),
    [REASON_NOT_A_MEMBER] = N_("This name is not a member's: check the name, or ask the front desk."),
    [REASON_INVITED_NOT_BOUND] =
        N_("You are invited but have not signed in with a code yet: do that first, then use your key."),
    [REASON_MEMBER_DISABLED] = N_("Your membership is paused: please ask the front desk."),
    [REASON_MEMBER_REMOVED] = N_("Your membership has ended: please ask the front desk."),
    [REASON_LOCAL_USER_UNFIT] = N_(
        "The account that you may use here does not exist on this machine: please tell the administrator."),
    [REASON_SESSION_UNKNOWN] = N_("This machine does not remember your sign-in: please sign in again."),
    [REASON_ALREADY_CHECKED_IN] = N_("You are checked in here already: please ask the front desk."),
    [REASON_NOT_CHECKED_IN] = N_("You are not checked in here: please ask the front desk."),
    [REASON_RANGE_FULL] = N_("No more members fit on this machine: please tell the administrator."),
    [REASON_STORE_FAILED] =
        N_("Your sign-in could not be recorded on this machine: please tell the administrator."),
    [REASON_STORE_CORRUPT] = N_(
        "This machine's list of members is damaged, so nobody can sign in: please tell the administrator."),
    [REASON_AUDIT_FAILED] =
        N_("Your sign-in could not be recorded on this machine: please tell the administrator."),
    [REASON_PUBLISH_FAILED] =
        N_("Your membership could not be announced on this machine: please tell the administrator."),
};

const char *text_for_reason(enum reason reason)
{
    const char *sentence = (unsigned)reason < REASON_COUNT ? sentences[reason] : NULL;

    return dgettext(TEXT_DOMAIN, sentence ? sentence : unavailable);
}

const char *text_for_decision(enum reason reason, const char *user, char ret_text[TEXT_DECISION_SIZE])
{
    int n;

    if (reason != REASON_WRONG_USER || !member_name_is_valid(user, strlen(user)))
        return text_for_reason(reason);
    n = snprintf(ret_text, TEXT_DECISION_SIZE,
                 dgettext(TEXT_DOMAIN, "Your name here is %s: sign in again as %s."), user, user);
    return n > 0 && n < TEXT_DECISION_SIZE ? ret_text : text_for_reason(reason);
}

/*
 * Language of a locale name ("de_DE.UTF-8@euro" gives "de_DE@euro"): it becomes part of a path, so it is
 * letters and few signs. False for no name and for "C" and "POSIX", which ask for no language.
 */
static bool locale_language(const char *locale, char ret_language[LANGUAGE_MAX])
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@";
    size_t n = 0;

    for (const char *at = locale ? locale : ""; *at; at++) {
        if (*at == '.')
            at += strcspn(at, "@");
        if (!*at)
            break;
        if (!strchr(allowed, *at) || n + 1 >= LANGUAGE_MAX)
            return false;
        ret_language[n++] = *at;
    }
    ret_language[n] = '\0';
    return n > 0 && strcmp(ret_language, "C") != 0 && strcmp(ret_language, "POSIX") != 0;
}

void text_set_language(const char *login_language, const char *machine_language)
{
    char language[LANGUAGE_MAX];

    /* What gettext has found it keeps until the locale is another: so back to the one without a language. */
    if (!setlocale(LC_MESSAGES, "C") ||
        (!locale_language(login_language, language) && !locale_language(machine_language, language)))
        return;
    /* C.UTF-8 is always there and lets LANGUAGE choose: no locale is ever loaded by a foreign name. */
    if (setenv("LANGUAGE", language, 1) != 0 || !setlocale(LC_MESSAGES, "C.UTF-8"))
        return;
    (void)bindtextdomain(TEXT_DOMAIN, FD_LOCALEDIR);
    (void)bind_textdomain_codeset(TEXT_DOMAIN, "UTF-8");
}
