"""The operator's further checks: the doctor's own, for nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from application.privacy.key_file_replacement import old_name
from interface.bootstrap import System, wire
from interface.cli.doctor import examined
from interface.pages.operation.named_parts import part_words
from interface.run.worker import Worker
from interface.settings import settings
from interface.setup.doctor_checks import doctor_findings, is_well
from interface.setup.production_checks import NOTE
from tests.conftest import Clock
from tests.http.conftest import People, background, file_for, http, people
from tests.pages.conftest import Browse, browse
from tests.pages.page_words import Words

__all__ = ["background", "browse", "http", "people"]

ROW = re.compile(
    r'<th scope="row">(.*?)<code class="mono muted">(.*?)</code></th>'
    r"<td>(.*?)</td><td>(.*?)</td>"
)


@pytest.fixture
def system(url: str, tmp_path: Path, clock: Clock) -> Iterator[System]:
    """A system that names v-1 as who runs it."""
    read = settings.read(
        {
            "REDRESS_HOME": str(tmp_path),
            "DATABASE_URL": url,
            "REDRESS_OPERATORS": "shop/v-1",
        }
    )
    one = wire(read, url, url, clock)
    yield one
    one.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_says_what_the_doctor_says(
    browse: Browse, people: People, background: Worker, system: System, lang: str
) -> None:
    file_for(people)
    background.catch_up()
    # A key file that was replaced and not overwritten yet.
    old_name(system.settings.master_key).write_bytes(b"old")
    page = browse("supervisor", lang=lang).page("/operator/checks")
    rows = {name: (state, said) for _, name, state, said in ROW.findall(page)}
    doctor = dict(examined(system.settings))
    for name, found in doctor_findings(system, production=False):
        state, said = rows.pop(name)
        assert doctor[name] == found
        ends = {True: ("正常", "well"), False: ("有问题", "wrong")}[is_well(found)]
        assert ends[lang == "en"] in state
        assert is_well(found) or found in unescape(said)
    assert not rows
    assert ROW.findall(page)[0][1] == "key file"
    if lang == "zh":
        for words in Words(page).found:
            plain = re.sub(r"Redress|English|UTC|[a-z]-\d+", "", words)
            assert not re.search("[A-Za-z]", plain), words


def test_every_check_has_words(system: System) -> None:
    names = [name for name, _ in doctor_findings(system, production=True)]
    names += ["mail server", "SMS gateway", "NATS", "traces"]
    assert len(names) > 20
    for lang in ("zh", "en"):
        assert [name for name in names if not part_words(name, lang)] == []
    notes = [
        said
        for _, said in doctor_findings(system, production=True)
        if said.startswith(NOTE)
    ]
    assert notes
    assert all(map(is_well, notes))


@pytest.mark.parametrize("role", ["auditor", "regulator", "mediator", "buyer"])
def test_only_operators_make_checks(browse: Browse, role: str) -> None:
    reader = browse(role, "x-1", platform=None if role == "auditor" else "shop")
    assert reader.get("/operator/checks").status_code == 403
    assert browse("supervisor", "v-2").get("/operator/checks").status_code == 403
    assert 'href="/operator/checks"' in browse("supervisor").page("/operator")
    overseer = browse("auditor", platform=None).page("/operator")
    assert 'href="/operator/checks"' not in overseer
