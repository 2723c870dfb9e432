/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Does a phone read what a terminal shows? Draws whole messages, paints them as a dark terminal would, and
 * has zbarimg, which shares nothing with libqrencode, read the picture. Speaks TAP.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "display/display.h"

#define ROWS_MAX    128
#define COLUMNS_MAX 256
#define SCALE       4 /* pixels of a cell's width; a cell is twice as high */

#define FULL_BLOCK  "\xe2\x96\x88"
#define UPPER_BLOCK "\xe2\x96\x80"
#define LOWER_BLOCK "\xe2\x96\x84"

/* The screen in half cells: true where the terminal shines. */
struct screen {
    bool light[2 * ROWS_MAX][COLUMNS_MAX];
    size_t rows, columns;
};

static int tests_run;
static bool all_passed = true;

static void report(bool passed, const char *name)
{
    (void)printf("%s %d - %s\n", passed ? "ok" : "not ok", ++tests_run, name);
    all_passed = all_passed && passed;
}

/* Bytes of one drawn cell and where it shines; 0: this is no part of a QR. */
static size_t read_cell(const char *at, bool *ret_upper, bool *ret_lower)
{
    static const struct {
        const char *bytes;
        bool upper, lower;
    } cells[] = {
        {" ", false, false},        {"#", true, true},          {FULL_BLOCK, true, true},
        {UPPER_BLOCK, true, false}, {LOWER_BLOCK, false, true},
    };

    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        const size_t n = strlen(cells[i].bytes);

        if (strncmp(at, cells[i].bytes, n) == 0) {
            *ret_upper = cells[i].upper;
            *ret_lower = cells[i].lower;
            return n;
        }
    }
    return 0;
}

/* Paints one line of the message when it is a row of the QR; a line of words stays dark. */
static bool paint_line(struct screen *screen, const char *line, size_t length)
{
    const char *const end = line + length;
    size_t column = 0;

    if (length == 0 || screen->rows == ROWS_MAX)
        return false;
    while (line < end && column < COLUMNS_MAX) {
        bool *upper = &screen->light[2 * screen->rows][column];
        bool *lower = &screen->light[2 * screen->rows + 1][column];
        const size_t n = read_cell(line, upper, lower);

        if (n == 0) {
            memset(screen->light[2 * screen->rows], 0, 2 * sizeof screen->light[0]);
            return false;
        }
        line += n;
        column++;
    }
    screen->rows++;
    screen->columns = column;
    return true;
}

static void paint(struct screen *screen, const char *message)
{
    memset(screen, 0, sizeof *screen);
    for (const char *line = message; *line;) {
        const size_t length = strcspn(line, "\n");

        (void)paint_line(screen, line, length);
        line += length + (line[length] == '\n' ? 1 : 0);
    }
}

/* A grey picture with a dark ground around, as the rest of a terminal is dark. Gives a descriptor. */
static int photograph(const struct screen *screen)
{
    const size_t border = 10 * SCALE;
    const size_t width = screen->columns * SCALE + 2 * border, height = screen->rows * 2 * SCALE + 2 * border;
    const int fd = memfd_create("picture.pgm", 0);
    FILE *out = fd < 0 ? NULL : fdopen(dup(fd), "wb");

    if (!out)
        return -1;
    (void)fprintf(out, "P5 %zu %zu 255\n", width, height);
    for (size_t y = 0; y < height; y++)
        for (size_t x = 0; x < width; x++) {
            const bool inside = y >= border && y < height - border && x >= border && x < width - border;

            (void)fputc(inside && screen->light[(y - border) / SCALE][(x - border) / SCALE] ? 230 : 20, out);
        }
    return fclose(out) == 0 ? fd : -1;
}

/* What the other decoder reads, without the newline; "" when it finds nothing. */
static void decode(int picture, char *ret_text, size_t size)
{
    char command[160];
    FILE *pipe;
    size_t n;

    (void)snprintf(command, sizeof command,
                   "zbarimg --nodbus -q --raw -Sdisable -Sqrcode.enable pgm:- </proc/self/fd/%d", picture);
    pipe = popen(command, "r"); /* NOLINT(cert-env33-c): a fixed command, looked up as the tests' tools are */
    n = pipe ? fread(ret_text, 1, size - 1, pipe) : 0;
    ret_text[n] = '\0';
    if (pipe)
        (void)pclose(pipe);
    if (n > 0 && ret_text[n - 1] == '\n')
        ret_text[n - 1] = '\0';
}

/* The text in the message's QR; "" when there is no QR, or none that can be read. */
static void read_qr(const char *message, char *ret_text, size_t size)
{
    static struct screen screen;
    int picture;

    ret_text[0] = '\0';
    paint(&screen, message);
    if (screen.rows == 0)
        return;
    picture = photograph(&screen);
    if (picture >= 0) {
        decode(picture, ret_text, size);
        (void)close(picture);
    }
}

/* An URL of exactly that many bytes, with all that URLs may hold. */
static void make_url(char *ret_url, size_t length)
{
    static const char start[] = "https://idp.example/";
    static const char tail[] = "device?user_code=WDJB-MJHT&x=%20~._:/?@!$&'()*+,;=0123456789";

    memcpy(ret_url, start, sizeof start);
    for (size_t i = sizeof start - 1; i < length; i++)
        ret_url[i] = tail[(i - (sizeof start - 1)) % (sizeof tail - 1)];
    ret_url[length] = '\0';
}

static const struct machine_settings machine = {.name = (char[]){"desk-1"}, .location = (char[]){""}};

static char *draw(const struct display_place *place, enum qr_form form, const struct device_grant *grant)
{
    const struct service service = {.name = (char[]){"login"}, .qr = form};

    return display_prompt(place, &service, &machine, "Sign in with Corporate Account", grant);
}

/* Draws and reads; true when the QR says `wanted`. */
static bool qr_says(const struct display_place *place, enum qr_form form, const struct device_grant *grant,
                    const char *wanted)
{
    char *message = draw(place, form, grant), text[1024];

    if (!message)
        return false;
    read_qr(message, text, sizeof text);
    if (strcmp(text, wanted) != 0)
        (void)printf("# wanted %s\n# read   %s\n", wanted, text);
    free(message);
    return strcmp(text, wanted) == 0;
}

static const struct display_place console = {
    .service = "login", .tty = "tty1", .rhost = "", .user = "ada", .codeset = "UTF-8"};

static void check_lengths(enum qr_form form, size_t longest)
{
    struct device_grant grant = {.user_code = "WDJB-MJHT", .verification_uri = "https://idp.example/device"};
    char name[80];

    for (size_t length = 20; length <= longest; length += 41) {
        make_url(grant.verification_uri_complete, length);
        (void)snprintf(name, sizeof name, "the %s QR of a URL of %zu bytes decodes to that URL",
                       form == QR_ASCII ? "ASCII" : "half block", length);
        report(qr_says(&console, form, &grant, grant.verification_uri_complete), name);
    }
}

static void check_content(void)
{
    struct device_grant grant = {.user_code = "WDJB-MJHT", .verification_uri = "https://idp.example/device"};

    report(qr_says(&console, QR_AUTO, &grant, grant.verification_uri),
           "without a complete URI the QR holds the verification URI");
    make_url(grant.verification_uri_complete, 60);
    report(qr_says(&console, QR_AUTO, &grant, grant.verification_uri_complete),
           "with a complete URI the QR holds that");
    report(qr_says(&console, QR_NONE, &grant, ""), "without a QR nothing decodes");
}

static void check_small_screens(void)
{
    static const struct {
        unsigned columns, rows;
        size_t length;
    } screens[] = {{80, 25, 60}, {80, 24, 60}, {80, 24, 78}, {80, 25, 106}, {80, 24, 106}, {132, 43, 230}};
    struct device_grant grant = {.user_code = "WDJB-MJHT", .verification_uri = "https://idp.example/device"};
    char name[80];

    for (size_t i = 0; i < sizeof screens / sizeof screens[0]; i++) {
        struct display_place place = console;

        place.columns = screens[i].columns;
        place.rows = screens[i].rows;
        make_url(grant.verification_uri_complete, screens[i].length);
        (void)snprintf(name, sizeof name, "a URL of %zu bytes fits and decodes on %ux%u", screens[i].length,
                       place.columns, place.rows);
        report(qr_says(&place, QR_AUTO, &grant, grant.verification_uri_complete), name);
    }
}

static void check_ssh(void)
{
    const struct display_place place = {
        .service = "sshd", .tty = "ssh", .rhost = "192.0.2.7", .user = "ada", .codeset = ""};
    struct device_grant grant = {.user_code = "WDJB-MJHT", .verification_uri = "https://idp.example/device"};

    report(qr_says(&place, QR_AUTO, &grant, grant.verification_uri), "the QR of an ssh prompt decodes");
}

int main(void)
{
    check_lengths(QR_UTF8, VERIFICATION_URI_MAX);
    check_lengths(QR_ASCII, 420);
    check_content();
    check_small_screens();
    check_ssh();
    (void)printf("1..%d\n", tests_run);
    return all_passed ? 0 : 1;
}
