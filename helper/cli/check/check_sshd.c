/* SPDX-License-Identifier: BSD-2-Clause */
/* sshd asks PAM only where its configuration says so. It is asked itself, for its files include others. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/check/check.h"
#include "cli/check/sshd_settings.h"
#include "cli/check/stack_ways.h"
#include "cli/cli.h"

static const char *find_sshd(void)
{
    static const char *const paths[] = {"/usr/sbin/sshd", "/usr/bin/sshd", "/sbin/sshd"};

    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        if (access(paths[i], X_OK) == 0)
            return paths[i];
    return NULL;
}

/* `sshd -T`: all settings in effect, a line each. */
static struct sshd_settings ask_sshd(const char *path)
{
    struct sshd_settings answers = {0};
    AUTO_FCLOSE FILE *lines = NULL;
    AUTO_FREE char *line = NULL;
    size_t size = 0;
    int ends[2];
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return answers;
    pid = fork();
    if (pid == 0) {
        const int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

        if (dup2(ends[1], STDOUT_FILENO) >= 0 && null >= 0 && dup2(null, STDERR_FILENO) >= 0)
            (void)execl(path, path, "-T", (char *)NULL);
        _exit(1);
    }
    (void)close(ends[1]);
    lines = fdopen(ends[0], "r");
    while (lines && getline(&line, &size, lines) > 0)
        sshd_settings_take(line, &answers);
    if (pid > 0)
        (void)waitpid(pid, NULL, 0);
    return answers;
}

/* Whoever has not yet put our module into its stack, has not come to this yet. */
static enum fact_state gravity(void)
{
    AUTO_FREE char *why = NULL;
    struct pam_stack *auth = pam_stack_read(NULL, "sshd", PAM_TYPE_AUTH, &why);
    const bool in_use = auth && pam_stack_line(auth, OUR_MODULE);

    pam_stack_free(auth);
    return in_use ? FACT_WRONG : FACT_HINT;
}

static void tell(struct report *report, const struct sshd_settings *answers)
{
    struct fact fact = {.state = gravity(), .status = EXIT_REFUSED, .name = "sshd"};

    if (!answers->pam) {
        fact.next = "write `UsePAM yes` into sshd_config";
        report_say(report, &fact, "sshd does not ask PAM: members come in by keys unjudged%s",
                   answers->password ? ", local accounts also by their password, whatever a stack says"
                                     : ", and nobody else");
    }
    if (!answers->keyboard_interactive) {
        fact.next = "write `KbdInteractiveAuthentication yes` into sshd_config";
        report_say(report, &fact, "sshd does not show what PAM says: nobody can sign in");
    }
    fact = (struct fact){.state = FACT_GOOD, .name = "sshd"};
    if (answers->pam && answers->keyboard_interactive)
        report_say(report, &fact, "sshd asks PAM and shows what it says");
    if (answers->pam && answers->password) {
        fact.state = FACT_HINT;
        fact.next = "write `PasswordAuthentication no`: keyboard-interactive takes passwords, too, where the "
                    "stack allows them";
        report_say(report, &fact, "sshd also offers the method `password`, which shows no code");
    }
    if (answers->pam && answers->use_dns) {
        fact.state = FACT_HINT;
        fact.next = "write `UseDNS no`: then hosts are counted, shown and recorded by their addresses";
        report_say(report, &fact,
                   "sshd names hosts as their owners do in the DNS (UseDNS): who has a zone is "
                   "as many hosts as he likes");
    }
}

static bool is_served(const struct config *config)
{
    for (size_t i = 0; i < config->connection_count; i++)
        if (config->connections[i].enabled && connection_serves(&config->connections[i], "sshd"))
            return true;
    return false;
}

void check_sshd(struct report *report, const struct config *config)
{
    const char *path = is_served(config) ? find_sshd() : NULL;
    struct sshd_settings answers = {0};

    if (!path)
        return;
    if (geteuid() == 0)
        answers = ask_sshd(path);
    if (answers.any)
        tell(report, &answers);
    else
        report_say(report,
                   &(struct fact){.state = FACT_HINT, .name = "sshd", .next = "run `sshd -T` as root"},
                   "what sshd_config says was not looked at");
}
