"""Why a drill is refused: each reason with its stable code (docs/failover.md)."""

from typing import Final

from provisioning.model.finding import Codes

CODES: Final = Codes()

NOT_READY = CODES.refusal("not-ready", "the mobile back-up is not ready", "I-6.1")
INCIDENT_OPEN = CODES.refusal("incident-open", "the line has an open incident", "I-6.5")
OUTSIDE_WINDOW = CODES.refusal("outside-window", "it is not the agreed period, or too little of it is left")
NOT_TOLD = CODES.refusal("not-told", "the customer was not told, or not early enough")
BUSY = CODES.refusal("busy", "a change or another drill is at work on the line")
NO_BACKUP = CODES.refusal("no-backup", "the line has no mobile back-up", "I-6.1")
CUT_IMPOSSIBLE = CODES.refusal("cut-impossible", "the router's platform cannot make such a cut")
