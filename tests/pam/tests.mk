# SPDX-License-Identifier: BSD-2-Clause
# The PAM module against a lying helper: a host of our own (client), and tables of lies.

PAM_CLIENT_SRC := $(wildcard tests/pam/*.c)

$(O)/tests/pam/client: $(call object,$(PAM_CLIENT_SRC))
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie $(LINK_FLAGS) -rdynamic -o $@ $^ -lpam -ldl

CHECK_NEEDS += $(O)/pam_frontdesk.so $(O)/tests/pam/client
CHECKS      += tests/pam/run
