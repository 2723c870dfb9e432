/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The thread of one sign-in. Whatever happens here is only told to the keeper, which decides; what it decided
 * is told to the person before the verdict ends the conversation.
 */
#include "session/session.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "display/display.h"
#include "display/greeter_json.h"
#include "display/place.h"
#include "display/text.h"
#include "login.h"
#include "session/ask.h"
#include "session/offer.h"
#include "session/session_choice.h"
#include "session/session_idp.h"
#include "session/session_talk.h"
#include "sockets.h"

struct sign_in {
    const struct session *session;
    struct talk talk;
    struct login login;
    struct service service_defaults;
    const struct service *service;
    enum greeter greeter;
    int64_t deadline_ms; /* CLOCK_BOOTTIME */
    struct ask_admission admission;
    struct idp idp;
};

static struct display_place place_of(const struct login *login)
{
    return (struct display_place){
        .service = login->service,
        .tty = login->tty,
        .rhost = login->rhost,
        .user = login->user,
        .codeset = login->codeset,
        .columns = login->columns,
        .rows = login->rows,
    };
}

/* The smaller of the module's and the service's; a second before the module gives up, so that our word is
 * heard. */
static int64_t deadline_of(const struct sign_in *s)
{
    const uint32_t module_s = s->login.timeout_s > 1 ? s->login.timeout_s - 1 : 1;
    const uint32_t service_s = s->service->timeout;

    return boottime_ms() + (int64_t)(service_s > 0 && service_s < module_s ? service_s : module_s) * 1000;
}

static bool is_kiosks(const struct sign_in *s)
{
    return strcmp(s->login.service, PROTOCOL_KIOSK_SERVICE) == 0;
}

/* Other languages have letters beyond ASCII: a terminal that cannot show them gets English. */
static void choose_language(const struct sign_in *s)
{
    const struct display_place place = place_of(&s->login);

    if (s->greeter != GREETER_NONE || is_kiosks(s) || place_takes_utf8(&place, true))
        text_set_language(s->login.lang, s->session->config->machine.language);
}

/*
 * HELLO, LOGIN and the keeper's first word. A LOGIN that cannot be read ends it without a verdict. It stays
 * in the socket: the keeper takes it from there itself.
 */
static bool begin(struct sign_in *s)
{
    const struct session *session = s->session;
    const struct ask_line line = session_line(session);
    uint8_t packet[PROTOCOL_PACKET_MAX];
    size_t length;

    if (!talk_hello(&s->talk))
        return false;
    length = packet_peek(session->module, packet, sizeof packet, PROTOCOL_LOGIN_TIMEOUT_MS);
    if (length == 0 || login_parse(packet, length, &s->login) != REASON_OK)
        return false;
    s->service = config_service(session->config, s->login.service, &s->service_defaults);
    if (s->login.phase == PHASE_AUTH)
        s->greeter = greeter_of(s->login.service, s->login.greeter_extensions);
    s->deadline_ms = deadline_of(s);
    choose_language(s);
    return ask_admit(&line, packet, length, &s->admission);
}

/* Refuses for a reason of the child's own. A module that has gone needs no refusal. */
static bool refuse(const struct sign_in *s, enum reason reason, struct ask_decision *ret_decision)
{
    const struct ask_line line = session_line(s->session);

    if (socket_is_hung_up(line.module))
        return false;
    return ask_refuse(&line, reason, s->idp.detail, ret_decision);
}

/* How long the code can still be used here; a second at least, for it was given out just now. */
static int64_t life_left_s(const struct sign_in *s)
{
    const int64_t code_ms = s->idp.grant.expires_at_ms;
    const int64_t left_ms = (code_ms < s->deadline_ms ? code_ms : s->deadline_ms) - boottime_ms();

    return left_ms > 1000 ? left_ms / 1000 : 1;
}

/* To a greeter that draws it: one that gets anything else first takes us for a module that only asks. */
static enum reason greet(struct sign_in *s)
{
    const struct greeter_sign_in sign_in = {
        .greeter = s->greeter,
        .label = s->idp.connection->display_name,
        .grant = &s->idp.grant,
        .lifetime_s = life_left_s(s),
        .has_password = s->greeter != GREETER_KIOSK && (s->login.flags & LOGIN_PASSWORDS_ALLOWED) != 0,
    };
    AUTO_FREE char *json = greeter_json_sign_in(&sign_in);

    return json && talk_greet(&s->talk, PROTOCOL_MECHANISMS, json) ? REASON_OK : REASON_CANNOT_SHOW;
}

static enum reason show_text(struct sign_in *s)
{
    const struct session *session = s->session;
    const struct display_place place = place_of(&s->login);
    AUTO_FREE char *text = display_prompt(&place, s->service, &session->config->machine,
                                          s->idp.connection->display_name, &s->idp.grant);
    bool shown;

    if (!text)
        return REASON_CANNOT_SHOW;
    shown = display_asks(&place, s->service) ? talk_ask(&s->talk, false, text) : talk_show(&s->talk, text);
    return shown ? REASON_OK : REASON_CANNOT_SHOW;
}

static enum reason show_code(struct sign_in *s)
{
    const struct session_observer *observer = &s->session->observer;

    if (observer->prompt)
        observer->prompt(observer->context, &s->idp.grant);
    return s->greeter == GREETER_NONE ? show_text(s) : greet(s);
}

/* A greeter may have been given a password while the code was shown: no fault, but the end of it here. */
static enum reason unless_typed(const struct sign_in *s, enum reason reason)
{
    return reason == REASON_PROTOCOL && s->talk.is_typed ? REASON_PASSWORD_TYPED : reason;
}

static enum reason sign_in_at_idp(struct sign_in *s)
{
    struct idp *idp = &s->idp;
    enum reason reason;

    idp->session = s->session;
    idp->admission = &s->admission;
    idp->deadline_ms = s->deadline_ms;
    idp->talk = &s->talk;
    idp->connection = config_connection(s->session->config, s->admission.connection);
    if (!idp->connection)
        return REASON_CONNECTION_UNKNOWN;
    reason = idp_open(idp);
    if (reason == REASON_OK)
        reason = idp_request_code(idp);
    device_grant_limit_life(&idp->grant, s->service->code_lifetime);
    if (reason == REASON_OK)
        reason = show_code(s);
    if (reason == REASON_OK)
        reason = idp_await_tokens(idp);
    if (reason == REASON_OK && !talk_is_in_order(&s->talk))
        reason = REASON_PROTOCOL;
    if (reason == REASON_OK)
        reason = idp_verify(idp);
    return unless_typed(s, reason);
}

/* After USERS: one of them is picked, or the person is refused. */
static bool pick(struct sign_in *s, const struct ask_admission *users, struct ask_decision *ret_decision)
{
    const struct ask_line line = session_line(s->session);
    const struct display_place place = place_of(&s->login);
    const struct choice choice = {
        .config = s->session->config,
        .place = &place,
        .names = users->choices,
        .deadline_ms = s->deadline_ms,
    };
    const char *name = NULL;
    const enum reason reason = is_kiosks(s) ? REASON_CANNOT_SHOW : choice_of_user(&s->talk, &choice, &name);

    return reason == REASON_OK ? ask_pick(&line, name, ret_decision) : refuse(s, reason, ret_decision);
}

static bool decide_by_claims(struct sign_in *s, struct ask_decision *ret_decision)
{
    const struct session_observer *observer = &s->session->observer;
    const struct ask_line line = session_line(s->session);
    const enum reason reason = sign_in_at_idp(s);
    const struct ask_evidence evidence = {
        .id_token = json_top(s->idp.id_token),
        .userinfo = json_top(s->idp.userinfo),
        .log_out_url = s->idp.discovery.end_session_endpoint,
        .lost_scopes = s->idp.tokens.lost_scopes,
    };
    CLEANUP(ask_admission_erase) struct ask_admission answer = {0};

    if (reason != REASON_OK)
        return refuse(s, reason, ret_decision);
    if (observer->scopes_lost && evidence.lost_scopes[0] != '\0')
        observer->scopes_lost(observer->context, evidence.lost_scopes);
    if (observer->claims)
        observer->claims(observer->context, s->idp.connection, evidence.id_token, evidence.userinfo);
    if (!ask_claims(&line, &evidence, &answer))
        return false;
    if (answer.kind == ASK_USERS)
        return pick(s, &answer, ret_decision);
    *ret_decision = answer.decision;
    return true;
}

/* The next of the keeper's words in place of the last. */
static void admit_anew(struct sign_in *s, const struct ask_admission *admission)
{
    ask_admission_erase(&s->admission);
    s->admission = *admission;
}

static bool refuse_instead(struct sign_in *s, enum reason reason)
{
    struct ask_admission admission = {.kind = ASK_DECIDED};

    if (!refuse(s, reason, &admission.decision))
        return false;
    admit_anew(s, &admission);
    return true;
}

/* The kiosk asks nobody, and other greeters have the password beside the code. */
static bool has_no_questions(const struct sign_in *s)
{
    return s->greeter != GREETER_NONE || is_kiosks(s);
}

/* Before anything goes to the network. Typing a password makes the admission a decision. */
static bool offer(struct sign_in *s)
{
    const struct display_place place = place_of(&s->login);
    const struct connection *connection = s->admission.kind == ASK_ADMITTED
                                              ? config_connection(s->session->config, s->admission.connection)
                                              : NULL;
    enum reason reason;

    if ((s->login.flags & LOGIN_PASSWORDS_ALLOWED) == 0 || s->admission.kind == ASK_DECIDED ||
        has_no_questions(s))
        return true;
    reason = offer_make(&s->talk, &place, connection ? connection->display_name : NULL, s->deadline_ms);
    return reason == REASON_OK || refuse_instead(s, reason);
}

/* After choices: the admission becomes that of the chosen connection, or a decision. */
static bool choose(struct sign_in *s)
{
    const struct ask_line line = session_line(s->session);
    const struct display_place place = place_of(&s->login);
    const struct choice choice = {
        .config = s->session->config,
        .place = &place,
        .names = s->admission.choices,
        .deadline_ms = s->deadline_ms,
    };
    struct ask_admission admission = {0};
    const char *name = NULL;
    const enum reason reason =
        has_no_questions(s) ? REASON_CONNECTION_UNDECIDED : choice_make(&s->talk, &choice, &name);

    if (reason != REASON_OK)
        return refuse_instead(s, reason);
    if (!ask_choose(&line, name, &admission))
        return false;
    admit_anew(s, &admission);
    return true;
}

static bool decide(struct sign_in *s, struct ask_decision *ret_decision)
{
    if (!offer(s) || (s->admission.kind == ASK_CHOICES && !choose(s)))
        return false;
    if (s->admission.kind == ASK_ADMITTED)
        return decide_by_claims(s, ret_decision);
    *ret_decision = s->admission.decision;
    return true;
}

/* The session ends whether or not anybody reads this. */
static void tell_log_out(const struct sign_in *s, const struct ask_decision *decision)
{
    const struct display_place place = place_of(&s->login);
    AUTO_FREE char *text = NULL;

    if (decision->log_out_url[0] == '\0' || (s->login.flags & LOGIN_SILENT) != 0)
        return;
    text = display_log_out(&place, s->service, decision->log_out_url);
    if (text)
        (void)talk_show(&s->talk, text);
}

/* A kiosk has a look of its own for each end, so it hears which it is. */
static void tell_kiosk(struct sign_in *s, enum reason reason, const char *text)
{
    const long retry_after_s = reason == REASON_IDP_BUSY ? s->idp.retry_after_s : 0;
    AUTO_FREE char *json = greeter_json_refusal(reason, text, retry_after_s);

    if (json)
        (void)talk_greet(&s->talk, PROTOCOL_FRONTDESK, json);
}

/* Who is let in, or was not meant to be served here, needs no words; a kiosk needs them for the latter. */
static void tell(struct sign_in *s, const struct ask_decision *decision)
{
    char storage[TEXT_DECISION_SIZE];
    const char *text = text_for_decision(decision->reason, decision->user, storage);

    if (s->login.phase == PHASE_CLOSE_SESSION)
        tell_log_out(s, decision);
    else if (decision->verdict == VERDICT_ALLOW)
        return;
    else if (s->greeter == GREETER_KIOSK)
        tell_kiosk(s, decision->reason, text);
    else if (decision->verdict != VERDICT_IGNORE)
        (void)talk_warn(&s->talk, text);
}

int session_run(const struct session *session)
{
    const struct ask_line line = session_line(session);
    struct sign_in s = {.session = session, .talk = {.module = session->module}};
    struct ask_decision decision;
    bool finished = false;

    if (begin(&s) && decide(&s, &decision)) {
        tell(&s, &decision);
        finished = ask_finish(&line);
    }
    /* Behind the verdict, where nobody waits for it; without one, tokens that came open things all the same.
     */
    idp_revoke_tokens(&s.idp);
    idp_erase(&s.idp);
    ask_admission_erase(&s.admission);
    return finished ? 0 : 1;
}
