# SPDX-License-Identifier: BSD-2-Clause
# The PAM module against a lying helper: a host of our own (client), and tables of lies.

PAM_CLIENT_SRC := $(filter-out tests/pam/witness.c,$(wildcard tests/pam/*.c))

$(O)/tests/pam/client: $(call object,$(PAM_CLIENT_SRC))
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie $(LINK_FLAGS) -rdynamic -o $@ $^ -lpam -ldl

# What it prints with is the client's own.
$(O)/obj/tests/pam/witness.o: ROOM_FLAGS = -fPIC -fvisibility=hidden -Itests
$(O)/tests/pam/witness.so: $(O)/obj/tests/pam/witness.o
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -shared $(LINK_FLAGS) -o $@ $^ -lpam

# Unit tests with the module's own objects, against a libpam that the test plays.
PAM_UNIT_TESTS = $(patsubst %,$(O)/tests/unit/%_test,pam_parts pam_describe pam_channel pam_entry pam_messages pam_greeting greeter \
                   greeter_reply)

$(PAM_UNIT_TESTS): $(O)/tests/unit/%: $(O)/obj/tests/unit/%.o $(call object,$(PAM_SRC))
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie $(LINK_FLAGS) $(call wraps,$<) -o $@ $^ -lcmocka

# Optimizers leave out what they believe to be of no use: the same tests, with little of that and with much.
PAM_BUILDS = gcc,-O0 gcc,-O3,-flto clang,-O0 clang,-O3
.PHONY: pam-builds pam-build
pam-build: $(MODULES) $(O)/tests/pam/client $(O)/tests/pam/witness.so
pam-builds:
	$(Q)set -e; for how in $(PAM_BUILDS); do \
		built=build-pam/$$how; set -- $$(echo $$how | tr , ' '); cc=$$1; shift; \
		$(MAKE) --no-print-directory O=$$built CC=$$cc OPT="$$*" HARDENING= pam-build; \
		O=$$built tests/run --log $$built/logs tests/pam/run; done

CHECK_NEEDS += $(O)/pam_frontdesk.so $(O)/tests/pam/client $(O)/tests/pam/witness.so
CHECKS      += tests/pam/run
