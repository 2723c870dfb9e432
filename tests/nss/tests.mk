# SPDX-License-Identifier: BSD-2-Clause
# The NSS module as it is loaded: by dlopen, and by glibc for getent and id.

# Unit tests that read what was published with the reader itself, in the sanitizer build, too.
READER_TESTS = $(patsubst %,$(O)/tests/unit/%_test,index_reader index_reader_groups index_reader_race index_reader_faults publish local_groups local_groups_faults)
READER_OBJ   = $(patsubst %,$(O)/obj/nss_module/%.o,index_reader local_groups line_reader)

$(READER_TESTS): $(O)/tests/unit/%: $(O)/obj/tests/unit/%.o $(READER_OBJ) $(O)/libfrontdesk.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie $(LINK_FLAGS) $(call wraps,$<) -o $@ $^ $(HELPER_LIBS) -lcmocka

$(O)/tests/nss/%: $(O)/obj/tests/nss/%.o $(O)/libfrontdesk.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie $(LINK_FLAGS) -o $@ $< $(O)/libfrontdesk.a $(HELPER_LIBS) -lcmocka -ldl -lpthread

$(O)/tests/nss/members: $(O)/tests/nss/write_index
	$(Q)$< $@ 1000

CHECK_NEEDS += $(O)/libnss_frontdesk.so.2 $(O)/tests/nss/entry_points $(O)/tests/nss/groups $(O)/tests/nss/write_index $(O)/tests/nss/members
CHECKS      += '$(O)/tests/nss/entry_points $(abspath $(O))/libnss_frontdesk.so.2 $(abspath $(O))/tests/nss/members'
CHECKS      += '$(O)/tests/nss/groups $(abspath $(O))/libnss_frontdesk.so.2 $(abspath $(O))/tests/nss/members'
CHECKS      += tests/nss/getent
