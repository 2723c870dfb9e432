/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of the odd host share: one way to sign in, and one place to report to. */
#ifndef ODD_HOST_H
#define ODD_HOST_H

#include <security/pam_appl.h>

/* What the test gives: the folder with the stack "odd", where lines are reported, and the module by itself.
 */
struct odd {
    const char *confdir;
    int report;
    void *module;
    const char *module_path;
    const char *socket; /* the module's argument */
};

/* "word number" as a line of the report: stdout may be closed, or may be what is looked at. */
void odd_report(const struct odd *odd, const char *word, long number);

/* A handle whose conversation answers everything with an empty line; ends the program when there is none. */
pam_handle_t *odd_start(const struct odd *odd, const char *user, const struct pam_conv *conv);
int odd_answer(int count, const struct pam_message **messages, struct pam_response **ret_responses,
               void *nothing);
int odd_sign_in(const struct odd *odd, const char *user);
/* auth, account and open_session on one handle, each reported as "auth N" and so on. */
void odd_all_phases(const struct odd *odd, pam_handle_t *pamh);
/* Likewise without libpam, which needs descriptors and sockets of its own (for the kernel's audit). */
void odd_all_entries(const struct odd *odd, pam_handle_t *pamh);
_Noreturn void odd_fail(const char *why);

typedef void odd_mode(const struct odd *odd, int number);
/* odd_limits.c */
odd_mode odd_descriptors, odd_address_space, odd_small, odd_no_root;
/* odd_sandbox.c */
odd_mode odd_sandboxed, odd_without_sockets;
/* odd_threads.c */
odd_mode odd_threads, odd_forked, odd_children, odd_signals;
/* odd_reload.c */
odd_mode odd_reload, odd_nss_reload;

#endif
