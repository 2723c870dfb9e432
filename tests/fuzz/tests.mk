# SPDX-License-Identifier: BSD-2-Clause
# Fuzz targets: one file each, linked with libFuzzer (make fuzz SECONDS=n [TARGET=x]) and, all together, with replay.c,
# which feeds them the corpora in the sanitizer build (make check).

FUZZ_TARGETS := $(sort $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/*.c)))
FUZZ_LIB     := $(filter-out tests/fuzz/lib/replay.c,$(wildcard tests/fuzz/lib/*.c))
# What a target may be about: the helper, and the objects of both modules.
FUZZ_WITH     = $(call object,$(FUZZ_LIB) $(NSS_SRC) $(PAM_SRC)) $(O)/libfrontdesk.a
# The linker puts these before the calls of the same name; their list is what faults_*.c define.
FUZZ_WRAPS    = $(shell nm $(filter %.o,$(call object,$(FUZZ_LIB))) | sed -n 's/.* T __wrap_/-Wl,--wrap=/p')
FUZZ_LIBS     = $(HELPER_LIBS) -lpam
SECONDS      ?= 300
TARGET       ?=

$(O)/obj/tests/fuzz/%.o: ROOM_FLAGS = -fPIE -Ihelper -Itests $(FUZZ_NAME)
# In replay each target goes by its own name.
ifndef FUZZING
$(FUZZ_TARGETS:%=$(O)/obj/tests/fuzz/%.o): FUZZ_NAME = -DLLVMFuzzerTestOneInput=target_$(basename $(notdir $@))
endif

$(O)/obj/tests/fuzz/targets.c: $(wildcard tests/fuzz/*.c) tests/fuzz/tests.mk
	@mkdir -p $(@D)
	@{ echo '#include "fuzz/lib/targets.h"'; \
	   printf 'int target_%s(const uint8_t *, size_t);\n' $(FUZZ_TARGETS); \
	   echo 'const struct fuzz_target fuzz_targets[] = {'; \
	   for t in $(FUZZ_TARGETS); do echo "    {\"$$t\", target_$$t},"; done; echo '    {0}};'; } >$@

$(O)/obj/tests/fuzz/targets.o: $(O)/obj/tests/fuzz/targets.c
	$(Q)$(CC) $(BASE_FLAGS) -fPIE -Itests -c -o $@ $<

$(O)/tests/fuzz/replay: $(FUZZ_TARGETS:%=$(O)/obj/tests/fuzz/%.o) $(O)/obj/tests/fuzz/targets.o \
		$(O)/obj/tests/fuzz/lib/replay.o $(FUZZ_WITH)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie $(LINK_FLAGS) $(FUZZ_WRAPS) -o $@ $^ $(FUZZ_LIBS)

# With libFuzzer: tests/fuzz/explore builds these in a folder of its own.
$(O)/fuzz/%: $(O)/obj/tests/fuzz/%.o $(FUZZ_WITH)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie -fsanitize=fuzzer $(LINK_FLAGS) $(FUZZ_WRAPS) -o $@ $^ $(FUZZ_LIBS)
fuzz-targets: $(FUZZ_TARGETS:%=$(O)/fuzz/%)

FUZZ := build-fuzz
.PHONY: fuzz fuzz-targets fuzz-replay
fuzz:
	$(Q)tools/install-deps fuzz
	$(Q)tests/fuzz/explore --build '$(FUZZ)' --seconds '$(SECONDS)' $(TARGET)

# The sanitizer build's, whichever build is being checked.
# One make at a time in that folder.
fuzz-replay: | oidc-driver
	$(Q)$(MAKE) --no-print-directory O=$(ASAN) SAN=address,undefined $(ASAN)/tests/fuzz/replay

CHECK_NEEDS += fuzz-replay
CHECKS      += '$(ASAN)/tests/fuzz/replay tests/fuzz/corpus --crashes $(ASAN)'
