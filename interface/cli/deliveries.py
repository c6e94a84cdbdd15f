"""`redress deliveries`: messages to webhooks, and notices, that were given up."""

from __future__ import annotations

from uuid import UUID

import click
import msgspec
from rich.table import Table

from application.deliveries.delivery_log import Undelivered, undelivered
from application.notices.given_up import messages_again, notices_again
from application.notices.notice_delivery import unserved
from application.record.database import connected
from application.record.schema import migrations
from application.record.schema.migrations import STORE
from interface.cli.table_output import print_table
from interface.cli.unserved_notices import notice_table
from interface.settings.database_urls import database_url
from interface.settings.installed import installed
from interface.settings.settings import SettingError, read


@click.command()
@click.option("--again", is_flag=True, help="Send them again.")
@click.option("--webhook", type=click.UUID, help="Those to one webhook, by its id.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines.")
def deliveries(*, again: bool, webhook: UUID | None, as_json: bool) -> None:
    """List what was given up: messages to webhooks, and notices to the parties.

    Notices that failed and wait for another attempt are listed too. --again sends what
    was given up again; with --webhook, no notice.
    """
    url = database_url(installed(read(serves=False)))
    migrations.check(url, STORE)
    with connected(url) as connection:
        found = undelivered(connection)
        notices = unserved(connection) if webhook is None else ()
        if webhook is not None:
            found = [one for one in found if one.webhook_id == webhook]
            if not found:
                raise SettingError(f"--webhook: there is no webhook {webhook}")
        if again:
            many = messages_again(connection, found) + notices_again(
                connection, notices
            )
            click.echo(f"to be sent again: {many}")
        elif as_json:
            for one in (*found, *notices):
                click.echo(msgspec.json.encode(one))
        else:
            print_table(_table(found))
            if notices:
                print_table(notice_table(notices))


def _table(found: list[Undelivered]) -> Table:
    shown = Table("webhook", "platform", "url", "state", "waiting", "given up", "since")
    for one in found:
        shown.add_row(
            str(one.webhook_id),
            one.platform,
            one.url,
            one.state,
            str(one.waiting),
            str(one.dead),
            f"{one.oldest:%Y-%m-%d %H:%M}Z" if one.oldest else "",
        )
    return shown
