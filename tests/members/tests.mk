# SPDX-License-Identifier: BSD-2-Clause
# The members' room under a crowd, under kill -9 and on a full disk.

MEMBERS_TESTS = $(O)/tests/members/crowd $(O)/tests/members/killed $(O)/tests/members/full_disk

$(O)/tests/members/%: $(O)/obj/tests/members/%.o $(O)/libfrontdesk.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie $(LINK_FLAGS) -o $@ $< $(O)/libfrontdesk.a $(HELPER_LIBS) -lcmocka

CHECK_NEEDS += $(MEMBERS_TESTS)
CHECKS      += $(MEMBERS_TESTS)
