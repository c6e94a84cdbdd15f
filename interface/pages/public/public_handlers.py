"""The routes of the pages for everyone."""

from __future__ import annotations

from interface.pages.public.edition_page import (
    edition_file,
    edition_page,
    report_page,
)
from interface.pages.public.figures_page import definitions_page, figures_page
from interface.pages.public.log_page import growth_file, log_page
from interface.pages.public.rules_page import regulation_page, rules_page
from interface.pages.public.sanctions_page import sanctions_page
from interface.pages.public.verify_page import verify_page

PUBLIC_HANDLERS = (
    figures_page,
    definitions_page,
    report_page,
    edition_page,
    edition_file,
    sanctions_page,
    rules_page,
    regulation_page,
    log_page,
    growth_file,
    verify_page,
)
