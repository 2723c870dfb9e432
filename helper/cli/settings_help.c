/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of settings as a person reads it. */
#include <stdio.h>

#include "cli/check/check.h"
#include "config/settings.h"
#include "connection/presets.h"

static void print_heading(enum setting_section section)
{
    if (section == SECTION_CONNECTION)
        (void)puts("\nconnections.d/NAME.conf\n\n[connection]");
    else if (section == SECTION_CONNECTION + 1)
        (void)printf("\nfrontdesk.conf\n\n[%s]\n", settings_section_name(section));
    else
        (void)printf("\n[%s%s]\n", settings_section_name(section), section == SECTION_SERVICE ? " NAME" : "");
}

static void print_words(const struct setting *setting)
{
    const struct preset *preset;

    if (!setting->words && setting->parse != setting_preset)
        return;
    (void)fputs("      one of:", stdout);
    for (const struct setting_word *word = setting->words; word && word->word; word++)
        (void)printf(" %s", word->word);
    for (size_t i = 0; !setting->words && (preset = presets_at(i)) != NULL; i++)
        (void)printf(" %s", preset->name);
    (void)putchar('\n');
}

static void print_setting(const struct setting *setting)
{
    (void)printf("  %s", setting->key);
    for (size_t i = 0; i < SETTING_ALIASES_MAX && setting->aliases[i]; i++)
        (void)printf("%s%s", i ? ", " : " (or ", setting->aliases[i]);
    if (setting->aliases[0])
        (void)putchar(')');
    if (setting->required)
        (void)fputs(" [required]", stdout);
    else if (setting->fallback && setting->fallback[0])
        (void)printf(" [%s]", setting->fallback);
    (void)printf("\n      %s\n", setting->help);
    print_words(setting);
}

void settings_print_help(void)
{
    const struct setting *setting;
    int section = -1;

    for (size_t i = 0; (setting = settings_at(i)) != NULL; i++) {
        if ((int)setting->section != section)
            print_heading(setting->section);
        section = (int)setting->section;
        print_setting(setting);
    }
}
