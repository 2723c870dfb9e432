/* SPDX-License-Identifier: BSD-2-Clause */
/* See check_report.h. Facts hold foreign strings: each passes output_text, or JSON's escapes. */
#include "cli/check/check_report.h"

#include <langinfo.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "cli/cli.h"
#include "cli/output.h"

#define SHOWN_MAX 1024

static void print_json(const struct fact *fact)
{
    static const char *const states[] = {[FACT_GOOD] = "good", [FACT_HINT] = "hint", [FACT_WRONG] = "wrong"};
    AUTO_JSON struct json_document *document = json_new();

    if (document && json_add_string(document, "connection", fact->connection) &&
        json_add_string(document, "fact", fact->name) &&
        json_add_string(document, "state", states[fact->state]) &&
        json_add_string(document, "text", fact->text) && json_add_string(document, "next", fact->next))
        (void)output_json(document);
}

static void print_text(const struct fact *fact)
{
    static const char *const drawn[] = {[FACT_GOOD] = "✔", [FACT_HINT] = "·", [FACT_WRONG] = "✘"};
    static const char *const plain[] = {[FACT_GOOD] = "ok", [FACT_HINT] = "--", [FACT_WRONG] = "NO"};
    const bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    char connection[80], text[SHOWN_MAX], next[SHOWN_MAX];

    (void)printf("%s %s%s%s", (utf8 ? drawn : plain)[fact->state],
                 output_text(fact->connection, connection, sizeof connection), fact->connection ? ": " : "",
                 output_text(fact->text, text, sizeof text));
    if (fact->next)
        (void)printf(" -> %s", output_text(fact->next, next, sizeof next));
    (void)putchar('\n');
    (void)fflush(stdout);
}

void report_add(struct report *report, const struct fact *fact)
{
    if (report->json)
        print_json(fact);
    else
        print_text(fact);
    if (fact->state == FACT_WRONG && (report->status == 0 || report->status == EXIT_REFUSED))
        report->status = fact->status;
}

void report_say(struct report *report, const struct fact *fact, const char *format, ...)
{
    AUTO_FREE char *text = NULL;
    struct fact said = *fact;
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        text = NULL;
    va_end(arguments);
    said.text = text ? text : fact->name;
    report_add(report, &said);
}
