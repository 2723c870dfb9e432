/* SPDX-License-Identifier: BSD-2-Clause */
/* `frontdesk kiosk --watch`: what the check-in screen shows, as every other display may know it. */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "frontdesk/paths.h"
#include "json/json.h"

#define SCREEN_SOCKET "screen.sock"
#define FIELD_SIZE    1100 /* bytes of one field on screen, each of its own escaped */

struct watch_options {
    bool watch;
    const char *socket; /* NULL: the usual */
};

static void print_help(void)
{
    (void)printf("Usage: frontdesk kiosk --watch [--json] [--socket PATH]\n"
                 "Prints each change of what the check-in screen shows, until the kiosk ends: code, address\n"
                 "and state, never who a visitor is. For root and the group frontdesk-screen.\n\n"
                 "  --watch            print what is shown, and go on\n"
                 "  --json             the lines as frontdesk-screen(7) describes them\n"
                 "  --socket PATH      default %s/" SCREEN_SOCKET "\n"
                 "  --help\n",
                 FD_KIOSK_RUNDIR);
}

/* 0: go on; else the exit status; -1: done. */
static int parse(int argc, char **argv, struct cli *cli, struct watch_options *ret_options)
{
    static const struct option known[] = {{"watch", no_argument, NULL, 'w'},
                                          {"socket", required_argument, NULL, 's'},
                                          {"json", no_argument, NULL, 'j'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    int option;

    optind = 0; /* getopt_long begins anew */
    while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1)
        switch (option) {
        case 'w':
            ret_options->watch = true;
            break;
        case 's':
            ret_options->socket = optarg;
            break;
        case 'j':
            cli->json = true;
            break;
        case 'h':
            print_help();
            return -1;
        default:
            return EXIT_USAGE;
        }
    if (optind < argc)
        return output_usage_error("kiosk", "`%s` is one word too many", argv[optind]);
    return ret_options->watch ? 0 : output_usage_error("kiosk", "--watch is what it can do");
}

static int connect_to(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd, error;

    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path));
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) == 0)
        return fd;
    error = errno;
    (void)close(fd);
    errno = error;
    return -1;
}

static void print_field(const struct json_value *object, const char *name, const char *before)
{
    char buffer[FIELD_SIZE];
    const char *text;

    if (json_string(json_get(object, name), &text, NULL))
        (void)printf("%s%s", before, output_text(text, buffer, sizeof buffer));
}

static bool print_line(const struct cli *cli, const struct json_document *document)
{
    const struct json_value *top = json_top(document);
    int64_t viewer = 0;

    if (cli->json)
        return output_json(document);
    (void)json_integer(json_get(top, "viewer"), &viewer);
    (void)printf("%lld", (long long)viewer);
    print_field(top, "state", "  ");
    print_field(top, "code", "  ");
    print_field(top, "uri", "  ");
    print_field(top, "expires_at", "  until ");
    (void)putchar('\n');
    return fflush(stdout) == 0;
}

/* Until the kiosk, or whoever reads this, ends. */
static int watch(const struct cli *cli, FILE *from)
{
    AUTO_FREE char *line = NULL;
    size_t size = 0;
    ssize_t length;

    while ((length = getline(&line, &size, from)) > 0) {
        AUTO_JSON struct json_document *document = json_parse(line, (size_t)length);

        if (!document) {
            output_error("the kiosk says something else than this version understands");
            return EXIT_REFUSED;
        }
        if (!print_line(cli, document))
            return EXIT_REFUSED;
    }
    output_error("the kiosk has ended");
    return EXIT_REFUSED;
}

int kiosk_command(struct cli *cli, int argc, char **argv)
{
    struct watch_options options = {0};
    char path[PATH_MAX];
    AUTO_FCLOSE FILE *from = NULL;
    int status = parse(argc, argv, cli, &options), fd;

    if (status != 0)
        return status < 0 ? 0 : status;
    if (!options.socket) {
        if (snprintf(path, sizeof path, "%s-kiosk/" SCREEN_SOCKET, cli->runtime_dir) >= (int)sizeof path)
            return EXIT_USAGE;
        options.socket = path;
    }
    fd = connect_to(options.socket);
    from = fd >= 0 ? fdopen(fd, "r") : NULL;
    if (!from) {
        output_error("%s: %s (does frontdesk-kiosk run, and are you in the group frontdesk-screen?)",
                     options.socket, strerror(errno));
        if (fd >= 0)
            (void)close(fd);
        return EXIT_USAGE;
    }
    return watch(cli, from);
}
