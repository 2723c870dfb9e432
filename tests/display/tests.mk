# SPDX-License-Identifier: BSD-2-Clause
# What is drawn is photographed (rendered to a picture) and read by somebody else's decoder.

$(O)/tests/display/%: $(O)/obj/tests/display/%.o $(O)/libfrontdesk.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie $(LINK_FLAGS) -o $@ $< $(O)/libfrontdesk.a $(HELPER_LIBS)

CHECK_NEEDS += $(O)/tests/display/qr_decode
CHECKS += $(O)/tests/display/qr_decode
