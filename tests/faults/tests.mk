# SPDX-License-Identifier: BSD-2-Clause
# What breaks underneath: system calls that fail or are a process's last, a store and an index that are spoiled, a clock
# that steps, a disk that is full, accounts that root adds later. `make check` runs a part of it, `make faults` all.

FAULT_TESTS = $(O)/tests/faults/damage

$(O)/tests/faults/%: $(O)/obj/tests/faults/%.o $(O)/libfrontdesk.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie $(LINK_FLAGS) -o $@ $< $(O)/libfrontdesk.a $(HELPER_LIBS) -lcmocka

CHECK_NEEDS += $(FAULT_TESTS)
CHECKS      += $(FAULT_TESTS)
