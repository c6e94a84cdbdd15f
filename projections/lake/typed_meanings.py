"""What the typed columns of events mean, by the fields that they are made from.

A field that the docstring of its event tells of is told here in the same sense; what
it counts stands beside it, where the type does not say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Told(NamedTuple):
    """What a field means, and its unit: what a number counts, or what a text is."""

    meaning: str
    unit: str = ""


PSEUDONYM = "pseudonym"
FILE = "SHA-256, hex"

BY = (
    "Who did it: the code of a party or of a role; in {people} the pseudonym of"
    " a person, which is no code"
)

MEANINGS: Mapping[str, Told] = {
    "platform": Told("The platform that the complaint reached", "name"),
    "channel": Told("How the complaint came, or a notice went"),
    "category": Told("What the complaint is about"),
    "reason": Told("Why the buyer complains, or gave the case up"),
    "policy": Told("The policy of time limits that the case began under", "id"),
    "number": Told(
        "Which one of its kind in the case; of filed, which case on this issue of the"
        " order line; of subject-erased and import-withdrawn, which of `cases`",
        "from 1",
    ),
    "buyer": Told("The buyer", PSEUDONYM),
    "seller": Told("The seller", PSEUDONYM),
    "order": Told("The order", PSEUDONYM),
    "line": Told("The line of the order", PSEUDONYM),
    "paid.amount": Told("What was paid for the line"),
    "paid.currency": Told("The currency of `paid`"),
    "received_at": Told("When the goods were received"),
    "promised_at": Told("When the goods were promised"),
    "stated": Told("What an imported source said in its own words for a code", "term"),
    "claim.kind": Told("The remedy that the buyer asks for"),
    "claim.amount.amount": Told("The amount that the buyer asks for"),
    "claim.amount.currency": Told("The currency of `claim_amount`"),
    "claim.freight": Told("Who is to bear the freight, as the buyer asks"),
    "reopens": Told("The case before, on the same issue", "id of a case"),
    "snapshot.sku": Told("What was ordered, as it was at the time", "stock code"),
    "snapshot.quantity": Told("How many were ordered", "pieces"),
    "snapshot.unit_price.amount": Told("The price of one piece"),
    "snapshot.unit_price.currency": Told("The currency of `snapshot_unit_price`"),
    "snapshot.shop": Told("The shop that it was ordered from", PSEUDONYM),
    "snapshot.carrier": Told("Who carried the goods", "name"),
    "deemed": Told("It follows from silence", "true or false"),
    "ground": Told("Why: the ground that was given"),
    "rule": Told("The rule that decided alone; else see `decided_by`", "id"),
    "decided_by": Told("Who decided", PSEUDONYM),
    "authority": Told("To whom the case was handed"),
    "cause": Told("What it was caused by"),
    "mediator": Told("The mediator", PSEUDONYM),
    "taken_from": Told("Who had the case before", PSEUDONYM),
    "notice": Told("Which notice"),
    "party": Told("The party that it is about"),
    "recipient": Told("Whom the notice reached", PSEUDONYM),
    "language": Told("In which the party is written to", "zh-CN or en"),
    "position": Told("How the seller answered the claim"),
    "by": Told(BY),
    "attachment.sha256": Told("The attached file's bytes", FILE),
    "attachment.size": Told("How large the attached file is", "bytes"),
    "attachment.media_type": Told("What kind of file is attached", "media type"),
    "terms.kind": Told("The remedy that the offer proposes"),
    "terms.amount.amount": Told("The amount that the offer proposes"),
    "terms.amount.currency": Told("The currency of `terms_amount`"),
    "terms.freight": Told("Who is to bear the freight, as the offer proposes"),
    "replaces": Told("The same side's offer that was open until now", "number"),
    "settles": Told("Everybody has agreed, and performance is owed", "true or false"),
    "trigger": Told("Why the case was handed to the platform"),
    "kind": Told("Which kind: of evidence, inquiry, sanction or corrected event"),
    "sha256": Told("The file's bytes", FILE),
    "size": Told("How large the file is", "bytes"),
    "media_type": Told("What kind of file it is", "media type"),
    "draft": Told("Seen by its own side only, until handed in", "true or false"),
    "missing": Told("The source did not hand the file over", "true or false"),
    "items": Told("How many pieces of evidence the party has handed in", "pieces"),
    "due": Told("When the limit ended, whenever that was recorded"),
    "authentic": Told("The evidence is what it seems", "true or false"),
    "relevant": Told("The evidence bears on the case", "true or false"),
    "legal": Told("The evidence was come by lawfully", "true or false"),
    "admitted": Told("The evidence counts", "true or false"),
    "rule.id": Told("The rule by which a party has to prove first", "id"),
    "rule.version": Told("The version of `rule_id`", "version"),
    "rule.article": Told("The article of `rule_id`", "article"),
    "addressee": Told("Who was asked, such as a carrier", "name"),
    "liability": Told("Who is liable"),
    "automation": Told("How far a machine has decided"),
    "model": Told("The model that wrote or proposed it", "name"),
    "approved_by": Told("The second person, where the amount asks for one", PSEUDONYM),
    "since": Told("From when on time stands still"),
    "result": Told("What became of the decision on appeal"),
    "obligation": Told("Which obligation of the case", "from 1"),
    "outcome": Told("How the case ended"),
    "claim": Told("What became of the claim"),
    "method": Told("How the platform executes an obligation"),
    "amount.amount": Told("What is executed, or was paid back"),
    "amount.currency": Told("The currency of `amount`"),
    "discharges": Told("Nothing of the obligation is left", "true or false"),
    "final": Told("The obligation is given up", "true or false"),
    "awaited": Told("What had to be done within the limit"),
    "item": Told("Which obligation, inquiry or evidence the limit is for", "number"),
    "days": Told("How long a pause is asked for", "days"),
    "breach": Told("What the seller is sanctioned for"),
    "measure": Told("What the sanction does to the seller", "term"),
    "lifted": Told("Its end was made public, and not itself", "true or false"),
    "basis": Told("On what basis it was done", "term"),
    "erasure": Told("The erasure over all cases of the person", "id"),
    "subject": Told("Whose data is gone", PSEUDONYM),
    "approver": Told("The second person", PSEUDONYM),
    "cases": Told("Over how many cases it goes", "cases"),
    "corrects": Told("The version of the event that is corrected", "version"),
    "run": Told("The import", "id"),
}
