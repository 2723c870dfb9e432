# SPDX-License-Identifier: BSD-2-Clause
CHECKS += tests/guides/run tests/guides/security
