"""The OpenAPI document is still the one that clients were generated from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import msgspec
from jsonschema import Draft202012Validator

from interface.api.app import make_app

SAVED = files("tests.http").joinpath("data", "openapi-0.1.0.json")

WORDS = {"description", "summary"}
UNORDERED = {"oneOf", "enum", "required", "tags"}

COMMON = {"400", "401", "403", "404", "408", "413", "414", "429", "431", "503"}

FORMATS = Draft202012Validator.FORMAT_CHECKER

Place = tuple[str, ...]

OWN = "was documented with a case's example and an ETag that it does not have"
TEXT = "is no JSON, and was documented with a case's example and an ETag"
ANSWERS = {
    ("/v1/disputes/eligibility", "post", "200"): OWN,
    ("/v1/disputes/{dispute_id}/deadlines", "get", "200"): OWN,
    ("/v1/sellers/{seller}/standing", "get", "200"): OWN,
    ("/v1/audit/disputes/{dispute_id}/difference", "get", "200"): OWN,
    ("/v1/audit/disputes/{dispute_id}/proof", "get", "200"): OWN,
    ("/v1/audit/disputes/{dispute_id}/proof/{version}", "get", "200"): TEXT,
    ("/v1/audit/access-log", "get", "200"): OWN,
    ("/v1/audit/grants", "get", "200"): OWN,
    ("/v1/audit/grants", "post", "201"): OWN,
    ("/v1/audit/grants/{grant_id}/revocation", "post", "200"): OWN,
    ("/v1/erasures", "get", "200"): OWN,
    ("/v1/erasures", "post", "201"): OWN,
    ("/v1/erasures/{erasure_id}", "get", "200"): OWN,
    ("/v1/erasures/{erasure_id}/approval", "post", "200"): OWN,
    ("/v1/log/checkpoint", "get", "200"): TEXT,
    ("/v1/log/cosigned-checkpoint", "get", "200"): TEXT,
    ("/v1/log/consistency", "get", "200"): OWN,
    ("/v1/log/tile/{tile}", "get", "200"): TEXT,
}
"""Answers whose documentation was not theirs."""

ITEMS = {
    ("AppealDecisionBody", "reasons"),
    ("AppealDecisionBody", "remedies"),
    ("DraftBody", "reasons"),
    ("DraftBody", "remedies"),
    ("EnforcementFailureBody", "routes"),
    ("EvidenceRequestBody", "kinds"),
    ("ReasonBody", "relied_on"),
    ("ReasonBody", "set_aside"),
    ("RefusalBody", "routes"),
    ("RulingBody", "reasons"),
    ("RulingBody", "remedies"),
}

UNSHOWN = ("post", "responses", "204")
"""That a command is answered without the case, if its sender may not read it."""

ADDED = {
    "NoteAdded": "an internal note, as it is recorded",
    "NoteBody": "an internal note, as it is sent",
}
LATE_DAYS = "days that were announced after the calendar's edition"
FINAL = "from when on nothing on any disk opens what was erased"
TELLS_LESS = "strangers are told which parts are not well, and no more"
"""Schemas that have come since; each is also added where events are listed."""

WRITTEN_IN = "which language a person wrote a text in"
RULES_CITED = "decisions cite rules that are there, which everybody can read"
RULES_NAMED = "rules are named by what they say"
ABOVE_LINE = "an order line gets back no more than it cost"
NUMBERED = "the number of a case that people read out"
SNAPSHOT = "the order line as the client shows it"
FINDING = "cases are found by more, and counted"
AUDITED = "reports, samples, lists and bundles for auditors and analysts"
DESK = "the desk's rules: hand-overs, tags, references"
IN_WORDS = "words for people beside the codes for programs"
ONE_WAY = "one way each (issue 13): money, ids, hashes, lists, times"
ALLOWED: dict[Place, str] = {
    **{
        ("components", "schemas", *place): AUDITED
        for place in (
            ("CaseCounted",),
            ("ListedKey",),
            ("CasesPage", "properties", "sample"),
            ("SampleDrawn",),
            ("CountedPage",),
            ("Figure",),
            ("Group",),
            ("PublicFigure",),
            ("PublicGroup",),
            ("PublicReport",),
            ("Report",),
        )
    },
    **{
        ("paths", f"/v1/transparency/{path}"): AUDITED
        for path in (
            "public/{period}",
            "reports/{period}",
            "reports/{period}/cases",
        )
    },
    ("paths", "/v1/audit/search", "get"): AUDITED,
    ("paths", "/v1/audit/bundle"): AUDITED,
    ("paths", "/v1/log/keys"): AUDITED,
    **{
        ("components", "schemas", name, *place): IN_WORDS
        for name, word in (
            ("ActionShown", "label"),
            ("ChangeShown", "words"),
            ("DeadlineShown", "words"),
            ("Field", "label"),
            ("Field", "words"),
            ("ObligationShown", "words"),
            ("OfferShown", "words"),
            ("StandingShown", "words"),
        )
        for place in (("properties", word), ("required", f'+ "{word}"'))
    },
    **{
        ("components", "schemas", *place): DESK
        for place in (
            ("AssignmentBody",),
            ("CaseTagged",),
            ("Dispute", "properties", "tags"),
            ("ExecutionBody",),
            ("MediatorAssigned",),
            ("RecoveryBody",),
            ("TagsBody",),
        )
    },
    ("paths", "/v1/disputes/{dispute_id}/tags"): DESK,
    ("paths", "/v1/disputes/{dispute_id}/recovery", "post", "requestBody"): DESK,
    **{
        (
            "components",
            "schemas",
            *place,
            "oneOf",
            '+ {"$ref": "#/components/schemas/CaseTagged"}',
        ): DESK
        for place in (
            ("Recorded", "properties", "event"),
            ("Step", "properties", "payload"),
        )
    },
    ("components", "schemas", "EvidenceClosed", "properties", "due"): (
        "when the time was over, whenever it was recorded"
    ),
    ("components", "schemas", "CasesPage", "properties", "total"): FINDING,
    ("components", "schemas", "CountsShown"): FINDING,
    ("components", "schemas", "ProblemDetails", "properties", "dispute"): FINDING,
    ("paths", "/v1/disputes/counts"): FINDING,
    ("paths", "/v1/queue", "get"): FINDING,
    ("paths", "/v1/disputes", "get", "responses", "200"): FINDING,
    **{
        ("components", "schemas", case, *place): NUMBERED
        for case in ("BuyerCase", "SellerCase")
        for place in (("properties", "case_number"), ("required", '+ "case_number"'))
    },
    **{
        ("components", "schemas", *place): SNAPSHOT
        for place in (
            ("Filed", "properties", "snapshot"),
            ("FilingBody", "examples", "0", "order", "snapshot"),
            ("OrderBody", "properties", "snapshot"),
            ("OrderShown", "properties", "snapshot"),
            ("OrderSnapshot",),
            ("SnapshotBody",),
            ("SnapshotShown",),
            ("OrderLineShown",),
            ("BuyerCase", "properties", "order_line"),
            ("SellerCase", "properties", "order_line"),
        )
    },
    **{
        ("paths", path, "post", "requestBody", "content"): SNAPSHOT
        for path in ("/v1/disputes", "/v1/disputes/eligibility")
    },
    ("components", "schemas", "Dispute", "properties", "seller_unaware"): (
        "a seller is part of a case from its admission on"
    ),
    ("components", "schemas", "PolicyShown", "properties", "above_line"): ABOVE_LINE,
    ("components", "schemas", "PolicyShown", "required", '+ "above_line"'): ABOVE_LINE,
    **{
        ("components", "schemas", name): RULES_CITED
        for name in ("ArticleShown", "Bilingual", "RegulationShown", "RegulationsPage")
    },
    ("components", "schemas", "MessageShown", "properties", "language"): WRITTEN_IN,
    ("components", "schemas", "ReasonShown", "properties", "language"): WRITTEN_IN,
    ("paths", "/v1/rules"): RULES_CITED,
    ("paths", "/v1/rules/{name}/{version}"): RULES_CITED,
    ("components", "schemas", "Field", "properties", "href"): RULES_CITED,
    ("components", "schemas", "RulingBody", "examples"): RULES_CITED,
    (
        "paths",
        "/v1/disputes/{dispute_id}/ruling",
        "post",
        "requestBody",
        "content",
        "application/json",
        "schema",
        "examples",
    ): RULES_CITED,
    **{
        ("paths", path): "links to files"
        for path in (
            "/v1/files/{link}",
            "/v1/disputes/{dispute_id}/evidence/{number}/link",
            "/v1/disputes/{dispute_id}/messages/{number}/attachment/link",
        )
    },
    ("components", "schemas", "LinkShown"): "links to files",
    **{
        ("paths", path, "get", what): "thumbnails"
        for path in (
            "/v1/disputes/{dispute_id}/evidence/{number}",
            "/v1/disputes/{dispute_id}/messages/{number}/attachment",
        )
        for what in ("description", "parameters", "responses")
    },
    **{
        ("components", "schemas", name): ONE_WAY
        for name in (
            "Account",
            "ErasuresPage",
            "GrantsPage",
            "KeyEndsPage",
            "LogKeysPage",
            "Metric",
            "MetricsPage",
            "Money",
            "PoliciesPage",
            "PolicyListed",
            "Posting",
            "Recorded",
            "StatementKeysPage",
            "Grant",
        )
    },
    **{
        ("components", "schemas", name, "properties", field): ONE_WAY
        for name, field in (
            ("AdvanceRecovered", "amount"),
            ("DifferenceShown", "facts"),
            ("Dispute", "paid"),
            ("Dispute", "postings"),
            ("Enforcement", "amount"),
            ("EnforcementExecuted", "amount"),
            ("EnforcementOrdered", "amount"),
            ("Filed", "paid"),
            ("GrantBody", "cases"),
            ("GrantBody", "disputes"),
            ("Obligation", "amount"),
            ("Terms", "amount"),
        )
    },
    **{
        ("paths", path, "get"): ONE_WAY
        for path in (
            "/v1/audit/grants",
            "/v1/erasures",
            "/v1/log/keys",
            "/v1/policies",
            "/v1/transparency/metrics",
        )
    },
    ("components", "schemas", "ProblemDetails", "properties", "request_id"): (
        "by which the log lines about it are found"
    ),
    ("components", "schemas", "CodesShown", "properties", "edition"): RULES_NAMED,
    ("components", "schemas", "CodesShown", "required", '+ "edition"'): RULES_NAMED,
    ("components", "schemas", "Recorded", "properties", "rules"): RULES_NAMED,
    **{
        ("components", "schemas", name): "receipts, and what the log promises"
        for name in ("EndorsedKey", "LogState", "Receipt", "Receipts")
    },
    ("paths", "/v1/disputes/{dispute_id}/receipts"): "receipts",
    ("paths", "/v1/disputes/{dispute_id}/receipts/{version}"): "receipts",
    ("paths", "/v1/log"): "what the log promises",
    ("paths", "/v1/log/key-ends"): "keys that ended",
    ("paths", "/v1/log/statement-keys"): "keys of statements",
    ("paths", "/v1/log/checkpoint", "get", "description"): "published when cosigned",
    ("paths", "/v1/disputes/{dispute_id}/notes"): "internal notes",
    ("components", "schemas", "Readiness"): TELLS_LESS,
    ("paths", "/health/ready", "get", "description"): TELLS_LESS,
    ("paths", "/health/ready", "get", "responses", "200", "content"): TELLS_LESS,
    ("paths", "/metrics", "get", "description"): "may need a token",
    **{
        ("paths", path, "get", what): "`platform`, beside ids that are of one platform"
        for path in ("/v1/disputes", "/v1/audit/search", "/v1/sanctions")
        for what in ("description", "parameters")
    },
    ("paths", "/v1/audit/disputes/{dispute_id}", "get", "description"): (
        "the history no longer waits for the audit trail"
    ),
    **{
        ("components", "schemas", *place, "pattern"): "the form that was checked before"
        for place in (
            ("MoneyBody", "properties", "amount"),
            ("MoneyBody", "properties", "currency"),
            ("ClockBody", "properties", "advance"),
        )
    },
    **{
        ("components", "schemas", "PolicyShown", "properties", name): (
            "a time of day, which was documented as a duration"
        )
        for name in ("opens", "closes")
    },
    ("components", "schemas", "FactShown", "properties", "position"): (
        "null until the event has its position"
    ),
    **{
        ("components", "schemas", name, "properties", "sealed"): (
            "the digest of a file as it lies on the disk"
        )
        for name in ("EvidenceSubmitted", "Attachment")
    },
    ("components", "schemas", "Health", "properties", "warnings"): (
        "what is wrong, and leaves the installation ready"
    ),
    ("components", "schemas", "ErasureShown", "properties", "final_at"): FINAL,
    ("components", "schemas", "ErasureShown", "required", '+ "final_at"'): FINAL,
    ("components", "schemas", "ViewHealth", "properties", "skipped"): (
        "events that a view passes over"
    ),
    **{
        ("components", "schemas", "ViewHealth", "properties", name): (
            "when a view was last held against the record, and what differs"
        )
        for name in ("audited_at", "audited_upto", "differs")
    },
    ("components", "schemas", "AddedDays"): LATE_DAYS,
    **{
        ("components", "schemas", "PolicyShown", *place): LATE_DAYS
        for name in ("calendar_additions", "calendar_edition")
        for place in (("properties", name), ("required", f'+ "{name}"'))
    },
    ("paths", "/v1/policies/{name}/{version}", "get", "description"): LATE_DAYS,
    **{("components", "schemas", name): why for name, why in ADDED.items()},
    **{
        (
            "components",
            "schemas",
            *place,
            "oneOf",
            f'+ {{"$ref": "#/components/schemas/{name}"}}',
        ): why
        for place in (
            ("Recorded", "properties", "event"),
            ("Step", "properties", "payload"),
        )
        for name, why in ADDED.items()
    },
    **{
        ("components", "schemas", body, "properties", field, "items"): (
            "was oneOf the type and anything, which nothing fits exactly once"
        )
        for body, field in ITEMS
    },
    **{
        ("paths", path, method, "responses", status, what): why
        for (path, method, status), why in ANSWERS.items()
        for what in ("content", "headers")
    },
    ("paths", "/v1/disputes/eligibility", "post", "responses", "422"): (
        "was answered, and not documented"
    ),
    ("paths", "/metrics", "get", "responses", "200", "content"): "is text, not JSON",
    **{
        ("paths", path): "is the documentation itself"
        for path in (
            "/schema",
            "/schema/docs",
            "/schema/openapi.json",
            "/schema/{path}",
        )
    },
    **{
        ("paths", path, "get", "responses", "200", "content"): (
            "is of the type that its sender gave it"
        )
        for path in (
            "/v1/disputes/{dispute_id}/evidence/{number}",
            "/v1/disputes/{dispute_id}/messages/{number}/attachment",
        )
    },
    ("components", "schemas", "domain_clock_Unit"): "was named after a module",
    ("components", "schemas", "projections_metrics_Unit"): "was named after a module",
    ("components", "schemas", "LimitUnit"): "is named after what it is",
    ("components", "schemas", "FigureUnit"): "is named after what it is",
    ("components", "schemas", "LengthShown", "properties", "unit", "$ref"): "LimitUnit",
    ("components", "schemas", "Metric", "properties", "unit", "$ref"): "FigureUnit",
    **{
        (
            "paths",
            path,
            "get",
            "responses",
            "200",
            "content",
            kind,
            "schema",
            "examples",
        ): ("was made up by chance, another one at every start")
        for path, kind in (
            ("/v1/audit/disputes/{dispute_id}/bundle", "application/zip"),
        )
    },
}
"""Where the documents may differ, and why; a place stands for all that lies below."""


def test_only_what_is_listed_differs_from_the_saved_document() -> None:
    before = json.loads(SAVED.read_text("utf-8"))
    app = make_app(is_development=True)
    after = msgspec.json.decode(msgspec.json.encode(app.openapi_schema.to_schema()))
    found = [
        place
        for place in differences(before, after, ())
        if not any(place[: len(one)] == one for one in ALLOWED)
        and not is_common_problem(place)
        and not is_said_since(place)
        and not is_in_words(place)
        and not is_form_or_link(place)
        and not (place[2:5] == UNSHOWN and "{dispute_id" in place[1])
    ]
    assert not found, "\n".join("/".join(place) for place in found)


def is_common_problem(place: Place) -> bool:
    """Tell whether it is a problem with which any route answers, documented since."""
    return place[0] == "paths" and place[3:4] == ("responses",) and place[4] in COMMON


def is_said_since(place: Place) -> bool:
    """Tell whether it is a rule that held before, and was not documented."""
    return place[0] == "paths" and place[3:] == ("security",)


def is_in_words(place: Place) -> bool:
    """Tell whether it is a text for people in the example of a case."""
    return "examples" in place and place[-1] in {"label", "words"}


def is_form_or_link(place: Place) -> bool:
    """Tell whether a form, where an answer leads, or a receipt is described since.

    Forms were checked before, and unknown fields refused: they still are.
    """
    is_parameter = place[0] == "paths" and place[3:4] == ("parameters",)
    is_form = place[-1] in {"pattern", "enum", "description"}
    is_closed = place[:2] == ("components", "schemas") and place[3:] == (
        "additionalProperties",
    )
    is_receipt = place[-2:] == ("headers", "Link")
    is_said = place[-1] in {"links", "case_number"}
    return (is_parameter and is_form) or is_closed or is_receipt or is_said


def test_every_example_fits_its_own_schema() -> None:
    app = make_app(is_development=True)
    document = msgspec.json.decode(msgspec.json.encode(app.openapi_schema.to_schema()))
    checked, wrong = 0, []
    for at, media in media_types(document["paths"], ()):
        schema = media.get("schema", {}) | {"components": document["components"]}
        examples = [one["value"] for one in media.get("examples", {}).values()]
        for value in (*examples, *schema.pop("examples", ())):
            checked += 1
            errors = Draft202012Validator(schema, format_checker=FORMATS).iter_errors(
                value
            )
            wrong += [
                f"{'/'.join(at)} {one.json_path}: {one.message}" for one in errors
            ]
    assert not wrong, "\n".join(wrong)
    assert checked > 100


def media_types(node: Any, at: Place) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Find every media type of a request or an answer that has a schema."""
    if not isinstance(node, dict):
        return
    for name, inner in node.items():
        if name == "content":
            for kind, media in inner.items():
                yield (*at, kind), media
        else:
            yield from media_types(inner, (*at, name))


def written(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def differences(before: Any, after: Any, at: Place) -> Iterator[Place]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted(before.keys() | after.keys()):
            is_null = name not in before and after[name] is None
            if is_null and "examples" in at:
                # What is null in an answer was left out of its example.
                continue
            if name not in before or name not in after:
                yield (*at, name)
            else:
                yield from differences(before[name], after[name], (*at, name))
    elif isinstance(before, list) and isinstance(after, list):
        if at[-1] in UNORDERED:
            old, new = set(map(written, before)), set(map(written, after))
            yield from ((*at, f"- {one}") for one in sorted(old - new))
            yield from ((*at, f"+ {one}") for one in sorted(new - old))
            return
        if len(before) != len(after):
            yield at
        for n, (one, other) in enumerate(zip(before, after, strict=False)):
            yield from differences(one, other, (*at, str(n)))
    elif at[-1] in WORDS and isinstance(before, str):
        # The words hold to the glossary now: what happened is an event.
        if renamed(before) != " ".join(str(after).split()):
            yield at
    elif before != after:
        yield at


def renamed(text: str) -> str:
    for old, new in (("a fact", "an event"), ("fact", "event"), ("Fact", "Event")):
        text = re.sub(rf"(?<!new )(?<!basic )\b{old}", new, text)
    return " ".join(text.split())
