"""The platform standard for customer-service disputes, a sentence a line.

A sentence is numbered by its section and told in a few words. Tests that show it carry
it as a marker: `@pytest.mark.standard("4.1 then the seller is served notice")`.
"""

from __future__ import annotations

ACCEPTANCE = (
    "3.1 a category and one of its reasons, labelled in zh and en",
    "3.1 nine kinds of claim",
    "3.2 five grounds of refusal",
    "3.2 the sixth: illegal goods, also referred to the authority",
    "3.2 a refusal has ground, words and other routes",
    "3.2 what a rule can decide is decided at once",
    "3.2 the rest waits for a mediator",
    "3.2 a refusal can be appealed like a ruling",
    "3.2 one live dispute; an ended one is re-opened only with new facts",
)

FILING = (
    "4 any live case may be withdrawn until decided, settled, rest, or go elsewhere",
    "4.1 a case comes by one of four channels",
    "4.1 it states order, facts, reason, claim, contact and what proves it",
    "4.1 then the seller is served notice",
)

NEGOTIATION = (
    "4.1.3 the seller accepts, offers something else, or contests with grounds",
    "4.1.3 silence is an event and lets the buyer escalate, or escalates",
    "4.2 messages belong to the case",
    "4.2 either side offers, or the platform beside them; all answers are kept",
    "4.2 both confirm an agreement",
    "4.2 a case ends only when the agreement is performed",
    "4.2 what silence leads to is said in advance",
)

INVESTIGATION = (
    "4.3.1 either party, the buyer on silence, or the platform; the trigger is kept",
    "4.3.2 each side is asked with its own date and adds until then",
    "4.3.2 nine kinds of evidence",
    "4.3.2 a file has hash, size, type, sender and time",
    "4.3.2 each item is weighed for three things, admitted or excluded",
    "4.3.2 who proves first is an event with its rule",
    "4.3.3 third parties are asked and answer",
    "4.3.3 the time of an inspection does not count, and the pause is a fact",
)

RULING = (
    "4.3.4 liability is one of five",
    "4.3.4 one remedy or more, with who bears the freight",
    "4.3.4 penalties for the party in breach",
    "4.3.4 reasons lead from issue to rule, with evidence and burden",
    "4.3.4 how much a machine did, by which model",
    "4.3.4 any party may have a human decide again when none did",
    "4.3.4 texts in zh and en are rendered from the reasons",
    "4.3.5 delivery is an event with channel and time",
    "4.3.5 performance runs from service",
    "4.3.5 the result and its basis in writing",
)

PERFORMANCE = (
    "4.4.1 a remedy becomes obligations: who, what, how much, by when",
    "4.4.2 one side reports, the other confirms",
    "4.4.2 silence counts as confirmed",
    "4.4.3 a missed obligation, 24 voluntary hours, then the platform",
    "4.4.3 deduct, advance and recover, delay, no return, restrict",
    "4.4.3 success and failure are different facts",
    "4.4.4 a case closes on seven grounds and no others",
)

AFTERWARDS = (
    "4.4 both ask for a rest of thirty days at most",
    "4.4 one is at court or the police and proves it in seven working days",
    "4.4 resumption recomputes what is due",
    "4.4 each side appeals once, in seven days, with new evidence or an error",
    "4.4 another person decides",
    "4.4 upheld, varied or set aside",
    "4.4 the money of a changed ruling follows",
    "4.4 warning, restriction, suspension",
    "4.4 published in one working day with breach and measure, and so is its end",
    "4.4 reversed when the ruling is",
    "4.4 the effect on a seller's standing is visible, and reversed with the ruling",
)

LIMITS = (
    "5 the limits and their defaults",
    "5 evidence is extended once",
    "5 a complex ruling has fifteen days",
    "5 an inspection stops the clocks for thirty days at most",
    "5 calendar time, working days and business windows",
    "5 two more profiles show that nothing is hard-wired",
    "5 limits by category and reason, every error named on load",
    "5 a case is pinned to its version",
    "5 the transition rule is data",
    "5 the ledger of a case shows who was late, gross and net of pauses",
    "5 every deadline is explainable",
)

SENTENCES = (
    *ACCEPTANCE,
    *FILING,
    *NEGOTIATION,
    *INVESTIGATION,
    *RULING,
    *PERFORMANCE,
    *AFTERWARDS,
    *LIMITS,
)
