"""The numbers of the database's advisory locks, each for one use.

They stand in one place because a number that is used twice makes two uses wait for each
other: for ever, where one of them is a leader's.
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
SWEEPING = 7_243_013
FILE_AUDITING = 7_243_014
AUDITING_VIEWS = 7_243_015
DISPATCHING = 7_243_016
TAKING_BUNDLES = 7_243_020
ANSWERING = 7_243_021
REVOKING = 7_243_022
MAKING_KEYS = 7_243_023
REPLACING_KEYS = 7_243_024
