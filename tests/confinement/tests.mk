# SPDX-License-Identifier: BSD-2-Clause
# What each of our processes can do once it is taken over: the shipped programs with a puppet in the place of what
# meets foreign bytes, in namespaces, with the real modules on the other side.

CONFINEMENT := $(O)/tests/confinement
PUPPET      := $(CONFINEMENT)/frontdesk-helper $(CONFINEMENT)/frontdesk-keeper $(CONFINEMENT)/without_landlock

$(CONFINEMENT)/frontdesk-helper: $(call object,helper/helper.c tests/confinement/puppet_child.c)
$(CONFINEMENT)/frontdesk-keeper: $(call object,helper/keeper/keeper_main.c tests/confinement/puppet_keeper.c)
$(CONFINEMENT)/frontdesk-helper $(CONFINEMENT)/frontdesk-keeper: $(call object,tests/confinement/puppet.c)
$(CONFINEMENT)/frontdesk-helper $(CONFINEMENT)/frontdesk-keeper: $(O)/libfrontdesk.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie $(LINK_FLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(HELPER_LIBS)

$(CONFINEMENT)/without_landlock: $(call object,tests/confinement/without_landlock.c)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie $(LINK_FLAGS) -o $@ $^

CHECK_NEEDS += stage idp $(PUPPET)
CHECKS += $(addprefix tests/confinement/run\ ,attempts child keeper old_kernel paths units)
