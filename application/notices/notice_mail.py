"""A notice as a mail: text and HTML, headers that programs understand."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from functools import cache
from uuid import UUID

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from application.notices.notice_text import NoticeText
from application.texts import LANGUAGES, say


def notice_mail(
    text: NoticeText, sender: str, recipient: str, delivery_id: UUID, now: datetime
) -> EmailMessage:
    """Return the mail. `sender`: an address, or a name and an address in <>.

    The Message-ID is that of the delivery: a mail that is sent again, because nobody
    knew whether it had arrived, is the same mail to a mail program.
    """
    message = EmailMessage()
    name, address = parseaddr(sender)
    message["From"] = Address(display_name=name, addr_spec=address)
    message["To"] = Address(addr_spec=recipient)
    message["Subject"] = text.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{delivery_id}@{address.rpartition('@')[2]}>"
    # RFC 3834: no robot should answer it.
    message["Auto-Submitted"] = "auto-generated"
    footer = say("notice_parts", "footer", text.language)
    link = () if text.link is None else (text.link,)
    message.set_content("\n\n".join((*text.paragraphs, *link, footer)) + "\n")
    message.add_alternative(_html(text, footer), subtype="html")
    # Last: setting the content takes all headers off that begin like this one.
    message["Content-Language"] = LANGUAGES[text.language]
    return message


def _html(text: NoticeText, footer: str) -> str:
    return _template().render(
        text=text,
        lang=LANGUAGES[text.language],
        footer=footer,
        open=say("notice_parts", "open", text.language),
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("application", "notices"),
        autoescape=True,
        undefined=StrictUndefined,
    )
    return environment.get_template("mail.html")
