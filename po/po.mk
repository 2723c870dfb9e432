# SPDX-License-Identifier: BSD-2-Clause
# The words in other languages. Source language is English; a language is a file LANGUAGE.po, complete or not at all.
#
#   make catalogues      compiles them into $(O)/locale, which tests can use as a LOCALEDIR
#   make po-update       after a sentence has changed: writes frontdesk.pot anew and merges it into each LANGUAGE.po

LANGUAGES   = $(patsubst po/%.po,%,$(wildcard po/*.po))
CATALOGUES  = $(LANGUAGES:%=$(O)/locale/%/LC_MESSAGES/frontdesk.mo)
WITH_WORDS  = $(shell grep -rlwE --include='*.c' 'N_|dgettext' helper | LC_ALL=C sort)

# Files without lines: a line moves whenever somebody edits above it.
xgettext = xgettext --language=C --from-code=UTF-8 --keyword= --keyword=_ --keyword=N_ --keyword=dgettext:2 \
           --add-comments=Translators: --add-location=file --package-name=frontdesk --copyright-holder= \
           --msgid-bugs-address="see CONTRIBUTING.md" --output=- $(WITH_WORDS) | sed '/^"POT-Creation-Date/d; s/charset=CHARSET/charset=UTF-8/'

.PHONY: catalogues po-update po-template
all: catalogues
catalogues: $(CATALOGUES)

$(O)/locale/%/LC_MESSAGES/frontdesk.mo: po/%.po
	@mkdir -p $(@D)
	$(call say,MSGFMT,$<)
	$(Q)msgfmt --check --output-file=$@ $<

# On standard output: what frontdesk.pot should be.
po-template:
	@$(xgettext)

po-update:
	$(Q)$(xgettext) >po/frontdesk.pot
	$(Q)for po in $(LANGUAGES:%=po/%.po); do \
		msgmerge --quiet --no-fuzzy-matching --add-location=file --update --backup=none $$po po/frontdesk.pot && \
		msgattrib --no-obsolete --add-location=file --output-file=$$po $$po || exit 1; done
