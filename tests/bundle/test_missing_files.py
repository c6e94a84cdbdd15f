"""Evidence that was imported without its file: listed, proved, and not given out."""

from __future__ import annotations

from pathlib import Path

from application.bundle.maker import BundleRequest
from application.imports.importer import Importer
from application.imports.mapping_validation import load
from domain.identity import imported_key
from interface.bootstrap import System
from interface.run.worker import Worker
from interface.verifier.redress_verify import Asked, check
from tests.bundle.conftest import states
from tests.http.conftest import People
from tests.imports.test_files_beside import HEADER, ROW, WITH_FILES

SHOP = WITH_FILES.replace('system = "desk"', 'system = "desk"\nplatform = "shop"')


def test_its_bundle_holds_and_no_file_is_given_out(
    system: System, people: People, background: Worker, asked: Asked, tmp_path: Path
) -> None:
    rows = HEADER + ROW.format(id=1, photo="gone.png")
    (tmp_path / "file.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "photos").mkdir()
    mapping = load(SHOP, system.disputes.books.codes)
    importer = Importer(system.disputes, mapping, SHOP, [], tmp_path)
    assert importer.run(tmp_path / "rejects.csv", lambda _: None).cases == 1
    background.catch_up()
    case = imported_key("desk", "1")
    request = BundleRequest(files=True, opened=True)
    made = system.bundle_maker.make(system.find_case(case), request)
    report = check(made.content, asked)
    assert report.verdict == "valid"
    assert "fails" not in states(report).values()
    shown = people.supervisor.get(f"/v1/disputes/{case}").json()["evidence"][0]
    assert (shown["missing"], shown["sha256"], shown["name"]) == (True, "", "gone.png")
    answer = people.supervisor.get(f"/v1/disputes/{case}/evidence/1")
    assert answer.status_code == 404
