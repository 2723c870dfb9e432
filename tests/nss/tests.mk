# SPDX-License-Identifier: BSD-2-Clause
# The NSS module as it is loaded: by dlopen, and by glibc for getent and id.

$(O)/tests/nss/%: $(O)/obj/tests/nss/%.o $(O)/libfrontdesk.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie $(LINK_FLAGS) -o $@ $< $(O)/libfrontdesk.a $(HELPER_LIBS) -lcmocka -ldl -lpthread

$(O)/tests/nss/members: $(O)/tests/nss/write_index
	$(Q)$< $@ 1000

CHECK_NEEDS += $(O)/libnss_frontdesk.so.2 $(O)/tests/nss/entry_points $(O)/tests/nss/write_index $(O)/tests/nss/members
CHECKS      += '$(O)/tests/nss/entry_points $(abspath $(O))/libnss_frontdesk.so.2 $(abspath $(O))/tests/nss/members'
CHECKS      += tests/nss/getent
