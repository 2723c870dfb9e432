# SPDX-License-Identifier: BSD-2-Clause
# Public token vectors: make check JOSE_VECTORS=DIR runs those of DIR, without it they count as skipped.

VECTORS_OBJ := $(call object,$(wildcard tests/vectors/*.c))

$(O)/tests/vectors/run_vectors: $(VECTORS_OBJ) $(O)/libfrontdesk.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie $(LINK_FLAGS) -o $@ $^ $(HELPER_LIBS)

CHECK_NEEDS += $(O)/tests/vectors/run_vectors
CHECKS += $(O)/tests/vectors/run_vectors
