# SPDX-License-Identifier: BSD-2-Clause
CHECKS += tests/packaging/install tests/packaging/manual
