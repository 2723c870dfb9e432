# SPDX-License-Identifier: BSD-2-Clause
# Load and abuse. What 500 pending sign-ins cost is measured with the ordinary programs: a sanitizer's memory is its own.

CHECKS += tests/e2e/run\ ../abuse/limits tests/e2e/run\ ../abuse/listener
