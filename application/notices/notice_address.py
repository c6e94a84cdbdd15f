"""Where a notice finds a party."""

from __future__ import annotations

from application.notices.notice_text import NoticedCase
from domain.filing.events import Filed
from domain.notices.addresses import (
    Address,
    address_in,
    is_mail,
    is_phone,
    restated,
)
from domain.notices.events import ContactStated
from domain.roles import Party


def address_of(case: NoticedCase, party: Party) -> Address:
    """Return where a party can be reached: as it stated last, or as it was filed."""
    found = Address()
    for recorded in case.events:
        match recorded.event:
            case Filed(contact=str(contact)) if party is Party.BUYER:
                found = address_in(contact)
            case ContactStated(party=whose) as stated if whose is party:
                found = restated(
                    found,
                    Address(
                        mail=stated.mail,
                        phone=stated.phone,
                        language=stated.language,
                    ),
                )
    # An erased text reads as a sign that is no address.
    return Address(
        mail=found.mail if found.mail and is_mail(found.mail) else None,
        phone=found.phone if found.phone and is_phone(found.phone) else None,
        language=found.language,
    )
