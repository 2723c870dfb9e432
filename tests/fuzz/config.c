/* SPDX-License-Identifier: BSD-2-Clause */
/* frontdesk.conf: accepted as a whole, or refused with a line and a reason; an edit changes one setting. */
#include <stdlib.h>
#include <string.h>

#include "config/config_build.h"
#include "config/config_edit.h"
#include "frontdesk/ids.h"
#include "frontdesk/member_text.h"
#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"

static struct config *build(const uint8_t *data, size_t size, bool *ret_good, bool *ret_memory)
{
    char file[] = "frontdesk.conf", *text = fuzz_text(data, size);
    const struct config_source source = {.file = file, .text = text, .length = size};
    struct config *config;

    faults_pause();
    config = calloc(1, sizeof *config);
    FUZZ_CHECK(config);
    config->references = 1;
    FUZZ_CHECK(settings_defaults(SECTION_MEMBERS, &config->members) &&
               settings_defaults(SECTION_MACHINE, &config->machine) &&
               settings_defaults(SECTION_LIMITS, &config->limits) &&
               settings_defaults(SECTION_KIOSK, &config->kiosk));
    faults_resume();
    *ret_memory = true;
    *ret_good = config_build_main(config, &source, 1, ret_memory);
    free(text);
    return config;
}

static void judge_accepted(const struct config *config)
{
    const struct members_settings *members = &config->members;

    FUZZ_CHECK(members->id_min >= FD_MEMBER_ID_MIN && members->id_max <= FD_MEMBER_ID_MAX &&
               members->id_min <= members->id_max);
    FUZZ_CHECK(member_path_is_valid(members->home_base, strlen(members->home_base)) ||
               members->home_base[0] == '/');
    FUZZ_CHECK(shell_is_valid(members->shell, strlen(members->shell)));
    FUZZ_CHECK(config->limits.sign_ins > 0 && config->service_count <= CONFIG_SERVICES_MAX);
    for (size_t i = 0; i < config->service_count; i++)
        FUZZ_CHECK(config->services[i].name && config->services[i].name[0] != '\0');
}

static void judge_edited(const uint8_t *data, size_t size)
{
    const struct setting *setting = settings_find(SECTION_MEMBERS, "shell", NULL);
    size_t length = 0;
    char *edited = config_edit_set((const char *)data, size, setting, "/bin/fuzz", &length);

    FUZZ_CHECK(!edited ||
               (memmem(edited, length, "/bin/fuzz", strlen("/bin/fuzz")) && edited[length] == '\0'));
    free(edited);
}

static void judge(const uint8_t *data, size_t size)
{
    bool good, memory;
    struct config *config = build(data, size, &good, &memory);

    FUZZ_CHECK(memory || faults_fired());
    FUZZ_CHECK(!memory || good == (config->fault_count == 0));
    if (good && memory)
        fuzz_note_good();
    if (good && memory)
        judge_accepted(config);
    for (size_t i = 0; i < config->fault_count; i++)
        FUZZ_CHECK(config->faults[i].file && config->faults[i].why);
    config_unref(config);
    judge_edited(data, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
