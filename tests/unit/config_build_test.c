/* SPDX-License-Identifier: BSD-2-Clause */
/* Sections and keys become settings, each into its own field. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config/config.h"
#include "config_folder.h"
#include "connection/presets.h"

static struct config *read_main(const struct folder *folder, const char *text)
{
    folder_write(folder, "frontdesk.conf", text);
    return config_read_layers(folder->path, NULL);
}

static struct config *read_connection(const struct folder *folder, const char *more)
{
    folder_write_connection(folder, "connections.d/acme.conf", more);
    return config_read_layers(folder->path, NULL);
}

static void every_key_of_the_kiosk_has_its_field(void **state)
{
    struct config *config =
        read_main(*state, "[kiosk]\nuser = desk\nlisten = [::1]:8181\nconnection = acme\nidle = always\n"
                          "confirm_after = 20 s\nreset_after = 1m\non_check_in = /usr/bin/in\n"
                          "on_check_out = /usr/bin/out\nhook_timeout = 3 s\n"
                          "check_in_limit = 8h\nkeep_check_ins = 7d\n");

    assert_int_equal(config->fault_count, 0);
    assert_string_equal(config->kiosk.user, "desk");
    assert_string_equal(config->kiosk.listen, "[::1]:8181");
    assert_string_equal(config->kiosk.connection, "acme");
    assert_int_equal(config->kiosk.idle, KIOSK_IDLE_ALWAYS);
    assert_int_equal(config->kiosk.confirm_after, 20);
    assert_int_equal(config->kiosk.reset_after, 60);
    assert_string_equal(config->kiosk.on_check_in, "/usr/bin/in");
    assert_string_equal(config->kiosk.on_check_out, "/usr/bin/out");
    assert_int_equal(config->kiosk.hook_timeout, 3);
    assert_int_equal(config->kiosk.check_in_limit, 8 * 60 * 60);
    assert_int_equal(config->kiosk.keep_check_ins, 7 * 24 * 60 * 60);
    config_unref(config);
}

static void every_key_of_a_service_has_its_field(void **state)
{
    struct config *config =
        read_main(*state, "[service door]\nrole = customer\nconnection = acme\nprompt = enter\nqr = ascii\n"
                          "timeout = 2m\ncode_lifetime = 90\nfirst_sign_in = reconnect\nrequires_key = "
                          "yes\nunprivileged = yes\n"
                          "log_out = qr\n");
    const struct service *service = &config->services[0];

    assert_int_equal(config->fault_count, 0);
    assert_int_equal(service->role, ROLE_CUSTOMER);
    assert_string_equal(service->connection, "acme");
    assert_int_equal(service->prompt, PROMPT_ENTER);
    assert_int_equal(service->qr, QR_ASCII);
    assert_int_equal(service->timeout, 120);
    assert_int_equal(service->code_lifetime, 90);
    assert_int_equal(service->first_sign_in, FIRST_SIGN_IN_RECONNECT);
    assert_true(service->requires_key);
    assert_true(service->unprivileged);
    assert_int_equal(service->log_out, LOG_OUT_QR);
    config_unref(config);
}

static void a_code_at_the_kiosk_lives_two_minutes_by_default(void **state)
{
    struct config *config =
        read_main(*state, "[service frontdesk-kiosk]\nqr = none\n[service door]\nqr = none\n"
                          "[service su]\ncode_lifetime = 90\n");
    struct config *longer = read_main(*state, "[service frontdesk-kiosk]\ncode_lifetime = 0\n");
    struct service storage;

    assert_int_equal(config->services[0].code_lifetime, 120);
    assert_int_equal(config->services[1].code_lifetime, 0);
    assert_int_equal(config->services[2].code_lifetime, 90);
    assert_int_equal(config_service(config, "login", &storage)->code_lifetime, 0);
    assert_int_equal(longer->services[0].code_lifetime, 0);
    config_unref(config);
    config = read_main(*state, "");
    assert_int_equal(config_service(config, "frontdesk-kiosk", &storage)->code_lifetime, 120);
    config_unref(config);
    config_unref(longer);
}

static void the_new_keys_of_members_and_limits_have_their_fields(void **state)
{
    struct config *config = read_main(*state, "[members]\numask = 027\n[limits]\nunprivileged = 0\n"
                                              "[audit]\nmax_size = 2 MB\nkeep = 3\n");

    assert_int_equal(config->fault_count, 0);
    assert_int_equal(config->members.umask, 027);
    assert_int_equal(config->limits.unprivileged, 0);
    assert_int_equal(config->audit.max_size, 2 * 1000 * 1000);
    assert_int_equal(config->audit.keep, 3);
    config_unref(config);
}

static void every_key_of_a_connection_has_its_field(void **state)
{
    struct config *config = read_connection(
        *state,
        "preset = keycloak\nclient_secret_file = s\nclient_auth_method = private_key_jwt\n"
        "client_auth_signing_alg = PS256\nclient_key_id = k1\nclient_assertion_audience = issuer\n"
        "device_authorization_endpoint = https://x.example/1\ntoken_endpoint = https://x.example/2\n"
        "jwks_uri = https://x.example/3\nuserinfo_endpoint = https://x.example/4\n"
        "end_session_endpoint = https://x.example/5\nrevocation_endpoint = https://x.example/6\n"
        "idp_id = up\nextra_params = mkt=de\nproxy = http://p.example:1\nallowed_tenants = t1\n"
        "icon = /i.png\ndomain_aliases = acme.com\nrequired_claims = a=b\nrequired_acr = gold silver\n"
        "required_amr = mfa\nmax_age = 2h\nrequire_nonce = yes\nsync_profile = never_on_login\ngroup_map = g "
        ": l\n"
        "user_map_file = /etc/map\nlocations = Front desk, Lab\n");
    const struct connection *connection = config_connection(config, "acme");

    assert_int_equal(config->fault_count, 0);
    assert_string_equal(connection->preset->name, "keycloak");
    assert_int_equal(connection->client_auth_method, CLIENT_AUTH_PRIVATE_KEY_JWT);
    assert_int_equal(connection->client_auth_signing_alg, CLIENT_SIGNING_PS256);
    assert_string_equal(connection->client_key_id, "k1");
    assert_int_equal(connection->client_assertion_audience, ASSERTION_ISSUER);
    assert_string_equal(connection->device_authorization_endpoint, "https://x.example/1");
    assert_string_equal(connection->token_endpoint, "https://x.example/2");
    assert_string_equal(connection->jwks_uri, "https://x.example/3");
    assert_string_equal(connection->userinfo_endpoint, "https://x.example/4");
    assert_string_equal(connection->end_session_endpoint, "https://x.example/5");
    assert_string_equal(connection->revocation_endpoint, "https://x.example/6");
    assert_string_equal(connection->idp_id, "up");
    assert_string_equal(connection->extra_params[0].value, "de");
    assert_string_equal(connection->proxy, "http://p.example:1");
    assert_string_equal(connection->allowed_tenants[0], "t1");
    assert_string_equal(connection->icon, "/i.png");
    assert_string_equal(connection->domain_aliases[0], "acme.com");
    assert_string_equal(connection->required_claims[0].name, "a");
    assert_string_equal(connection->required_acr[1], "silver");
    assert_string_equal(connection->required_amr[0], "mfa");
    assert_int_equal(connection->max_age, 7200);
    assert_true(connection->require_nonce);
    assert_int_equal(connection->sync_profile, SYNC_NEVER_ON_LOGIN);
    assert_string_equal(connection->group_map[0].value, "l");
    assert_string_equal(connection->user_map_file, "/etc/map");
    assert_string_equal(connection->locations[0], "Front desk");
    assert_string_equal(connection->locations[1], "Lab");
    assert_null(connection->locations[2]);
    config_unref(config);
}

static void the_group_map_alone_may_stand_several_times(void **state)
{
    struct config *config =
        read_connection(*state, "group_map = a : one\nmax_age = 1h\ngroup_map = b : two\n");

    assert_int_equal(config->fault_count, 0);
    assert_string_equal(config_connection(config, "acme")->group_map[0].name, "a");
    assert_string_equal(config_connection(config, "acme")->group_map[1].name, "b");
    config_unref(config);
    config = read_connection(*state, "domain_aliases = a.com\ndomain_aliases = b.com\n");
    assert_int_equal(config->fault_count, 1);
    config_unref(config);
    config = read_connection(*state, "group_map =\n");
    assert_int_equal(config->fault_count, 1);
    config_unref(config);
}

static void a_thousand_domains_fit_into_one_line(void **state)
{
    const struct folder *folder = *state;
    char *text = malloc(CONFIG_LINE_MAX), *end = text;

    end += sprintf(
        end, "[connection]\nissuer = https://idp.example\nclient_id = x\nservices = login\ndomain_aliases =");
    for (int i = 0; i < 1000; i++)
        end += sprintf(end, " d%d.coworking.example", i);
    (void)sprintf(end, "\n");
    folder_write(folder, "connections.d/acme.conf", text);
    free(text);
    struct config *config = config_read_layers(folder->path, NULL);

    assert_int_equal(config->fault_count, 0);
    assert_string_equal(config_connection(config, "acme")->domain_aliases[999], "d999.coworking.example");
    config_unref(config);
}

static void a_flood_of_services_is_refused(void **state)
{
    char *text = malloc((CONFIG_SERVICES_MAX + 1) * 32), *end = text;

    for (int i = 0; i <= CONFIG_SERVICES_MAX; i++)
        end += sprintf(end, "[service s%d]\nqr = none\n", i);
    struct config *config = read_main(*state, text);

    free(text);
    assert_true(config->broken);
    assert_int_equal(config->service_count, CONFIG_SERVICES_MAX);
    assert_int_equal(config->fault_count, 1);
    assert_int_equal(config->faults[0].line, 2 * CONFIG_SERVICES_MAX + 1);
    config_unref(config);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_set_up, folder_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_key_of_the_kiosk_has_its_field),
        TEST(every_key_of_a_service_has_its_field),
        TEST(a_code_at_the_kiosk_lives_two_minutes_by_default),
        TEST(the_new_keys_of_members_and_limits_have_their_fields),
        TEST(every_key_of_a_connection_has_its_field),
        TEST(the_group_map_alone_may_stand_several_times),
        TEST(a_thousand_domains_fit_into_one_line),
        TEST(a_flood_of_services_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
