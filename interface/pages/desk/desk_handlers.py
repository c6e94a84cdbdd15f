"""Every route of the desk."""

from __future__ import annotations

from interface.pages.desk.assignment_form import give_case
from interface.pages.desk.case_action import act_on_case
from interface.pages.desk.case_file import (
    case_attachment,
    case_evidence,
    evidence_preview,
)
from interface.pages.desk.case_page import case_page
from interface.pages.desk.desk_file import post_file_from_desk
from interface.pages.desk.filter_form import keep_filter
from interface.pages.desk.queue_page import claim_next_page, queue_page, search_queue
from interface.pages.desk.ruling_page import ruling_page, write_ruling

DESK_HANDLERS = (
    queue_page,
    search_queue,
    claim_next_page,
    give_case,
    keep_filter,
    case_page,
    act_on_case,
    post_file_from_desk,
    ruling_page,
    write_ruling,
    case_evidence,
    evidence_preview,
    case_attachment,
)
