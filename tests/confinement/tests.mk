# SPDX-License-Identifier: BSD-2-Clause
# What each of our processes can do once it is taken over: the shipped programs with a puppet in the place of what
# meets foreign bytes, in namespaces, with the real modules on the other side.

CONFINEMENT := $(O)/tests/confinement
PUPPETS     := $(addprefix $(CONFINEMENT)/frontdesk-,helper keeper listener)

$(CONFINEMENT)/frontdesk-helper: $(call object,helper/helper.c tests/confinement/puppet_child.c)
$(CONFINEMENT)/frontdesk-keeper: $(call object,helper/keeper/keeper_main.c tests/confinement/puppet_keeper.c)
$(CONFINEMENT)/frontdesk-listener: $(call object,helper/helper.c tests/confinement/puppet_listener.c)
$(PUPPETS): $(call object,tests/confinement/puppet.c) $(O)/libfrontdesk.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie $(LINK_FLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(HELPER_LIBS)

$(CONFINEMENT)/without_landlock: $(call object,tests/confinement/without_landlock.c)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie $(LINK_FLAGS) -o $@ $^

CHECK_NEEDS += stage idp $(PUPPETS) $(CONFINEMENT)/without_landlock
CHECKS += $(addprefix tests/confinement/run\ ,attempts child keeper old_kernel paths units)
