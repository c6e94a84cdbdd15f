"""Every route of the desk."""

from __future__ import annotations

from interface.pages.desk.case_action import act_on_case
from interface.pages.desk.case_file import case_attachment, case_evidence
from interface.pages.desk.case_page import case_page
from interface.pages.desk.desk_file import post_file_from_desk
from interface.pages.desk.queue_page import claim_next_page, queue_page

DESK_HANDLERS = (
    queue_page,
    claim_next_page,
    case_page,
    act_on_case,
    post_file_from_desk,
    case_evidence,
    case_attachment,
)
