# SPDX-License-Identifier: BSD-2-Clause
# The admin's command, by root with the two users and by an ordinary user, against the scripted provider.
CHECKS += $(addprefix tests/cli/run\ ,login trial claims processes members transfer check wiring)
CHECKS += $(addprefix tests/cli/run\ ,connection connection_ask connection_import completion)
