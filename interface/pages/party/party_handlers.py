"""The handlers of the parties' pages."""

from __future__ import annotations

from interface.pages.party.filing_page import filing_page, filing_step
from interface.pages.party.filing_sent import file_dispute
from interface.pages.party.own_cases import own_cases, search_own_cases
from interface.pages.party.party_action import (
    act_on_own_case,
    hand_in_files,
    post_file,
)
from interface.pages.party.party_case import party_case
from interface.pages.party.party_files import party_attachment, party_evidence
from interface.pages.party.party_inbox import party_inbox

PARTY_HANDLERS = (
    own_cases,
    search_own_cases,
    filing_page,
    filing_step,
    file_dispute,
    party_inbox,
    party_case,
    act_on_own_case,
    hand_in_files,
    post_file,
    party_evidence,
    party_attachment,
)
