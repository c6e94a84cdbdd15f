"""Every route of the record."""

from __future__ import annotations

from interface.pages.record.access_page import access_log_page, search_accesses
from interface.pages.record.hold_forms import lift_hold, place_hold
from interface.pages.record.oversight_forms import (
    approve_erasure,
    ask_for_erasure,
    give_grant,
    revoke_grant,
)
from interface.pages.record.oversight_lists import (
    erasures_page,
    grants_page,
    holds_page,
)
from interface.pages.record.purpose_page import purpose_form, say_purpose_of_reading
from interface.pages.record.record_case import record_case
from interface.pages.record.record_files import (
    record_bundle,
    record_evidence,
    record_proof,
)
from interface.pages.record.sample_page import (
    draw_sample,
    sample_bundles,
    sample_page,
    sample_population,
)
from interface.pages.record.search_page import search_file, search_page, search_record

RECORD_HANDLERS = (
    search_page,
    search_record,
    search_file,
    purpose_form,
    say_purpose_of_reading,
    record_case,
    record_bundle,
    record_evidence,
    record_proof,
    place_hold,
    lift_hold,
    sample_page,
    draw_sample,
    sample_population,
    sample_bundles,
    access_log_page,
    search_accesses,
    grants_page,
    give_grant,
    revoke_grant,
    erasures_page,
    ask_for_erasure,
    approve_erasure,
    holds_page,
)
