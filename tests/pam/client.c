/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A PAM host for tests: calls one module's entry points with the arguments given, or a whole stack through
 * libpam, and prints what happened: results, messages, log lines, and whatever changed in this process.
 *
 *   client [-m MODULE | -d CONFDIR] [-s SERVICE] [-u USER] [-i TYPE=VALUE]... [-e NAME=VALUE]... [-c HOW]
 *          [-a ANSWER]... [-f N] [-g SIGCHLD] [-k UID] [-l FACTOR] [-q] [-r TIMES] PHASE...
 *          [-- MODULE-ARGUMENT...]
 *
 * HOW a conversation goes: see struct host. -f: the N-th watched libc call fails. -g: default, ignore or
 * block. -k: the host's user, once the module is loaded. -l: the module's time passes so much more slowly.
 * -q: PAM_SILENT. -r: loads, asks and unloads the module so many times first.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <locale.h>
#include <pwd.h>
#include <security/pam_modules.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "client.h"

#define LIST_MAX 16

struct list {
    const char *items[LIST_MAX];
    int count;
};

struct options {
    const char *module, *confdir, *service, *user, *conversation, *sigchld;
    struct list items, environment, answers, phases, arguments;
    unsigned failure, rounds, slowness;
    uid_t uid;
    int flags;
};

typedef int (*entry_point)(pam_handle_t *pamh, int flags, int argc, const char **argv);

static const struct phase {
    const char *name, *entry;
    int (*stack)(pam_handle_t *pamh, int flags);
    int flags;
} phases[] = {
    {"auth", "pam_sm_authenticate", pam_authenticate, 0},
    {"setcred", "pam_sm_setcred", pam_setcred, PAM_ESTABLISH_CRED},
    {"account", "pam_sm_acct_mgmt", pam_acct_mgmt, 0},
    {"open", "pam_sm_open_session", pam_open_session, 0},
    {"close", "pam_sm_close_session", pam_close_session, 0},
    {"prelim", "pam_sm_chauthtok", pam_chauthtok, PAM_PRELIM_CHECK},
    {"update", "pam_sm_chauthtok", pam_chauthtok, PAM_UPDATE_AUTHTOK},
};

static void fail(const char *why)
{
    (void)fprintf(stderr, "client: %s\n", why);
    exit(99);
}

static void add(struct list *list, const char *item)
{
    if (list->count == LIST_MAX)
        fail("too many arguments");
    list->items[list->count++] = item;
}

static void read_option(struct options *o, int letter)
{
    switch (letter) {
    case 'm':
        o->module = optarg;
        break;
    case 'd':
        o->confdir = optarg;
        break;
    case 's':
        o->service = optarg;
        break;
    case 'u':
        o->user = optarg;
        break;
    case 'c':
        o->conversation = optarg;
        break;
    case 'g':
        o->sigchld = optarg;
        break;
    case 'i':
        add(&o->items, optarg);
        break;
    case 'e':
        add(&o->environment, optarg);
        break;
    case 'a':
        add(&o->answers, optarg);
        break;
    case 'f':
        o->failure = (unsigned)atoi(optarg);
        break;
    case 'k':
        o->uid = (uid_t)atoi(optarg);
        break;
    case 'l':
        o->slowness = (unsigned)atoi(optarg);
        break;
    case 'r':
        o->rounds = (unsigned)atoi(optarg);
        break;
    case 'q':
        o->flags = (int)PAM_SILENT;
        break;
    default:
        fail("usage");
    }
}

static struct options read_options(int argc, char **argv)
{
    struct options o = {.service = "test", .conversation = "answer", .sigchld = "default", .slowness = 1};
    int letter;

    while ((letter = getopt(argc, argv, "+m:d:s:u:c:g:i:e:a:f:k:l:r:q")) != -1)
        read_option(&o, letter);
    for (; optind < argc && strcmp(argv[optind], "--") != 0; optind++)
        add(&o.phases, argv[optind]);
    for (optind++; optind < argc; optind++)
        add(&o.arguments, argv[optind]);
    return o;
}

static const struct phase *phase_named(const char *name)
{
    for (size_t i = 0; i < sizeof phases / sizeof phases[0]; i++)
        if (strcmp(phases[i].name, name) == 0)
            return &phases[i];
    fail("no such phase");
    return NULL;
}

static int call_module(void *module, const struct options *o, pam_handle_t *pamh, const struct phase *phase)
{
    const char *arguments[LIST_MAX];
    entry_point entry;

    *(void **)&entry = dlsym(module, phase->entry);
    if (!entry)
        fail("no such entry point");
    memcpy(arguments, o->arguments.items, sizeof arguments);
    return entry(pamh, o->flags | phase->flags, o->arguments.count, arguments);
}

static void run_phase(void *module, const struct options *o, pam_handle_t *pamh, const char *name)
{
    const struct phase *phase = phase_named(name);
    struct snapshot *before = snapshot_take();
    int code, failed;

    inject_failure(o->failure);
    if (module)
        code = call_module(module, o, pamh, phase);
    else
        code = phase->stack(pamh, o->flags | (strcmp(name, "setcred") == 0 ? phase->flags : 0));
    failed = inject_ended();
    (void)printf("result %s %d\n", name, code);
    memory_print_secrets();
    (void)printf("waits %d\n", inject_longest_wait());
    if (failed)
        (void)puts("injected");
    snapshot_compare(before, snapshot_take());
}

static void set_item(pam_handle_t *pamh, const char *item)
{
    const int type = atoi(item);
    const char *value = strchr(item, '=');

    if (!value || pam_set_item(pamh, type, value + 1) != PAM_SUCCESS)
        fail("pam_set_item");
}

static void print_handle(pam_handle_t *pamh)
{
    const void *user = NULL;
    char **environment = pam_getenvlist(pamh);

    if (pam_get_item(pamh, PAM_USER, &user) == PAM_SUCCESS && user)
        print_hex("user", user);
    for (char **e = environment; e && *e; e++) {
        print_hex("env", *e);
        free(*e);
    }
    free(environment);
}

static int quiet_host(int count, const struct pam_message **messages, struct pam_response **ret_responses,
                      void *host)
{
    (void)count, (void)messages, (void)ret_responses, (void)host;
    return PAM_CONV_ERR;
}

/* "mebibyte:alice" is a name of that length which begins so: more than an argument holds. */
static char *user_of(const struct options *o)
{
    static const char mark[] = "mebibyte:";
    char *name;

    if (!o->user)
        return NULL;
    if (strncmp(o->user, mark, sizeof mark - 1) != 0)
        return strdup(o->user);
    name = malloc((1 << 20) + 1);
    if (!name)
        fail("malloc");
    memset(name, 'x', 1 << 20);
    name[1 << 20] = '\0';
    memcpy(name, o->user + sizeof mark - 1, strlen(o->user) - (sizeof mark - 1));
    return name;
}

static pam_handle_t *start(const struct options *o, struct host *host)
{
    const struct pam_conv conv = {.conv = host_converse, .appdata_ptr = host};
    const struct pam_conv nothing = {.conv = NULL};
    const struct pam_conv quiet = {.conv = quiet_host};
    pam_handle_t *pamh = NULL;
    char *user = user_of(o);

    if (pam_start_confdir(o->service, user, host ? &conv : &quiet, o->confdir, &pamh) != PAM_SUCCESS)
        fail("pam_start_confdir");
    free(user);
    if (strcmp(o->conversation, "none") == 0 && pam_set_item(pamh, PAM_CONV, &nothing) != PAM_SUCCESS)
        fail("PAM_CONV");
    for (int i = 0; i < o->items.count; i++)
        set_item(pamh, o->items.items[i]);
    for (int i = 0; i < o->environment.count; i++)
        if (pam_putenv(pamh, o->environment.items[i]) != PAM_SUCCESS)
            fail("pam_putenv");
    return pamh;
}

static void on_signal(int number)
{
    (void)number;
}

/* A host like the real ones: handlers, a timer that interrupts, masks, descriptors without CLOEXEC. */
static void be_a_host(const struct options *o)
{
    const struct itimerval often = {.it_interval = {.tv_usec = 5000}, .it_value = {.tv_usec = 5000}};
    struct sigaction action = {.sa_handler = on_signal};
    sigset_t blocked;

    (void)setvbuf(stdout, NULL, _IOLBF, 0);
    (void)setlocale(LC_ALL, "");
    (void)umask(0027);
    (void)sigaction(SIGALRM, &action, NULL);
    (void)sigaction(SIGUSR1, &action, NULL);
    if (strcmp(o->sigchld, "ignore") == 0)
        action.sa_handler = SIG_IGN;
    if (strcmp(o->sigchld, "default") != 0)
        (void)sigaction(SIGCHLD, &action, NULL);
    (void)sigemptyset(&blocked);
    (void)sigaddset(&blocked, SIGUSR2);
    if (strcmp(o->sigchld, "block") == 0)
        (void)sigaddset(&blocked, SIGCHLD);
    (void)sigprocmask(SIG_BLOCK, &blocked, NULL);
    (void)setitimer(ITIMER_REAL, &often, NULL);
    /* Every host has looked somebody up before; libc's own first time does not survive a malloc that fails.
     */
    if (chdir("/") != 0 || !getpwnam("root"))
        fail("be_a_host");
}

static void *load(const struct options *o)
{
    void *module = o->module ? dlopen(o->module, RTLD_NOW | RTLD_LOCAL) : NULL;

    if (o->module && !module)
        fail(dlerror());
    return module;
}

static void load_and_unload(const struct options *o)
{
    for (unsigned i = 0; i < o->rounds; i++) {
        pam_handle_t *pamh = start(o, NULL);
        void *module = load(o);

        (void)call_module(module, o, pamh, phase_named("auth"));
        (void)pam_end(pamh, PAM_SUCCESS);
        (void)dlclose(module);
    }
}

int main(int argc, char **argv)
{
    const struct options o = read_options(argc, argv);
    struct host host = {
        .conversation = o.conversation, .answers = o.answers.items, .answer_count = o.answers.count};
    void *module;
    int last = PAM_SUCCESS;

    be_a_host(&o);
    inject_slow_clock(o.slowness);
    load_and_unload(&o);
    module = load(&o);
    if (setresuid(o.uid, o.uid, o.uid) != 0)
        fail("setresuid");
    host.pamh = start(&o, &host);
    for (int i = 0; i < o.phases.count; i++)
        run_phase(module, &o, host.pamh, o.phases.items[i]);
    print_handle(host.pamh);
    (void)pam_end(host.pamh, last);
    if (module)
        (void)dlclose(module);
    (void)puts("end");
    return 0;
}
