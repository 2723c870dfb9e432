# SPDX-License-Identifier: BSD-2-Clause
# make install DESTDIR= PREFIX= ...: lays down programs, modules, units, users, examples, pages and manual. Nothing is
# started, no user is made and no PAM or NSS file is touched: README says what to do next.

MANDIR     ?= $(PREFIX)/share/man
INSTALL    ?= install
COMPLETIONSDIR ?= $(PREFIX)/share/bash-completion/completions
EXAMPLES    = $(DOCDIR)/examples
PAMCONFIGSDIR ?= $(PREFIX)/share/pam-configs

INSTALLED_PROGRAMS = $(LIBEXECDIR)/frontdesk-helper $(LIBEXECDIR)/frontdesk-keeper $(LIBEXECDIR)/frontdesk-kiosk \
                     $(LIBEXECDIR)/frontdesk-hooks $(LIBEXECDIR)/frontdesk-webhook $(LIBEXECDIR)/frontdesk-nexudus \
                     $(BINDIR)/frontdesk
INSTALLED_MODULES  = $(LIBDIR)/security/pam_frontdesk.so $(LIBDIR)/libnss_frontdesk.so.2
INSTALLED_UNITS    = $(patsubst packaging/systemd/%,$(UNITDIR)/%,$(wildcard packaging/systemd/frontdesk-*))
INSTALLED_MANUALS  = $(foreach page,$(wildcard packaging/man/*.[578]),$(MANDIR)/man$(subst .,,$(suffix $(page)))/$(notdir $(page)))
INSTALLED_EXAMPLES = $(EXAMPLES)/frontdesk.conf $(EXAMPLES)/connections.d/example.conf \
                     $(patsubst packaging/pam/%,$(EXAMPLES)/pam/%,$(wildcard packaging/pam/*)) \
                     $(patsubst packaging/hooks/%,$(EXAMPLES)/hooks/%,$(wildcard packaging/hooks/*))
INSTALLED_POLICY   = $(VENDORDIR)/chromium/frontdesk-kiosk.json
INSTALLED_PAGES    = $(patsubst docs/%,$(DOCDIR)/%,$(wildcard docs/*.md))
INSTALLED_PICTURES = $(patsubst docs/%,$(DOCDIR)/%,$(wildcard docs/pictures/*))
INSTALLED = $(INSTALLED_PROGRAMS) $(INSTALLED_MODULES) $(INSTALLED_UNITS) $(INSTALLED_MANUALS) $(INSTALLED_EXAMPLES) \
            $(SYSUSERSDIR)/frontdesk.conf $(TMPFILESDIR)/frontdesk.conf $(COMPLETIONSDIR)/frontdesk
INSTALLED_CATALOGUES = $(patsubst $(O)/locale/%,$(LOCALEDIR)/%,$(CATALOGUES))
INSTALLED += $(PAMCONFIGSDIR)/frontdesk $(INSTALLED_POLICY) $(INSTALLED_PAGES) $(INSTALLED_PICTURES) $(INSTALLED_CATALOGUES)

# The files of packaging/ name the default folders; other folders are written in on the way.
place = sed -e 's|/usr/libexec/frontdesk|$(LIBEXECDIR)|g' -e 's|/etc/frontdesk|$(SYSCONFDIR)|g' \
            -e 's|/var/lib/frontdesk|$(STATEDIR)|g' -e 's|/run/frontdesk|$(RUNDIR)|g' \
            -e 's|/var/log/frontdesk|$(LOGDIR)|g' -e 's|/usr/lib/frontdesk|$(VENDORDIR)|g' \
            -e 's|/usr/share/doc/frontdesk|$(DOCDIR)|g'
put_text = $(place) '$(1)' >'$(O)/installing' && $(INSTALL) -D -m 644 '$(O)/installing' '$(DESTDIR)$(2)' && rm '$(O)/installing'

define install_text
	@$(call put_text,$(1),$(2))

endef

define install_picture
	$(INSTALL) -D -m 644 '$(patsubst $(DOCDIR)/%,docs/%,$(1))' '$(DESTDIR)$(1)'

endef

define install_catalogue
	$(INSTALL) -D -m 644 '$(patsubst $(LOCALEDIR)/%,$(O)/locale/%,$(1))' '$(DESTDIR)$(1)'

endef

.PHONY: install uninstall
install: all
	$(INSTALL) -D -m 755 $(O)/frontdesk-helper '$(DESTDIR)$(LIBEXECDIR)/frontdesk-helper'
	$(INSTALL) -D -m 755 $(O)/frontdesk-keeper '$(DESTDIR)$(LIBEXECDIR)/frontdesk-keeper'
	$(INSTALL) -D -m 755 $(O)/frontdesk-kiosk '$(DESTDIR)$(LIBEXECDIR)/frontdesk-kiosk'
	$(INSTALL) -D -m 755 $(O)/frontdesk-hooks '$(DESTDIR)$(LIBEXECDIR)/frontdesk-hooks'
	$(INSTALL) -D -m 755 $(O)/frontdesk-webhook '$(DESTDIR)$(LIBEXECDIR)/frontdesk-webhook'
	$(INSTALL) -D -m 755 $(O)/frontdesk-nexudus '$(DESTDIR)$(LIBEXECDIR)/frontdesk-nexudus'
	$(INSTALL) -D -m 755 $(O)/frontdesk '$(DESTDIR)$(BINDIR)/frontdesk'
	$(INSTALL) -D -m 644 $(O)/pam_frontdesk.so '$(DESTDIR)$(LIBDIR)/security/pam_frontdesk.so'
	$(INSTALL) -D -m 644 $(O)/libnss_frontdesk.so.2 '$(DESTDIR)$(LIBDIR)/libnss_frontdesk.so.2'
	$(INSTALL) -d -m 755 '$(DESTDIR)$(SYSCONFDIR)' '$(DESTDIR)$(SYSCONFDIR)/connections.d' \
		'$(DESTDIR)$(SYSCONFDIR)/hooks'
	$(foreach f,$(INSTALLED_UNITS),$(call install_text,packaging/systemd/$(notdir $(f)),$(f)))
	$(foreach f,$(INSTALLED_MANUALS),$(call install_text,packaging/man/$(notdir $(f)),$(f)))
	$(foreach f,$(INSTALLED_EXAMPLES),$(call install_text,$(patsubst $(EXAMPLES)/%,packaging/%,$(f)),$(f)))
	$(foreach f,$(INSTALLED_PAGES),$(call install_text,docs/$(notdir $(f)),$(f)))
	$(call install_text,packaging/sysusers.d/frontdesk.conf,$(SYSUSERSDIR)/frontdesk.conf)
	$(call install_text,packaging/completions/frontdesk,$(COMPLETIONSDIR)/frontdesk)
	$(call install_text,packaging/tmpfiles.d/frontdesk.conf,$(TMPFILESDIR)/frontdesk.conf)
	$(call install_text,packaging/pam-configs/frontdesk,$(PAMCONFIGSDIR)/frontdesk)
	$(call install_text,packaging/chromium/frontdesk-kiosk.json,$(INSTALLED_POLICY))
	$(foreach f,$(INSTALLED_PICTURES),$(call install_picture,$(f)))
	$(foreach f,$(INSTALLED_CATALOGUES),$(call install_catalogue,$(f)))

# Configuration, members and users stay.
uninstall:
	rm -f $(foreach f,$(INSTALLED),'$(DESTDIR)$(f)')
	rmdir --ignore-fail-on-non-empty $(foreach d,$(EXAMPLES)/connections.d $(EXAMPLES)/pam $(EXAMPLES)/hooks $(EXAMPLES) $(DOCDIR)/pictures $(DOCDIR) $(LIBEXECDIR) $(VENDORDIR)/chromium $(VENDORDIR),\
		$(if $(wildcard $(DESTDIR)$(d)),'$(DESTDIR)$(d)'))  2>/dev/null || true
