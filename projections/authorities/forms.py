"""All forms of authorities, by the names under which they are asked for."""

from __future__ import annotations

from collections.abc import Mapping

from projections.authorities.adr_activity import ADR
from projections.authorities.authority_form import AuthorityForm
from projections.authorities.cn12315_year import CN12315
from projections.authorities.dsa_complaints import DSA
from projections.authorities.p2b_complaints import P2B

FORMS: Mapping[str, AuthorityForm] = {
    "dsa": DSA,
    "adr": ADR,
    "p2b": P2B,
    "cn12315": CN12315,
}
