/* SPDX-License-Identifier: BSD-2-Clause */
/* `frontdesk login`: a real sign-in without PAM, by the same session and keeper code. */
#include <errno.h>
#include <getopt.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <syslog.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/cli.h"
#include "cli/login/dialog.h"
#include "cli/login/login_output.h"
#include "cli/output.h"
#include "clock.h"
#include "frontdesk/locale_name.h"
#include "log.h"

struct login_options {
    const char *connection; /* NULL: not named */
    bool commit, show_claims;
    struct login login;
};

static const char usage[] =
    "Usage: frontdesk [--config-dir D] [--state-dir S] [--runtime-dir R] login [NAME] [OPTION...]\n"
    "Signs in at connection NAME (without it: at the one that the service and the person choose) as PAM\n"
    "would, and shows the claims, each rule's verdict, and what came of it.\n\n"
    "  --service SERVICE  the PAM service to be (default: login)\n"
    "  --user USER        the user that the host asks for (default: none)\n"
    "  --rhost HOST       the remote host (default: none)\n"
    "  --key              as behind a public key that sshd has accepted (see requires_key)\n"
    "  --tty TTY          the terminal's name (default: this one's)\n"
    "  --timeout SECONDS  ends it then (default: 900)\n"
    "  --commit           writes the member; without it nothing is written\n"
    "  --show-claims      shows private claims, too\n"
    "  --json             one JSON object a line: prompt, rules, profile, verdict\n\n"
    "Exit status: 0 allowed; 1 any other verdict; 2 it could not be tried.\n";

/* False: the text does not fit. */
static bool set_field(char *field, size_t size, const char *text)
{
    const int n = snprintf(field, size, "%s", text);

    return n >= 0 && (size_t)n < size;
}

static bool set_timeout(const char *text, uint32_t *ret_seconds)
{
    char *end;
    long seconds;

    errno = 0;
    seconds = strtol(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || seconds < 1 || seconds > PROTOCOL_TIMEOUT_MAX_S)
        return false;
    *ret_seconds = (uint32_t)seconds;
    return true;
}

static void set_plain(char *field, size_t size, const char *name)
{
    if (name && locale_name_is_plain(name))
        (void)set_field(field, size, name);
}

/* What a host would know of this terminal. */
static void describe_terminal(struct login *login)
{
    const char *tty = isatty(STDIN_FILENO) ? ttyname(STDIN_FILENO) : NULL;
    struct winsize window;

    login->phase = PHASE_AUTH;
    login->timeout_s = PROTOCOL_TIMEOUT_S;
    (void)set_field(login->service, sizeof login->service, "login");
    if (tty)
        (void)set_field(login->tty, sizeof login->tty, tty);
    set_plain(login->lang, sizeof login->lang, setlocale(LC_MESSAGES, NULL));
    set_plain(login->codeset, sizeof login->codeset, nl_langinfo(CODESET));
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0) {
        login->columns = window.ws_col;
        login->rows = window.ws_row;
    }
}

/* False: the text cannot be used there. */
static bool take_text(struct login *login, int option, const char *text)
{
    switch (option) {
    case 's':
        return text[0] != '\0' && set_field(login->service, sizeof login->service, text);
    case 'u':
        return set_field(login->user, sizeof login->user, text);
    case 'r':
        return set_field(login->rhost, sizeof login->rhost, text);
    case 't':
        return set_field(login->tty, sizeof login->tty, text);
    default:
        return set_timeout(text, &login->timeout_s);
    }
}

/* 0, or the status to exit with; -1: done. */
static int parse_options(struct cli *cli, int argc, char **argv, struct login_options *options)
{
    static const struct option known[] = {{"service", required_argument, NULL, 's'},
                                          {"user", required_argument, NULL, 'u'},
                                          {"rhost", required_argument, NULL, 'r'},
                                          {"tty", required_argument, NULL, 't'},
                                          {"timeout", required_argument, NULL, 'T'},
                                          {"commit", no_argument, NULL, 'c'},
                                          {"show-claims", no_argument, NULL, 'C'},
                                          {"key", no_argument, NULL, 'k'},
                                          {"json", no_argument, NULL, 'j'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    struct login *login = &options->login;
    int option;

    optind = 0;
    while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1) {
        switch (option) {
        case 'c':
            options->commit = true;
            break;
        case 'C':
            options->show_claims = true;
            break;
        case 'k':
            (void)set_field(login->prior_auth, sizeof login->prior_auth, "publickey trial");
            break;
        case 'j':
            cli->json = true;
            break;
        case 'h':
            (void)fputs(usage, stdout);
            return -1;
        case '?':
            return EXIT_USAGE;
        default:
            if (!take_text(login, option, optarg))
                return output_usage_error("login", "`%s` cannot be used there", optarg);
        }
    }
    if (argc - optind > 1)
        return output_usage_error("login", "more than one connection was named");
    options->connection = argv[optind];
    return 0;
}

/* The one that was named, or the only one there is; of several the keeper and the person choose, as by PAM.
 * A script is never asked. A broken configuration is left to the keeper's verdict. */
static int choose_connection(const struct cli *cli, const struct config *config,
                             struct login_options *options)
{
    const char *name = options->connection;

    if (config->broken)
        name = name ? name : "";
    else if (name && !config_connection(config, name) && !config_connection_is_broken(config, name))
        return output_usage_error("login", "there is no connection `%s`", name);
    else if (!name && cli->json && config->connection_count + config->broken_connection_count > 1)
        return output_usage_error("login", "there are several connections: name one");
    else if (!name && config->connection_count + config->broken_connection_count > 1)
        name = "";
    else if (!name && config->connection_count == 1)
        name = config->connections[0].name;
    else if (!name)
        name = config->broken_connection_count == 1 ? config->broken_connections[0] : "";
    if (!set_field(options->login.connection, sizeof options->login.connection, name))
        return output_usage_error("login", "`%s` is no name of a connection", name);
    return 0;
}

/* An end without a verdict means what the module would make of it. */
static void judge_end(struct dialog *dialog, enum dialog_end end, int keeper_status)
{
    enum reason reason = REASON_INTERNAL;

    if (end == DIALOG_VERDICT)
        return;
    if (end == DIALOG_TIMEOUT)
        reason = REASON_TIMEOUT;
    else if (keeper_status == KEEPER_EXIT_NOT_STARTED)
        reason = REASON_STORE_FAILED;
    else if (end == DIALOG_BROKEN)
        reason = REASON_PROTOCOL;
    dialog->verdict = reason_verdict(reason);
    (void)set_field(dialog->reason, sizeof dialog->reason, reason_code(reason));
    /* No keeper was left to say it. */
    if (end != DIALOG_INTERRUPTED)
        log_line(LOG_NOTICE, "verdict=%s reason=%s", verdict_name(dialog->verdict), dialog->reason);
}

static int run(const struct cli *cli, const struct private_plan *plan, const struct login_options *options)
{
    AUTO_CLOSE int signals = -1;
    struct private_run processes;
    struct dialog dialog = {.run = &processes, .json = cli->json};
    enum dialog_end end;
    sigset_t ends;
    bool told = true;

    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGINT);
    (void)sigaddset(&ends, SIGTERM);
    (void)sigaddset(&ends, SIGHUP);
    signals = signalfd(-1, &ends, SFD_CLOEXEC);
    if (signals < 0 || sigprocmask(SIG_BLOCK, &ends, NULL) != 0 || !private_run_start(plan, &processes))
        return EXIT_USAGE;
    dialog.signals = signals;
    dialog.deadline_ms = boottime_ms() + (int64_t)options->login.timeout_s * 1000;
    end = dialog_run(&dialog, &options->login);
    judge_end(&dialog, end, private_run_end(&processes));
    if (end != DIALOG_INTERRUPTED && cli->json)
        told = login_print_events(&dialog);
    else if (end != DIALOG_INTERRUPTED)
        login_print(&dialog, plan->config, options->login.service, options->commit);
    dialog_clear(&dialog);
    if (end == DIALOG_INTERRUPTED)
        return EXIT_INTERRUPTED;
    return end == DIALOG_VERDICT && dialog.verdict == VERDICT_ALLOW && told ? 0 : EXIT_REFUSED;
}

int login_command(struct cli *cli, int argc, char **argv)
{
    struct login_options options = {0};
    struct cli_users users;
    struct config *config;
    int status;

    describe_terminal(&options.login);
    status = parse_options(cli, argc, argv, &options);
    if (status != 0)
        return status < 0 ? 0 : status;
    config = config_read_layers(cli->config_dir, cli->vendor_dir);
    if (!config) {
        output_error("no memory to read the configuration");
        return EXIT_USAGE;
    }
    status = choose_connection(cli, config, &options);
    if (status == 0 && !folders_prepare(cli, &users))
        status = EXIT_USAGE;
    if (status == 0) {
        const struct private_plan plan = {
            .cli = cli,
            .users = &users,
            .config = config,
            .connection = config_connection(config, options.login.connection),
            .commit = options.commit,
            .show_claims = options.show_claims,
        };

        status = run(cli, &plan, &options);
    }
    config_unref(config);
    return status;
}
