# SPDX-License-Identifier: BSD-2-Clause
# The kiosk's server, with sign-ins that the test plays.

CHECKS += $(addprefix tests/kiosk/run\ ,requests visits screens traces)
