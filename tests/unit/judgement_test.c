/* SPDX-License-Identifier: BSD-2-Clause */
/* From claims to a member, with a real store and a real configuration in a folder of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keeper/judgement.h"

static const char corp_file[] = "[connection]\n"
                                "issuer = https://idp.example/\n"
                                "client_id = desk\n"
                                "services = login\n"
                                "allowed_users = s-1 s-2\n"
                                "create_users = yes\n";

static struct {
    char folder[64], config[80], state[80];
    struct keeper keeper;
    struct sign_in sign_in;
    int host;
} desk;

static const char *path_of(const char *name)
{
    static char path[160];

    (void)snprintf(path, sizeof path, "%s/%s", desk.folder, name);
    return path;
}

static bool write_connection(const char *text)
{
    FILE *file = fopen(path_of("etc/new"), "we");
    char from[160];

    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        return false;
    (void)snprintf(from, sizeof from, "%s", path_of("etc/new"));
    return chmod(from, 0644) == 0 && rename(from, path_of("etc/connections.d/corp.conf")) == 0;
}

static int make(void **state)
{
    int pair[2];

    (void)state;
    memset(&desk, 0, sizeof desk);
    (void)snprintf(desk.folder, sizeof desk.folder, "%s", "/tmp/judgement_test.XXXXXX");
    if (!mkdtemp(desk.folder) || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return -1;
    (void)snprintf(desk.config, sizeof desk.config, "%s/etc", desk.folder);
    (void)snprintf(desk.state, sizeof desk.state, "%s/state", desk.folder);
    if (mkdir(desk.config, 0755) != 0 || mkdir(desk.state, 0711) != 0 ||
        mkdir(path_of("etc/connections.d"), 0755) != 0 || !write_connection(corp_file))
        return -1;
    desk.keeper.watch = config_watch_new(desk.config);
    desk.keeper.members.state_dir = desk.state;
    desk.keeper.members.store = store_open(desk.state, &(char *){NULL});
    desk.host = pair[0];
    desk.sign_in.module = pair[1];
    desk.sign_in.login.phase = PHASE_AUTH;
    (void)snprintf(desk.sign_in.login.service, sizeof desk.sign_in.login.service, "%s", "login");
    desk.sign_in.config = config_ref(config_watch_current(desk.keeper.watch));
    desk.sign_in.connection = config_connection(desk.sign_in.config, "corp");
    return desk.keeper.members.store && desk.sign_in.connection ? 0 : -1;
}

static int unmake(void **state)
{
    static const char *const files[] = {"etc/connections.d/corp.conf", "state/nss/members",
                                        "state/members.db"};
    static const char *const folders[] = {"etc/connections.d", "etc", "state/nss", "state", ""};

    (void)state;
    config_unref(desk.sign_in.config);
    config_watch_free(desk.keeper.watch);
    store_close(desk.keeper.members.store);
    identity_clear(&desk.sign_in.identity);
    list_free(desk.sign_in.candidates);
    free(desk.sign_in.log_out_url);
    (void)close(desk.host);
    (void)close(desk.sign_in.module);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        (void)unlink(path_of(files[i]));
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        (void)rmdir(path_of(folders[i]));
    return access(desk.folder, F_OK) != 0 ? 0 : -1;
}

static enum reason judge(const char *id_token, const char *userinfo)
{
    const struct judgement_claims claims = {.id_token = id_token,
                                            .userinfo = userinfo,
                                            .id_token_length = strlen(id_token),
                                            .userinfo_length = strlen(userinfo)};

    return judgement_of(&desk.keeper, &desk.sign_in, &claims);
}

static bool is_member(const char *name)
{
    return members_knows_name(&desk.keeper.members, name);
}

#define ALICE "{\"iss\":\"https://idp.example/\",\"sub\":\"s-1\",\"preferred_username\":\"alice\"}"

static void an_allowed_identity_becomes_a_member(void **state)
{
    (void)state;
    assert_int_equal(judge(ALICE, ""), REASON_OK);
    assert_string_equal(desk.sign_in.user, "alice");
    assert_string_equal(desk.sign_in.identity.subject, "s-1");
    assert_string_equal(desk.sign_in.detail, "allowed_users");
    assert_true(is_member("alice"));
}

static void a_host_that_has_gone_writes_nothing(void **state)
{
    (void)state;
    (void)shutdown(desk.host, SHUT_RDWR);
    assert_int_equal(judge(ALICE, ""), REASON_CANCELLED);
    assert_false(is_member("alice"));
    assert_string_equal(desk.sign_in.user, "");
}

static void an_identity_that_no_rule_names_is_refused_and_not_kept(void **state)
{
    (void)state;
    assert_int_equal(
        judge("{\"iss\":\"https://idp.example/\",\"sub\":\"s-9\",\"preferred_username\":\"bob\"}", ""),
        REASON_NOT_ALLOWED);
    assert_false(is_member("bob"));
    assert_null(desk.sign_in.identity.subject);
}

static void another_issuer_is_refused(void **state)
{
    (void)state;
    assert_int_equal(
        judge("{\"iss\":\"https://idp.example\",\"sub\":\"s-1\",\"preferred_username\":\"alice\"}", ""),
        REASON_CLAIM_ISS);
    assert_false(is_member("alice"));
}

static void userinfo_counts_for_the_same_subject_only(void **state)
{
    static const char bare[] = "{\"iss\":\"https://idp.example/\",\"sub\":\"s-1\"}";

    (void)state;
    assert_int_equal(judge(bare, "{\"sub\":\"s-2\",\"preferred_username\":\"alice\"}"), REASON_USERINFO_SUB);
    assert_int_equal(judge(bare, "{\"preferred_username\":\"alice\"}"), REASON_USERINFO_SUB);
    assert_int_equal(judge(bare, "{"), REASON_CLAIMS_MALFORMED);
    assert_int_equal(judge(bare, "{\"sub\":\"s-1\",\"preferred_username\":\"alice\"}"), REASON_OK);
}

static void the_requested_user_is_the_one_of_the_record(void **state)
{
    (void)state;
    (void)snprintf(desk.sign_in.login.user, sizeof desk.sign_in.login.user, "%s", "bob");
    assert_int_equal(judge(ALICE, ""), REASON_WRONG_USER);
    assert_false(is_member("alice"));
    assert_false(is_member("bob"));
}

static void a_remote_stranger_is_refused_by_default(void **state)
{
    (void)state;
    (void)snprintf(desk.sign_in.login.rhost, sizeof desk.sign_in.login.rhost, "%s", "203.0.113.9");
    assert_int_equal(judge(ALICE, ""), REASON_FIRST_SIGN_IN_REFUSED);
    assert_false(is_member("alice"));
}

static void what_was_switched_off_meanwhile_is_closed(void **state)
{
    char text[sizeof corp_file + 16];

    (void)state;
    (void)snprintf(text, sizeof text, "%senabled = no\n", corp_file);
    assert_true(write_connection(text));
    assert_int_equal(judge(ALICE, ""), REASON_CONNECTION_DISABLED);
    assert_true(write_connection("nonsense\n"));
    assert_int_equal(judge(ALICE, ""), REASON_CONNECTION_BROKEN);
    assert_false(is_member("alice"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_allowed_identity_becomes_a_member, make, unmake),
        cmocka_unit_test_setup_teardown(a_host_that_has_gone_writes_nothing, make, unmake),
        cmocka_unit_test_setup_teardown(an_identity_that_no_rule_names_is_refused_and_not_kept, make, unmake),
        cmocka_unit_test_setup_teardown(another_issuer_is_refused, make, unmake),
        cmocka_unit_test_setup_teardown(userinfo_counts_for_the_same_subject_only, make, unmake),
        cmocka_unit_test_setup_teardown(the_requested_user_is_the_one_of_the_record, make, unmake),
        cmocka_unit_test_setup_teardown(a_remote_stranger_is_refused_by_default, make, unmake),
        cmocka_unit_test_setup_teardown(what_was_switched_off_meanwhile_is_closed, make, unmake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
