# SPDX-License-Identifier: BSD-2-Clause
# Check-ins by hand, the roll call and the state of the services, by the admin's command.
CHECKS += tests/check_ins/run\ check_ins tests/check_ins/run\ status tests/check_ins/run\ kiosk_check
