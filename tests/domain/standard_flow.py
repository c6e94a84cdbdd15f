"""Every sentence of section 4 in a few words, and the tests that show it."""

FILING = {
    "4.1 a case comes by one of four channels": (
        "filing.a_buyer_files_by_a_channel_and_staff_on_the_platforms_own",
    ),
    "4.1 it states order, facts, reason, claim, contact and what proves it": (
        "filing.a_filing_keeps_order_facts_claim_contact_and_note",
        "filing_rules.all_mistakes_of_a_filing_are_named_at_once",
    ),
    "4.1 then the seller is served notice": (
        "filing.after_admission_the_seller_is_served_notice",
    ),
    "4 any live case may be withdrawn until decided, settled, rest, or go elsewhere": (
        "admissibility.a_buyer_withdraws_until_it_is_decided",
        "negotiation.a_settlement_is_possible_until_it_is_ruled_and_while_suspended",
        "suspension.a_case_rests_when_both_ask",
        "admissibility.any_live_case_can_be_referred_out_and_is_over_here",
    ),
}
NEGOTIATION = {
    "4.1.3 the seller accepts, offers something else, or contests with grounds": (
        "negotiation.the_seller_accepts_offers_something_else_or_contests",
        "negotiation.an_answer_that_says_too_little_names_what_is_missing",
    ),
    "4.1.3 silence is a fact and lets the buyer escalate, or escalates": (
        "timeouts.each_silence_is_its_own_fact",
        "timeouts.a_silent_seller_lets_the_buyer_escalate",
        "escalation.what_silence_leads_to_is_the_policys",
    ),
    "4.2 messages belong to the case": (
        "negotiation.what_is_said_belongs_to_the_case_with_what_is_attached",
    ),
    "4.2 either side offers, or the platform beside them; all answers are kept": (
        "negotiation.either_side_offers_and_the_other_answers_with_an_offer",
        "negotiation.the_platforms_proposal_stands_beside_the_parties_offers",
        "negotiation.every_answer_to_an_offer_is_kept",
        "negotiation.the_answer_to_a_lapsed_offer_is_refused_and_says_what_is_open",
    ),
    "4.2 both confirm an agreement": (
        "negotiation.what_the_platform_proposes_is_settled_when_both_have_agreed",
        "negotiation.a_proposal_that_one_side_declines_is_gone_for_both",
        "negotiation.a_new_proposal_has_to_be_agreed_to_anew",
    ),
    "4.2 a case ends only when the agreement is performed": (
        "negotiation.an_agreement_is_not_the_end_before_it_is_performed",
        "decisions.a_settlement_is_closed_when_it_is_performed",
    ),
    "4.2 what silence leads to is said in advance": (
        "negotiation.what_silence_leads_to_is_said_in_advance_on_every_step",
    ),
}
INVESTIGATION = {
    "4.3.1 either party, the buyer on silence, or the platform; the trigger is kept": (
        "escalation.a_case_is_escalated_on_a_trigger_that_holds",
        "escalation.a_trigger_that_does_not_hold_is_refused_with_those_that_do",
        "escalation.a_settlement_broken_after_all_evidence_goes_straight_to_the_ruling",
    ),
    "4.3.2 each side is asked with its own date and adds until then": (
        "evidence.each_side_is_asked_with_its_own_date",
        "evidence.a_side_may_add_until_its_date_and_not_after",
        "evidence.a_draft_is_handed_in_by_its_side_or_by_time",
    ),
    "4.3.2 nine kinds of evidence": (
        "evidence.the_standards_kinds_of_evidence_are_known",
        "evidence.evidence_of_a_kind_nobody_asked_for_names_what_is_asked",
    ),
    "4.3.2 a file has hash, size, type, sender and time": (
        "evidence.a_file_is_kept_with_its_hash_size_type_and_who_sent_it",
    ),
    "4.3.2 each item is weighed for three things, admitted or excluded": (
        "evidence.an_item_is_admitted_or_excluded_with_a_ground",
        "evidence.nothing_is_ruled_before_every_item_was_weighed",
        "evidence.what_was_excluded_carries_no_finding",
    ),
    "4.3.2 who proves first is a fact with its rule": (
        "evidence.who_proves_first_is_a_fact_with_its_rule",
        "evidence.the_burden_is_shifted_by_a_rule_and_with_a_reason",
        "burden_of_proof.who_proves_first",
    ),
    "4.3.3 third parties are asked and answer": (
        "inquiries.third_parties_are_asked_and_the_clocks_run_on",
        "inquiries.an_answer_is_recorded_once_by_staff_or_the_platforms_client",
    ),
    "4.3.3 the time of an inspection does not count, and the pause is a fact": (
        "inquiries.an_inspection_stops_the_clocks_and_that_is_a_fact",
        "inquiries.the_time_of_an_inspection_does_not_count",
    ),
}
RULING = {
    "4.3.4 liability is one of five": ("ruling.liability_is_one_of_five",),
    "4.3.4 one remedy or more, with who bears the freight": (
        "ruling.every_remedy_makes_somebody_owe_something_a_dismissal_nothing",
        "ruling.a_ruling_that_lacks_something_names_it",
    ),
    "4.3.4 penalties for the party in breach": (
        "sanctions.a_seller_in_breach_is_warned_restricted_or_suspended",
    ),
    "4.3.4 reasons lead from issue to rule, with evidence and burden": (
        "ruling.reasons_lead_from_the_issue_to_the_rule_and_are_kept",
        "evidence.what_was_excluded_carries_no_finding",
    ),
    "4.3.4 how much a machine did, by which model": (
        "review.a_ruling_says_how_much_a_machine_did_and_which",
    ),
    "4.3.4 any party may have a human decide again when none did": (
        "review.either_party_may_ask_for_a_human_when_none_decided",
        "review.after_that_the_machine_does_not_decide_again",
        "review.a_human_may_be_asked_for_although_a_dismissal_closed_the_case",
    ),
    "4.3.5 delivery is a fact with channel and time": (
        "notices.a_ruling_is_to_be_served_on_both",
        "notices.delivery_is_a_fact_for_each_party_and_channel",
    ),
    "4.3.5 performance runs from service": (
        "notices.performance_runs_from_service_on_who_owes_it_not_from_the_ruling",
        "appeal.an_appeal_before_the_other_side_was_served_starts_no_limit_for_it",
    ),
}
PERFORMANCE = {
    "4.4.1 a remedy becomes obligations: who, what, how much, by when": (
        "performance.every_obligation_says_who_owes_what_and_how_much",
        "performance.each_remedy_has_its_own_limit_of_performance",
    ),
    "4.4.2 one side reports, the other confirms": (
        "performance.one_side_reports_and_the_other_confirms",
        "performance.nobody_reports_what_is_not_his_or_confirms_what_was_not_reported",
    ),
    "4.4.2 silence counts as confirmed": (
        "performance.silence_of_seven_days_counts_as_confirmed",
    ),
    "4.4.3 a missed obligation, 24 voluntary hours, then the platform": (
        "enforcement.a_missed_obligation_has_24_voluntary_hours_then_the_platform_acts",
        "recovery.a_second_contested_report_leads_to_execution_not_to_more_time",
    ),
    "4.4.3 deduct, advance and recover, delay, no return, restrict": (
        "enforcement.money_is_executed_from_where_the_method_says",
        "recovery.an_advance_is_recovered_up_to_what_is_outstanding",
        "enforcement.what_only_presses_pays_nothing_and_discharges_nothing",
        "enforcement.a_refund_without_return_makes_the_seller_owe_the_money",
    ),
    "4.4.3 success and failure are different facts": (
        "enforcement.failure_is_another_fact_than_success_and_names_its_cause",
        "enforcement.a_final_failure_shows_other_routes_and_closes_the_case",
    ),
    "4.4.4 a case closes on seven grounds and no others": (
        "closing.a_case_closes_on_this_ground",
        "closing.there_is_no_other_ground",
        "offered_steps.every_reachable_case_is_led_to_its_end_by_what_it_offers",
    ),
}
