"""Every sentence of sections 3, 4.4 (+) and 5 in a few words, and its tests."""

ACCEPTED = {
    "3.1 a category and one of its reasons, labelled in zh and en": (
        "filing.a_complaint_has_a_category_and_one_of_its_reasons",
        "filing.every_code_has_words_in_both_languages",
    ),
    "3.1 nine kinds of claim": ("filing.every_claim_of_the_standard_can_be_made",),
    "3.2 five grounds of refusal": (
        "admissibility.a_mediator_refuses_on_a_ground_of_the_standard",
    ),
    "3.2 the sixth: illegal goods, also referred to the authority": (
        "admissibility.illegal_goods_are_refused_and_referred_to_the_authority",
    ),
    "3.2 a refusal has ground, words and other routes": (
        "decisions.a_refusal_names_ground_words_and_other_routes",
        "admissibility.a_refusal_without_words_is_none",
    ),
    "3.2 what a rule can decide is decided at once": (
        "admissibility.rules_refuse_at_once_what_is_filed_too_late",
        "admissibility.rules_refuse_at_once_what_states_no_facts",
        "filing.the_same_issue_is_one_live_dispute",
    ),
    "3.2 the rest waits for a mediator": (
        "admissibility.what_rules_cannot_decide_waits_for_a_mediator",
    ),
    "3.2 a refusal can be appealed like a ruling": (
        "refusal_appeals.a_refusal_can_be_appealed_within_seven_days_of_its_notice",
        "refusal_appeals.who_refused_does_not_decide_the_appeal_on_it",
        "refusal_appeals.a_refusal_set_aside_admits_the_case",
        "refusal_appeals.an_appeal_on_a_refusal_uses_up_none_on_the_ruling",
    ),
    "3.2 one live dispute; an ended one is re-opened only with new facts": (
        "filing.the_same_issue_is_one_live_dispute",
        "reopening.an_ended_case_is_reopened_by_its_buyer",
        "reopening.what_was_said_before_is_no_new_fact",
    ),
}
AFTERWARDS = {
    "4.4 both ask for a rest of thirty days at most": (
        "suspension.a_case_rests_when_both_ask",
        "suspension.an_agreed_rest_is_thirty_days_at_most",
    ),
    "4.4 one is at court or the police and proves it in seven working days": (
        "suspension.one_side_at_court_or_the_police_lets_it_rest_saying_so",
        "suspension.proof_is_due_in_seven_working_days_or_it_goes_on",
        "suspension.who_did_not_prove_it_cannot_stop_the_case_so_again",
    ),
    "4.4 resumption recomputes what is due": (
        "suspension.resumption_counts_on_what_was_left",
        "suspension.the_time_to_appeal_stands_still_too",
    ),
    "4.4 each side appeals once, in seven days, with new evidence or an error": (
        "appeal.each_side_appeals_once",
        "appeal.the_time_to_appeal_is_seven_days_from_service",
        "appeal.an_appeal_states_new_evidence_or_an_error_and_stops_performance",
    ),
    "4.4 another person decides": ("appeal.another_person_decides",),
    "4.4 upheld, varied or set aside": (
        "appeal.an_upheld_ruling_goes_on_where_it_stood_still",
        "reversal.a_varied_ruling_is_owed_from_its_service",
        "reversal.a_ruling_set_aside_leaves_nothing_owed_and_closes_once_served",
    ),
    "4.4 the money of a changed ruling follows": (
        "reversal.what_was_paid_under_a_ruling_set_aside_is_paid_back",
        "reversal.a_closed_case_that_is_varied_owes_only_the_difference",
        "recovery.the_seller_gives_back_no_advance_that_the_buyer_has_to_pay_back",
    ),
    "4.4 warning, restriction, suspension": (
        "sanctions.a_seller_in_breach_is_warned_restricted_or_suspended",
    ),
    "4.4 published in one working day with breach and measure, and so is its end": (
        "sanctions.it_is_published_within_one_working_day",
        "sanctions.its_end_is_published_too",
    ),
    "4.4 reversed when the ruling is": (
        "sanctions.a_sanction_ends_with_the_ruling_it_rests_on",
        "review.a_sanction_ends_with_the_machines_ruling_that_a_human_reverses",
    ),
}
LIMITS = {
    "5 the limits and their defaults": (
        "policy.the_default_profile_is_the_standard",
        "profile_ledgers.a_profile_gives_its_own_ledger",
    ),
    "5 evidence is extended once": ("evidence.time_is_extended_once_by_two_days",),
    "5 a complex ruling has fifteen days": (
        "ruling.there_are_seven_days_to_rule_and_fifteen_in_a_complex_case",
    ),
    "5 an inspection stops the clocks for thirty days at most": (
        "inquiries.an_inspection_stops_the_clocks_for_thirty_days_at_most",
    ),
    "5 calendar time, working days and business windows": (
        "time_limits.a_limit_ends",
        "time_limits.working_days_equal_the_official_calendar_on_every_day",
        "time_limits.a_window_limit_takes_exactly_its_hours",
    ),
    "5 two more profiles show that nothing is hard-wired": (
        "policy.three_profiles_ship_and_use_all_clocks",
        "profile_ledgers.the_ledgers_differ_in_every_profile",
    ),
    "5 limits by category and reason, every error named on load": (
        "policy.the_most_specific_limit_wins",
        "policy.every_mistake_is_named_at_once",
    ),
    "5 a case is pinned to its version": (
        "profile_ledgers.a_case_is_pinned_to_the_profile_it_was_filed_under",
    ),
    "5 the transition rule is data": (
        "rulebook.a_case_keeps_its_version_where_the_new_one_says_so",
        "rulebook.a_case_takes_the_new_version_once_it_is_in_force",
    ),
    "5 the ledger of a case shows who was late, gross and net of pauses": (
        "deadline_ledger.what_was_missed_and_done_after_all_says_how_late_it_was",
        "deadline_ledger.lateness_is_gross_and_net_of_what_stood_still_meanwhile",
    ),
    "5 every deadline is explainable": (
        "profile_ledgers.every_deadline_explains_its_end",
    ),
}
ELSEWHERE = {
    "4.3.4 texts in zh and en are rendered from the reasons": (
        "http.outcomes.ruled_and_performed_with_reasons_in_two_languages",
    ),
    "4.3.5 the result and its basis in writing": (
        "http.stories.from_filing_to_closing",
        "http.commands.a_notice_reaches_a_party_over_a_second_channel",
    ),
    "4.4 the effect on a seller's standing is visible, and reversed with the ruling": (
        "http.outcomes.an_appeal_sets_aside_what_was_paid_and_what_was_held_against_the_seller",
    ),
}
"""What no pure decision shows, and the tests of other rooms that do."""
