# SPDX-License-Identifier: BSD-2-Clause
"""What proves each line of the vendors' guides: ROOM/PROGRAM TEST..., the tests behind their program."""

# By the words of docs/identity-providers.md.
WORDS = {
    "integration on or off": """
        e2e/toggles switched_off_the_next_line_decides_and_no_packet_leaves
        e2e/ssh a_connection_that_is_switched_off_shuts_out_keys_at_once
        cli/connection enable_and_disable_change_one_word""",
    "create new users if they don't exist": """
        e2e/first_sign_in a_stranger_at_the_console_becomes_a_member_in_one_step the_member_comes_back_with_the_same_id
        e2e/toggles no_and_allowed_an_unknown_person_is_refused_and_told_to_ask_the_desk
        e2e/configuration without_create_users_a_stranger_becomes_nobody""",
    "prevent users, or admins, from using their password": """
        e2e/toggles a_password_that_staff_may_use_is_none_for_customers the_same_through_the_real_login_and_sshd
        cli/wiring a_password_that_gets_past_a_denied_stack_is_wrong the_two_shipped_stacks_are_told_apart_by_service_and_role
        e2e/break_glass with_the_network_cut_it_enters_and_nobody_else_does with_the_helper_dead_it_enters_and_nobody_else_does
        e2e/helper_absent the_break_glass_account_is_named_in_the_log the_real_sshd_lets_break_glass_in_and_no_member""",
    "Log out URL": """
        e2e/endings a_session_on_a_console_ends_with_the_link or_with_a_picture_of_it tokens_are_revoked
        e2e/endings the_verdict_is_out_before_anything_is_revoked a_revocation_that_is_never_answered_holds_up_no_session
        unit/log_out_url_test the_client_is_named what_is_typed_wins
        oidc/cases_places the_log_out_url_is_found_or_typed_and_never_in_the_way""",
    "Authority URL": """
        unit/settings_test an_alias_of_the_guides_finds_its_setting
        unit/config_test an_alias_is_taken_with_a_notice
        cli/connection the_words_of_the_guides_are_options_and_written_under_their_names
        unit/settings_urls_test a_typed_discovery_url_becomes_its_issuer
        dialects/domains a_domain_and_the_issuer_it_makes_are_the_same""",
    "Client ID, Client Secret": """
        e2e/configuration a_secret_that_everybody_may_read_is_not_used
        cli/check a_secret_is_judged_as_the_keeper_would a_client_that_is_refused_has_its_own_status_and_the_providers_words
        e2e/secrecy no_process_shows_it_while_somebody_signs_in no_command_prints_it it_is_in_no_file_but_its_own
        daemons/entries a_secret_may_be_a_credential_of_the_service""",
    "Okta domain, custom domain": """
        dialects/domains a_domain_and_the_issuer_it_makes_are_the_same a_typed_https_is_cut_off_with_a_notice
        dialects/domains a_domain_where_another_server_lives_is_reported
        unit/settings_urls_test an_okta_domain_is_a_domain
        cli/check another_issuer_is_a_mismatch_with_the_line_to_paste""",
    "Identity Provider Id": """
        oidc/cases_client the_id_of_an_upstream_provider_is_never_sent
        unit/config_judge_test an_upstream_is_told_to_be_sent_nowhere""",
    "Sign in button label": """
        unit/settings_test every_default_of_a_connection_is_that_of_the_documentation
        unit/settings_test a_display_name_has_at_most_eighty_characters
        e2e/choices a_list_shows_both_labels_whole_and_the_number_decides the_list_is_shown_over_ssh_and_on_a_console
        unit/questions_test a_long_label_of_any_script_survives_beside_the_code""",
    "controlled access": """
        e2e/configuration nobody_enters_by_a_connection_without_a_rule_who_may
        unit/policy_test nobody_enters_without_a_rule a_group_matches_whole_and_in_its_own_case
        cli/trial each_rule_has_its_verdict
        unit/judgement_test an_identity_that_no_rule_names_is_refused_and_no_member""",
    "all locations": """
        e2e/profile the_person_may_enter_at_this_location_only a_stranger_from_another_location_becomes_nobody
        unit/policy_require_test a_place_must_be_listed_unless_everywhere_is""",
    "test it as customer and as admin": """
        e2e/parity the_command_and_pam_agree_on_every_case_for_customers the_command_and_pam_agree_on_every_case_for_staff
        e2e/parity the_command_and_pam_agree_about_keys_and_first_sign_ins_from_afar
        cli/login each_verdict_has_its_reason_and_only_allow_ends_with_zero""",
    "connection name, which never changes": """
        cli/connection there_is_no_rename_and_it_is_said names_are_checked_and_given_once
        unit/members_names_test two_connections_of_one_issuer_know_one_member""",
    "issuer URL with its check mark": """
        cli/check a_connection_that_works_is_all_good discovery_that_is_not_there_is_missing
        cli/check discovery_that_lacks_fields_is_incomplete_and_names_them another_issuer_is_a_mismatch_with_the_line_to_paste
        oidc/cases_places a_document_at_the_place_of_rfc_8414_is_found""",
    "issuer details typed by hand": """
        cli/check typed_endpoints_stand_in_place_of_discovered_ones with_every_endpoint_typed_no_discovery_is_needed
        oidc/cases_places everything_typed_needs_no_document two_of_three_typed_still_need_the_document
        unit/discovery_test what_is_typed_stands_in_place_of_the_document""",
    "type: front or back channel": """
        unit/auth0_import_test the_guides_front_channel_with_discovery the_guides_back_channel_with_discovery
        cli/connection_import front_channel_with_discovery_works_by_the_device_grant
        cli/connection_import back_channel_with_discovery_keeps_its_secret_to_itself""",
    "scopes, with commas": """
        unit/settings_lists_test scopes_are_split_at_spaces_and_commas
        oidc/cases_device the_device_request_says_who_asks_and_for_what
        oidc/cases_client fewer_scopes_are_told_and_not_refused""",
    "claims in the ID token, no userinfo": """
        cli/claims with_never_the_claims_of_the_id_token_are_all with_auto_userinfo_is_asked_for_what_is_missing_only
        cli/claims a_claim_that_did_not_come_is_named_with_what_to_do""",
    "sync user profile at each login": """
        e2e/profile synced_on_each_login_name_and_address_follow synced_on_first_login_they_stay_as_they_were
        e2e/profile never_synced_there_is_no_name_and_the_address_stays
        e2e/groups a_group_lost_at_the_provider_is_gone_at_the_next_sign_in""",
    "home realm discovery": """
        e2e/choices where_no_name_was_typed_the_address_leads_the_way
        e2e/choices an_address_that_leads_nowhere_or_none_at_all_leads_to_the_list an_address_that_two_claim_leads_to_the_list
        unit/settings_lists_test a_thousand_domain_aliases_are_the_most""",
    "button, display name, logo": """
        e2e/choices a_list_shows_both_labels_whole_and_the_number_decides
        unit/config_build_test every_key_of_a_connection_has_its_field""",
    "enabled applications": """
        e2e/refusals a_service_that_no_connection_serves_falls_through_to_passwords
        daemons/listener a_service_that_nothing_serves_is_ignored
        unit/admission_test all_enabled_connections_of_the_service_are_choices""",
    "mapping": """
        unit/map_name_test the_regex_matches_the_whole_claim_and_its_first_group_is_the_name
        unit/claims_groups_test groups_come_as_array_string_or_keys groups_stand_at_the_end_of_a_path
        unit/claims_test a_claim_name_with_dots_of_its_own_comes_before_the_path
        cli/claims a_name_that_cannot_be_names_its_claim""",
    "token endpoint auth method, signing algorithm": """
        unit/client_auth_test auto_follows_the_secret_and_the_server what_is_configured_is_done the_other_spelling_is_tried_once
        unit/client_assertion_test the_algorithm_follows_key_setting_and_server
        oidc/cases_client a_wrong_secret_is_tried_in_two_spellings_and_no_more
        daemons/entries the_spelling_that_worked_is_remembered_until_the_secret_changes""",
    "upstream parameters": """
        oidc/cases_client extra_parameters_are_sent_as_they_are
        unit/settings_pairs_test what_the_grant_itself_sends_cannot_be_sent_besides""",
    "try connection": """
        cli/login everybody_sees_the_prompt_and_then_an_allow without_commit_no_member_is_written
        cli/processes a_person_at_a_terminal_sees_code_url_claims_and_verdict""",
    "the Management API's body": """
        unit/auth0_import_test the_guides_back_channel_with_issuer_settings the_guides_front_channel_with_issuer_settings
        cli/connection_import what_is_exported_can_be_imported_again issuer_settings_without_a_device_endpoint_are_written_disabled
        unit/auth0_export_test each_kind_returns_as_it_was a_secret_stays_here""",
    "*Didit with Auth0*": """
        dialects/hub who_walks_both_is_a_member_of_the_hubs_issuer who_refuses_at_the_upstream_is_refused_here
        dialects/hub what_the_upstream_does_not_vouch_for_does_not_count""",
}

# What the guides promise besides, in no setting's words.
PROMISES = {
    "both switches together, for members, local accounts and strangers": """
        e2e/toggles yes_and_allowed_a_member_enters_by_the_provider yes_and_allowed_a_mapped_account_enters_by_either
        e2e/toggles yes_and_allowed_an_unknown_person_becomes_a_member yes_and_denied_a_member_enters_by_the_provider
        e2e/toggles yes_and_denied_a_mapped_account_enters_by_the_provider yes_and_denied_an_unknown_person_becomes_a_member
        e2e/toggles no_and_allowed_a_member_enters_by_the_provider no_and_allowed_a_mapped_account_enters_by_either
        e2e/toggles no_and_allowed_an_unknown_person_has_no_password_either no_and_denied_a_member_enters_by_the_provider
        e2e/toggles no_and_denied_a_mapped_account_enters_by_the_provider no_and_denied_an_unknown_person_has_no_way_in
        e2e/toggles check_says_so_for_each_service""",
    "where passwords are off, the login page goes straight on": """
        e2e/choices one_that_is_left_leads_straight_to_the_code
        unit/display_test a_console_goes_on_by_itself""",
    "a new user has the address and the full name": """
        dialects/sign_in the_preset_alone_signs_somebody_in
        unit/publish_test the_reader_finds_every_member_by_name_and_by_id""",
    "the same button at every door": """
        e2e/ssh a_member_enters_over_ssh
        e2e/first_sign_in the_message_names_machine_service_and_provider_and_ends_with_url_and_code
        e2e/elevation a_member_becomes_root_by_sudo_with_the_phone a_member_becomes_another_by_su_when_that_one_approves""",
    "permissions are what was asked for": """
        cli/check what_each_scope_gives_is_told""",
    "an Auth0 tenant, with its region and without": """
        dialects/sign_in an_auth0_issuer_is_found_with_its_slash_and_without
        unit/issuer_test a_slash_is_free_where_the_product_always_has_one""",
    "a product's page, followed word by word": """
        dialects/docs_walk a_command_that_fails_ends_the_walk
        dialects/pages every_preset_has_a_page_a_row_in_the_index_and_a_dialect every_guide_ends_with_what_it_rests_on""",
}

# What providers really answer, and what a client therefore does.
PROVIDERS = {
    "the body counts before the status": "unit/token_answer_test pending_goes_on_whatever_the_status",
    "an unknown error is the end": "unit/token_answer_test an_unknown_error_ends_it",
    "an interval may be missing, text or absurd": "unit/device_answer_test intervals_are_mended_or_bounded",
    "slow_down": "unit/poll_pace_test five_slow_downs_add_five_seconds_each a_named_interval_counts_when_it_is_longer",
    "trouble goes on with a back-off until the code ends": """
        unit/token_answer_test trouble_of_the_server_goes_on
        oidc/cases_polling trouble_that_lasts_is_polled_less_and_less""",
    "verification_url": "unit/device_answer_test the_alias_verification_url_is_taken",
    "no complete URL": "oidc/cases_device a_missing_complete_uri_is_never_built",
    "another error behind the expiry": "dialects/refusals the_vendors_own_word_for_an_expired_code_is_understood",
    "a refusal that is never told": """
        dialects/refusals where_it_is_never_told_the_code_runs_out
        oidc/cases_polling the_callers_deadline_ends_it
        oidc/cases_transport polling_stops_when_the_host_leaves""",
    "issuers octet for octet, tenants by name": """
        unit/issuer_test an_issuer_is_compared_octet_for_octet
        unit/id_token_issuer_test a_tenants_token_names_the_issuer_of_that_tenant without_tenants_no_place_is_left_for_one""",
    "algorithms of both sides, never none": """
        unit/discovery_lists_test algorithms_are_those_of_both_sides
        unit/settings_lists_test unsafe_algorithms_are_refused""",
    "keys that rotate": "oidc/cases_device a_rotated_key_is_fetched_once_more",
    "audiences": "unit/id_token_test aud_is_us_and_nobody_else azp_is_us_when_it_is_there",
    "userinfo is about the same person": "unit/claims_test userinfo_about_somebody_else_is_refused",
    "groups in every shape": "unit/claims_groups_test groups_come_as_array_string_or_keys",
    "secrets by header or by form": "unit/client_auth_test post_carries_the_secret_in_the_form",
    "fewer scopes than were asked for": "oidc/cases_client fewer_scopes_are_told_and_not_refused",
    "a document that is too large": "unit/discovery_test no_json_and_too_much_are_refused",
    "email_verified as a truth or a text, or not at all": """
        unit/claims_email_test an_email_is_verified_only_by_the_flag_beside_it
        unit/policy_test of_several_refusals_the_unverified_address_is_told""",
}
