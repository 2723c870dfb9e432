# SPDX-License-Identifier: BSD-2-Clause
# Hosts as nobody would write them: tests/hosts/odd against a lying helper, the others in the room of tests/e2e. One
# build of the odd host has the sanitizer's allocator (leaks), one the thread sanitizer, with the module built so too.

HOSTS    := $(O)/tests/hosts
TSAN      = $(O)-tsan
ODD_SRC  := $(filter-out tests/hosts/homonyms.c tests/hosts/setuid_host.c,$(wildcard tests/hosts/*.c))
HOST_TESTS = environment phishing sanitized unattended

$(HOSTS)/odd_host: $(call object,$(ODD_SRC))
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie $(LINK_FLAGS) -rdynamic -o $@ $^ -lpam -ldl -pthread

$(HOSTS)/odd_homonyms: $(call object,$(ODD_SRC) tests/hosts/homonyms.c)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie $(LINK_FLAGS) -rdynamic -o $@ $^ -lpam -ldl -pthread

$(HOSTS)/setuid_host: $(call object,tests/hosts/setuid_host.c)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie $(LINK_FLAGS) -o $@ $^ -lpam

# The other rooms' parts of that folder first: two makes that compile one object at once spoil it.
.PHONY: hosts-sanitized
hosts-sanitized: | oidc-driver fuzz-replay
	$(Q)$(MAKE) --no-print-directory O=$(ASAN) SAN=address,undefined $(ASAN)/tests/hosts/odd_host $(ASAN)/pam_frontdesk.so
	$(Q)$(MAKE) --no-print-directory O=$(TSAN) SAN=thread $(TSAN)/tests/hosts/odd_host $(TSAN)/pam_frontdesk.so

CHECK_NEEDS += $(MODULES) $(O)/tests/nss/write_index $(HOSTS)/odd_host $(HOSTS)/odd_homonyms $(HOSTS)/setuid_host hosts-sanitized
CHECKS      += tests/hosts/odd $(HOST_TESTS:%=tests/hosts/run\ %)
