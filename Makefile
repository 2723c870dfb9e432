# SPDX-License-Identifier: BSD-2-Clause
#
#   make                 build into $(O)
#   make check           everything that must hold (installs what is missing first; needs root or sudo)
#   make fuzz            looks for flaws with libFuzzer, SECONDS=n in all [TARGET=x]; make coverage prints a table
#   make demo            a sign-in on this machine, in namespaces (likewise); KIOSK=1 the check-in screen; AUTO=1 by itself
#   make screenshots     the pictures of README and docs, from the running product
#   make install         DESTDIR= PREFIX= ...; make uninstall; make clean
#
# V=1 shows the commands. SAN=address,undefined builds with sanitizers. CC=clang works.

O          ?= build
PREFIX     ?= /usr
SYSCONFDIR ?= /etc/frontdesk
STATEDIR   ?= /var/lib/frontdesk
RUNDIR     ?= /run/frontdesk
VENDORDIR  ?= $(PREFIX)/lib/frontdesk
LOGDIR     ?= /var/log/frontdesk
LIBDIR     ?= $(PREFIX)/lib/$(shell $(CC) -print-multiarch 2>/dev/null)
LIBEXECDIR ?= $(PREFIX)/libexec/frontdesk
BINDIR     ?= $(PREFIX)/bin
UNITDIR    ?= $(PREFIX)/lib/systemd/system
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
TMPFILESDIR ?= $(PREFIX)/lib/tmpfiles.d
DOCDIR     ?= $(PREFIX)/share/doc/frontdesk
LOCALEDIR  ?= $(PREFIX)/share/locale
MEMBER_IDS ?= 65536-99999
VERSION    := 0.1.0

OPT      ?= -O2 -g
SAN      ?=
WARNINGS  = -Wall -Wextra -Wshadow -Wconversion -Wsign-conversion -Wformat=2 -Wmissing-prototypes \
            -Wstrict-prototypes -Wvla -Wcast-qual -Wwrite-strings -Werror
DEFINES   = -D_GNU_SOURCE -DFD_VERSION='"$(VERSION)"' \
            -DFD_MEMBER_ID_MIN=$(firstword $(subst -, ,$(MEMBER_IDS))) \
            -DFD_MEMBER_ID_MAX=$(lastword $(subst -, ,$(MEMBER_IDS))) \
            -DFD_SYSCONFDIR='"$(SYSCONFDIR)"' -DFD_STATEDIR='"$(STATEDIR)"' -DFD_RUNDIR='"$(RUNDIR)"' \
            -DFD_VENDORDIR='"$(VENDORDIR)"' -DFD_LOGDIR='"$(LOGDIR)"' \
            -DFD_LOCALEDIR='"$(LOCALEDIR)"'
HARDENING = $(if $(SAN),,-D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection)
SANITIZE  = $(if $(SAN),-fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all)
BASE_FLAGS = -std=gnu17 $(OPT) $(WARNINGS) $(HARDENING) $(SANITIZE) $(DEFINES) -Iinclude -MMD -MP $(CFLAGS)
LINK_FLAGS = $(SANITIZE) -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed $(LDFLAGS)

# Libraries behind their doors (see docs/design.md); -Wl,--as-needed keeps each program to what it uses.
HELPER_LIBS = -lcurl -lssl -lcrypto -ljson-c -lqrencode -lsqlite3 -lseccomp

Q = $(if $(V),,@)
say = $(if $(V),,@printf '  %-8s %s\n' '$(1)' '$(2)')

# Sources by room. Files with a main() are named here; the rest of helper/ is one archive.
MAINS      := helper/helper.c helper/keeper/keeper_main.c helper/cli/frontdesk.c helper/kiosk/kiosk.c \
              helper/hooks/hooks.c helper/hooks/webhook.c helper/hooks/nexudus.c
HELPER_SRC := $(filter-out $(MAINS),$(wildcard helper/*.c helper/*/*.c helper/*/*/*.c))
PAM_SRC    := $(wildcard pam_module/*.c)
NSS_SRC    := $(wildcard nss_module/*.c)
UNIT_SRC   := $(wildcard tests/unit/*_test.c)

PROGRAMS := $(O)/frontdesk-helper $(O)/frontdesk-keeper $(O)/frontdesk $(O)/frontdesk-kiosk \
            $(O)/frontdesk-hooks $(O)/frontdesk-webhook $(O)/frontdesk-nexudus
MODULES  := $(O)/pam_frontdesk.so $(O)/libnss_frontdesk.so.2
UNIT     := $(UNIT_SRC:tests/%.c=$(O)/tests/%)

object = $(patsubst %.c,$(O)/obj/%.o,$(1))

.PHONY: all modules programs unit clean
.SECONDARY: # objects are kept
all: modules programs
modules: $(MODULES)
programs: $(PROGRAMS)
unit: $(UNIT)

$(O)/obj/pam_module/%.o $(O)/obj/nss_module/%.o: ROOM_FLAGS = -fPIC -fvisibility=hidden
$(O)/obj/helper/%.o: ROOM_FLAGS = -fPIE -Ihelper
$(O)/obj/tests/%.o: ROOM_FLAGS = -fPIE -Ihelper -Itests

# The folders and ids that are compiled in: with others, `make install` after `make` compiles anew.
COMPILED_IN = $(O)/compiled-in
.PHONY: always
$(COMPILED_IN): always
	@mkdir -p $(@D)
	@echo "$(subst ",,$(DEFINES))" | cmp -s - $@ || echo "$(subst ",,$(DEFINES))" >$@

$(O)/obj/%.o: %.c $(COMPILED_IN)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(BASE_FLAGS) $(ROOM_FLAGS) -c -o $@ $<

$(O)/pam_frontdesk.so: $(call object,$(PAM_SRC)) pam_module/pam_frontdesk.map
	$(call say,LINK,$@)
	$(Q)$(CC) -shared $(LINK_FLAGS) -Wl,-z,defs -Wl,--version-script=pam_module/pam_frontdesk.map \
		-o $@ $(filter %.o,$^) -lpam

$(O)/libnss_frontdesk.so.2: $(call object,$(NSS_SRC)) nss_module/nss_frontdesk.map
	$(call say,LINK,$@)
	$(Q)$(CC) -shared $(LINK_FLAGS) -Wl,-z,defs -Wl,--version-script=nss_module/nss_frontdesk.map \
		-Wl,-soname,libnss_frontdesk.so.2 -o $@ $(filter %.o,$^)

$(O)/libfrontdesk.a: $(call object,$(HELPER_SRC))
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

define program
$(1): $(call object,$(2)) $(O)/libfrontdesk.a
	$$(call say,LINK,$$@)
	$$(Q)$$(CC) -pie $$(LINK_FLAGS) -o $$@ $$^ $$(HELPER_LIBS)
endef
$(eval $(call program,$(O)/frontdesk-helper,helper/helper.c))
$(eval $(call program,$(O)/frontdesk-keeper,helper/keeper/keeper_main.c))
$(eval $(call program,$(O)/frontdesk,helper/cli/frontdesk.c))
$(eval $(call program,$(O)/frontdesk-kiosk,helper/kiosk/kiosk.c))
$(eval $(call program,$(O)/frontdesk-hooks,helper/hooks/hooks.c))
$(eval $(call program,$(O)/frontdesk-webhook,helper/hooks/webhook.c))
$(eval $(call program,$(O)/frontdesk-nexudus,helper/hooks/nexudus.c))
$(O)/frontdesk-kiosk: HELPER_LIBS += -lpam -lmicrohttpd # a PAM application, and the only web server

# The page's files are taken into the program as they are.
$(O)/obj/helper/kiosk/page_files.o: $(wildcard helper/kiosk/page/*)

# The linker puts each function __wrap_NAME of a test in the way of NAME.
wraps = $$(nm $(1) | sed -n 's/.* T __wrap_/-Wl,--wrap=/p')

# A unit test mirrors a source file: tests/unit/json_test.c tests helper/json.c.
$(O)/tests/unit/%_test: $(O)/obj/tests/unit/%_test.o $(O)/libfrontdesk.a
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) -pie $(LINK_FLAGS) $(call wraps,$<) -o $@ $< $(O)/libfrontdesk.a $(HELPER_LIBS) -lcmocka

# Each test room says in a fragment of its own how its programs are built.
-include $(wildcard tests/*/tests.mk)
include tests/check.mk
include po/po.mk
include packaging/install.mk
include tools/demo.mk

clean:
	rm -rf build build-* compile_commands.json

-include $(shell find $(O)/obj -name '*.d' 2>/dev/null)
