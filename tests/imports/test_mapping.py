"""A mapping says how rows become facts; its mistakes are named, all at once."""

from __future__ import annotations

import pytest

from application.imports.mapping import MappingError
from application.imports.mapping_text import shipped, text_of
from application.imports.mapping_validation import load
from tests.imports.conftest import MAPPING
from tests.samples import BOOKS


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (('system = "desk"', 'sistem = "desk"'), "system|sistem"),
        (('system = "desk"', "system = 5"), "system"),
        (('zone = "Asia/Shanghai"', 'zone = "Mars"'), "zone: 'Mars'"),
        (("Asia/Shanghai", "localtime"), "zone: 'localtime'"),
        (("Asia/Shanghai", "right/UTC"), "zone: 'right/UTC'"),
        (("Asia/Shanghai", "posix/UTC"), "zone: 'posix/UTC'"),
        (("Asia/Shanghai", "Factory"), "zone: 'Factory'"),
        (('"desk"', '"a\\u0000b"'), "system: 'a.x00b' is not 1-64 visible"),
        (('"desk"', '"a b"'), "system: 'a b' is not 1-64 visible"),
        (('"desk"', f'"{"x" * 65}"'), "system: 'x*' is not 1-64 visible"),
        (('id = "id"', 'id = "id"\nplatform = "\\u0001"'), "platform: "),
        (('id = "id"', 'id = "id"\nencoding = "undefined"'), "encoding: 'undefined'"),
        (('id = "id"', 'id = "id"\nencoding = "base64"'), "encoding: 'base64'"),
        (('id = "id"', 'id = "id"\ndelimiter = \'"\''), "delimiter"),
        (("buyer = {", 'seller = { value = "\\u0000" }\nbuyer = {'), "holds a NUL"),
        (('outcome = { value = "decided', 'outcome = { value = "zzz'), "outcome: 'zzz"),
        (('claim = { value = "met" }', 'claim = { value = "mett" }'), "claim: 'mett'"),
        (('"%Y-%m-%d" }', '"%Y-%Q" }'), "at.format: '%Y-%Q' is not a format"),
        (('"%Y-%m-%d" }', '"Y-m-d" }'), "at.format: 'Y-m-d' is not a format"),
        (('money = "CNY"', 'money = "zzz"'), "paid.money: 'zzz' is not a currency"),
        (('money = "CNY"', 'format = "%Y"'), "paid.format: the field holds no time"),
        ((', money = "CNY"', ""), "paid: has parts"),
        ((', take = "reason"', ""), "codes.reasons.broken has several values"),
        (('take = "reason"', 'take = "raison"'), "broken has no 'raison'"),
        ((', codes = "reasons", take = "category"', ', take = "x"'), "take: goes with"),
        (("channel = {", '"channel.foo" = {'), "channel.foo: filed has no such field"),
        (
            ("buyer = {", '"claim.freight" = { value = "buyer" }\nbuyer = {'),
            "claim.kind",
        ),
        (("absent", 'codes = "reasons", absent'), "several values, and take picks"),
        ((', not_among = [""]', ""), "when.0.: needs either among or not_among"),
        (('type = "closed"', 'type = "filed"'), "a case is filed once"),
        (('type = "filed"', 'type = "lodged"'), "facts\\[0\\].type: 'lodged'"),
        (('actor = "buyer"', 'actor = "king"'), "king"),
        (('value = "phone"', 'value = "drum"'), "channel: 'drum' is none of"),
        (('reason = "defect"', 'reason = "dent"'), "reason: 'dent' is none of"),
        (('codes = "reasons"', 'codes = "causes"'), "no table 'causes'"),
        (('take = "category"', 'grab = "category"'), "grab"),
        (("buyer = {", "byer = {"), "byer: filed has no such field"),
        (('claim = { value = "met" }', ""), "claim: closed requires it"),
        (('{ value = "phone" }', "{}"), "needs either value or column"),
        (("id = ", "id ="), None),
        (("[codes", "[codes.["), "mapping: "),
    ],
)
def test_a_mistake_of_a_mapping_is_named(
    change: tuple[str, str], named: str | None
) -> None:
    text = MAPPING.replace(*change)
    if named is None:
        load(text, BOOKS.codes)
        return
    with pytest.raises(MappingError, match=named):
        load(text, BOOKS.codes)


def test_several_mistakes_are_named_together() -> None:
    text = MAPPING.replace("Asia/Shanghai", "Mars").replace('"phone"', '"drum"')
    with pytest.raises(MappingError) as caught:
        load(text, BOOKS.codes)
    assert "Mars" in str(caught.value)
    assert "drum" in str(caught.value)


def test_all_mistakes_of_a_mapping_are_named_at_once() -> None:
    text = MAPPING.replace('"met"', '"mett"').replace('"CNY"', '"zzz"')
    with pytest.raises(MappingError) as caught:
        load(text.replace("Asia/Shanghai", "localtime"), BOOKS.codes)
    for named in ("localtime", "mett", "zzz"):
        assert named in str(caught.value)


def test_all_mistakes_of_its_structure_are_named_at_once() -> None:
    text = MAPPING.replace('system = "desk"', 'sistem = "desk"')
    text = text.replace('actor = "buyer"', 'actor = "king"')
    with pytest.raises(MappingError) as caught:
        load(text.replace('take = "category"', 'grab = "category"'), BOOKS.codes)
    for named in (
        "sistem: unknown",
        "system: missing",
        "facts[0].actor: Invalid enum value 'king'",
        "facts[0].fields.category.grab: unknown",
    ):
        assert named in str(caught.value)


def test_the_mappings_that_ship_are_good() -> None:
    assert shipped() == ("cfpb", "sindec")
    for name in shipped():
        load(text_of(name), BOOKS.codes)
    with pytest.raises(MappingError, match="these ship: cfpb, sindec"):
        text_of("nothing")
