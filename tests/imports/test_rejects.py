"""The file of rejects: never over another file, and gone when nothing is rejected."""

from __future__ import annotations

from pathlib import Path

import pytest

from application.imports.rejects import RejectsTaken
from tests.imports.conftest import GOOD, HEADER, Import

BAD = HEADER + GOOD + "2,x\n"


@pytest.mark.parametrize("content", [BAD, HEADER + GOOD])
def test_rejects_never_go_over_the_file_itself(
    run_import: Import, tmp_path: Path, content: str
) -> None:
    for name in ("file.csv", "link.csv"):
        (tmp_path / "link.csv").unlink(missing_ok=True)
        (tmp_path / "link.csv").symlink_to(tmp_path / "file.csv")
        with pytest.raises(RejectsTaken, match="is a file to import"):
            run_import(content, rejects=name)
    assert (tmp_path / "file.csv").read_text() == content


@pytest.mark.parametrize("content", [BAD, HEADER + GOOD])
def test_rejects_never_go_over_another_file(
    run_import: Import, tmp_path: Path, content: str
) -> None:
    (tmp_path / "rejects.csv").write_text("my,own,file\n")
    with pytest.raises(RejectsTaken, match="holds no rejects"):
        run_import(content)
    assert (tmp_path / "rejects.csv").read_text() == "my,own,file\n"
    for name, why in ((".", "holds no rejects"), ("nowhere/x.csv", "no such folder")):
        with pytest.raises(RejectsTaken, match=why):
            run_import(content, rejects=name)


def test_earlier_rejects_are_replaced_and_then_gone(
    run_import: Import, tmp_path: Path
) -> None:
    run_import(BAD)
    run_import(BAD + "3,y\n")
    lines = (tmp_path / "rejects.csv").read_text().splitlines()
    assert [line.partition(",")[0] for line in lines] == ["line", "3", "4"]
    run_import(HEADER + GOOD)
    assert not (tmp_path / "rejects.csv").exists()


def test_rejects_are_their_owners_only_or_not_written_at_all(
    run_import: Import, tmp_path: Path
) -> None:
    run_import(BAD)
    assert (tmp_path / "rejects.csv").stat().st_mode & 0o777 == 0o600
    (tmp_path / "rejects.csv").unlink()
    progress = run_import(BAD + "3,y\n", keep_rejects=False)
    assert progress.rejected == 2
    assert not (tmp_path / "rejects.csv").exists()
