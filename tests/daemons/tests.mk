# SPDX-License-Identifier: BSD-2-Clause
# Both daemons for real, in namespaces, asked by a module and a child that the tests play.

CHECKS += tests/daemons/run\ keeper tests/daemons/run\ entries tests/daemons/run\ peers tests/daemons/run\ kiosk tests/daemons/run\ kiosk_clock tests/daemons/run\ listener tests/daemons/run\ units
