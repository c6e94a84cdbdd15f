"""The advisory locks of the database, each for one thing.

A number used twice makes two parts wait for each other, for ever where one leads.
"""

from __future__ import annotations

MIGRATING = 7_243_001
SEQUENCING = 7_243_002
LOG_BUILDING = 7_243_003
SIGNING = 7_243_004
AUDITING = 7_243_005
COLLECTING = 7_243_006
ACCESS_LOGGING = 7_243_007
ERASING = 7_243_008
ACCESS_SEALING = 7_243_009
STANDINGS = 7_243_010
MAKING_VIEWS = 7_243_011
REBUILDING = 7_243_012
TAKING_BUNDLES = 7_243_020
