# SPDX-License-Identifier: BSD-2-Clause
# What breaks underneath: system calls that fail or are a process's last, a store and an index that are spoiled, a clock
# that steps, a disk that is full, accounts that root adds later. `make check` runs a part of it, `make faults` all.

FAULT_PROGRAMS = $(O)/tests/faults/damage $(O)/tests/faults/restore $(O)/tests/faults/restore_journal \
                 $(O)/tests/faults/conflict
FAULT_TESTS = $(FAULT_PROGRAMS) tests/faults/run\ verbs tests/faults/run\ daemons tests/faults/run\ check_in \
              tests/faults/run\ machine tests/faults/run\ clocks tests/faults/run\ whole_sign_in \
              tests/faults/run\ first_sign_in

$(O)/tests/faults/%: $(O)/obj/tests/faults/%.o $(O)/libfrontdesk.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie $(LINK_FLAGS) -o $@ $< $(O)/libfrontdesk.a $(HELPER_LIBS) -lcmocka

# The directory of these tests is found beside them.
$(O)/tests/faults/conflict: LINK_FLAGS += -Wl,-rpath,'$$ORIGIN'

FAULT_PRELOADS = $(O)/tests/faults/clock_shift.so $(O)/tests/faults/open_sandbox.so \
                 $(O)/tests/faults/libnss_elsewhere.so.2
$(O)/obj/tests/faults/elsewhere.o: ROOM_FLAGS = -fPIC
$(O)/obj/tests/faults/clock_shift.o $(O)/obj/tests/faults/open_sandbox.o: ROOM_FLAGS = -fPIC
$(O)/tests/faults/libnss_elsewhere.so.2: $(O)/obj/tests/faults/elsewhere.o
$(O)/tests/faults/clock_shift.so $(O)/tests/faults/open_sandbox.so: $(O)/%.so: $(O)/obj/%.o
$(FAULT_PRELOADS):
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -shared $(LINK_FLAGS) -o $@ $<

.PHONY: faults
faults: all stage $(FAULT_PROGRAMS) $(FAULT_PRELOADS)
	$(Q)O='$(O)' PROGRAMS='$(O)' FAULTS=all tests/run --log $(O)/logs --timeout 7200 $(FAULT_TESTS)

CHECK_NEEDS += $(FAULT_PROGRAMS) $(FAULT_PRELOADS)
CHECKS      += $(FAULT_TESTS)
