"""Files of evidence beside a table are kept as uploaded ones are."""

from __future__ import annotations

import stat
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from application.cases.case_files import stored_file
from application.cases.disputes import Disputes
from application.cases.evidence_files import EvidenceFiles
from application.imports.evidence_keeper import EvidencePlace
from application.imports.importer import Importer
from application.imports.mapping import MappingError
from application.imports.mapping_validation import load
from application.imports.progress import Progress
from application.imports.trial import tried
from application.record.envelope import Recorded
from domain.evidence.events import EvidenceSubmitted
from domain.identity import imported_key
from tests.imports.conftest import MAPPING
from tests.imports.test_importer import rejected
from tests.samples import BOOKS

WITH_FILES = (
    MAPPING
    + """
[source]
files = "file.csv"
evidence = "photos"

[[facts]]
type = "evidence-submitted"
actor = "buyer"
at = { column = "opened", format = "%Y-%m-%d %H:%M:%S" }
when = [{ column = "photo", present = true }]
file = "photo"
fields = { by = { value = "buyer" }, kind = { value = "photo" } }
"""
)
HEADER = "id,opened,closed,why,buyer,story,paid,photo\n"
ROW = "{id},2025-01-02 10:00:00,,broken,b-9,It broke.,12.90,{photo}\n"
PHOTO = b"\x89PNG\r\n\x1a\n" + b"picture" * 1000
LIMIT = 10_000


@pytest.fixture
def files(tmp_path: Path) -> EvidenceFiles:
    return EvidenceFiles(tmp_path / "kept")


def photos(folder: Path) -> Path:
    place = folder / "photos"
    (place / "2025").mkdir(parents=True)
    (place / "2025" / "a.png").write_bytes(PHOTO)
    (place / "large.png").write_bytes(bytes(LIMIT + 1))
    return place


def run(
    disputes: Disputes, files: EvidenceFiles, folder: Path, rows: str, text: str
) -> Progress:
    (folder / "file.csv").write_text(HEADER + rows, encoding="utf-8")
    place = EvidencePlace(files, LIMIT)
    importer = Importer(disputes, load(text, BOOKS.codes), text, [], folder, place)
    return importer.run(folder / "rejects.csv", lambda _: None)


def submitted(disputes: Disputes, record: str) -> tuple[Recorded, EvidenceSubmitted]:
    events = disputes.find(imported_key("desk", record)).events
    (last,) = disputes.record.opened([events[-1]])
    assert isinstance(last.event, EvidenceSubmitted)
    return last, last.event


def content(disputes: Disputes, files: EvidenceFiles, recorded: Recorded) -> bytes:
    file = stored_file(recorded)
    assert file is not None
    cipher = disputes.keys.cipher(file.key)
    assert cipher is not None
    return b"".join(files.read(file, cipher))


@pytest.mark.parametrize("named", ["2025/a.png", "2025\\a.png", "./2025/a.png"])
def test_a_file_is_hashed_sealed_and_kept(
    disputes: Disputes, files: EvidenceFiles, tmp_path: Path, named: str
) -> None:
    photos(tmp_path)
    done = run(disputes, files, tmp_path, ROW.format(id=1, photo=named), WITH_FILES)
    assert (done.cases, done.events, done.rejected) == (1, 2, 0)
    recorded, event = submitted(disputes, "1")
    told = (event.sha256, event.size, event.media_type, event.name, event.missing)
    assert told == (sha256(PHOTO).hexdigest(), len(PHOTO), "image/png", "a.png", False)
    assert content(disputes, files, recorded) == PHOTO
    # On the disk it lies sealed.
    (kept,) = (one for one in files.folder.glob("??/*") if one.is_file())
    assert b"picture" not in kept.read_bytes()
    again = run(
        disputes, files, tmp_path, ROW.format(id=1, photo=named) + "\n", WITH_FILES
    )
    assert (again.events, again.present, again.rejected) == (0, 1, 0)


def test_files_come_from_an_archive(
    disputes: Disputes, files: EvidenceFiles, tmp_path: Path
) -> None:
    folder = photos(tmp_path)
    with zipfile.ZipFile(tmp_path / "photos.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(folder / "2025" / "a.png", "2025/a.png")
    text = WITH_FILES.replace('"photos"', '"photos.zip"')
    run(disputes, files, tmp_path, ROW.format(id=1, photo="2025/a.png"), text)
    recorded, event = submitted(disputes, "1")
    assert not event.missing
    assert content(disputes, files, recorded) == PHOTO


def test_a_file_that_is_not_there_keeps_its_name_and_gets_no_digest(
    disputes: Disputes, files: EvidenceFiles, tmp_path: Path
) -> None:
    photos(tmp_path)
    run(disputes, files, tmp_path, ROW.format(id=1, photo="gone.png"), WITH_FILES)
    recorded, event = submitted(disputes, "1")
    assert (event.name, event.missing, event.sha256) == ("gone.png", True, "")
    # It is no file that should be there, so that no sweep misses it.
    assert stored_file(recorded) is None


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("../file.csv", "lies outside of source.evidence"),
        ("/etc/hostname", "lies outside of source.evidence"),
        ("out/file.csv", "lies outside of source.evidence"),
        ("C:\\a.png", "lies outside of source.evidence"),
        ("large.png", "is larger than 10,000 bytes"),
        ("2025", "is no file"),
        (".", "is no name of a file"),
    ],
)
def test_what_is_no_evidence_is_a_reject(
    disputes: Disputes, files: EvidenceFiles, tmp_path: Path, named: str, said: str
) -> None:
    (photos(tmp_path) / "out").symlink_to(tmp_path)
    rows = ROW.format(id=1, photo=named) + ROW.format(id=2, photo="2025/a.png")
    done = run(disputes, files, tmp_path, rows, WITH_FILES)
    assert (done.cases, done.rejected) == (1, 1)
    assert said in rejected(tmp_path)[0][1]


def test_a_trial_reads_files_and_keeps_none(
    disputes: Disputes, files: EvidenceFiles, tmp_path: Path
) -> None:
    photos(tmp_path)
    rows = ROW.format(id=1, photo="2025/a.png") + ROW.format(id=2, photo="large.png")
    (tmp_path / "file.csv").write_text(HEADER + rows, encoding="utf-8")
    mapping = load(WITH_FILES, BOOKS.codes)
    place = EvidencePlace(files, LIMIT)
    summary = tried(disputes, mapping, [], tmp_path, evidence=place)
    assert (summary.cases, summary.rejected) == (1, 1)
    assert not files.folder.exists()


def test_mistakes_in_the_mapping_are_named(tmp_path: Path, disputes: Disputes) -> None:
    with pytest.raises(MappingError, match=r"say in source.evidence where"):
        load(WITH_FILES.replace('evidence = "photos"', ""), BOOKS.codes)
    with pytest.raises(MappingError, match=r"size: is read from the file"):
        load(WITH_FILES.replace("by = {", "size = { value = 3 }, by = {"), BOOKS.codes)
    (tmp_path / "file.csv").write_text(HEADER, encoding="utf-8")
    with pytest.raises(MappingError, match=r"source.evidence: there is no"):
        tried(disputes, load(WITH_FILES, BOOKS.codes), [], tmp_path)


def test_an_archive_is_read_as_it_is_meant(
    disputes: Disputes, files: EvidenceFiles, tmp_path: Path
) -> None:
    place = tmp_path / "photos.zip"
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("QQQQ.txt", PHOTO)
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("twice.txt", "one")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("twice.txt", "two")
    # Old programs write names in the encoding of their machine, and do not say it.
    name = "\u53d1\u7968.txt"
    place.write_bytes(place.read_bytes().replace(b"QQQQ.txt", name.encode("gbk")))
    named = enumerate((name, "link.txt", "twice.txt"), 1)
    rows = "".join(ROW.format(id=n, photo=one) for n, one in named)
    text = WITH_FILES.replace('"photos"', '"photos.zip"')
    done = run(disputes, files, tmp_path, rows, text)
    assert (done.cases, done.rejected) == (1, 2)
    assert [said for _, said in rejected(tmp_path)] == [
        "file: 'link.txt' is no file",
        "file: 'twice.txt' is in the archive twice",
    ]
    _, event = submitted(disputes, "1")
    assert (event.missing, event.sha256) == (False, sha256(PHOTO).hexdigest())


def test_a_file_that_goes_later_keeps_no_case_from_going_on(
    disputes: Disputes, files: EvidenceFiles, tmp_path: Path
) -> None:
    folder = photos(tmp_path)
    row = ROW.format(id=1, photo="2025/a.png")
    run(disputes, files, tmp_path, row, WITH_FILES)
    (folder / "2025" / "a.png").unlink()
    closed = row.replace(",,broken", ",2025-02-03,broken")
    done = run(disputes, files, tmp_path, closed, WITH_FILES)
    assert (done.events, done.rejected) == (1, 0)


@pytest.mark.parametrize("rows", ["cases", "events"])
def test_a_file_that_comes_later_is_added_once(
    disputes: Disputes, files: EvidenceFiles, tmp_path: Path, rows: str
) -> None:
    folder = photos(tmp_path)
    text = f'rows = "{rows}"\n' + WITH_FILES
    row = ROW.format(id=1, photo="late.png")
    run(disputes, files, tmp_path, row, text)
    (folder / "late.png").write_bytes(PHOTO)
    done = run(disputes, files, tmp_path, row, text)
    assert (done.events, done.rejected) == (1, 0)
    recorded, event = submitted(disputes, "1")
    assert (event.number, event.missing) == (2, False)
    assert content(disputes, files, recorded) == PHOTO
    # Nothing is new when it is told again, with the file or without.
    assert run(disputes, files, tmp_path, row, text).events == 0
    (folder / "late.png").unlink()
    done = run(disputes, files, tmp_path, row, text)
    assert (done.events, done.rejected) == (0, 0)
