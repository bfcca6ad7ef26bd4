"""What a customer is told of a drill of his mobile back-up, in his language: plain text, for a mail."""

from provisioning.model.drill import Announcement
from provisioning.reports.customer_message import CustomerMessage
from provisioning.reports.visible import one_line
from provisioning.reports.words import Language, Words, message


def announcement_message(announcement: Announcement, to: str, *, seconds: int) -> CustomerMessage:
    """Return the message that tells of a period in which a line may be drilled.

    Args:
        to: whom it is for.
        seconds: how long the fixed line is cut.
    """
    words = Words(_language(announcement.language))
    paragraphs = [
        words.text(message("Line: %(line)s."), line=announcement.line),
        words.text(
            message("Between %(opens)s and %(closes)s we test the mobile back-up of your line."),
            opens=words.minute(announcement.opens_at),
            closes=words.minute(announcement.closes_at),
        ),
        words.text(
            message(
                "We cut the fixed line on purpose, for about %(seconds)s seconds. Your traffic then goes over the "
                "mobile network with the same addresses, and returns by itself once the fixed line is stable again. "
                "When it moves, there may be a gap of about a second; on mobile your line may be slower."
            ),
            seconds=words.number(seconds),
        ),
        words.text(message("Telephony is not carried on the mobile network: during the test it may be interrupted.")),
        words.text(message("You have nothing to do. Please leave your router switched on.")),
    ]
    if announcement.agreed_with:
        agreed = message("This was agreed with %(representative)s.")
        paragraphs.append(words.text(agreed, representative=one_line(announcement.agreed_with)))
    subject = words.text(message("Test of your mobile back-up: line %(line)s"), line=announcement.line)
    return CustomerMessage(one_line(to), words.language, subject, "\n\n".join(paragraphs) + "\n")


def withdrawal_message(announcement: Announcement, to: str, *, seconds: int) -> CustomerMessage:
    """Return the message that tells that a test does not take place; arguments as for the announcement."""
    words = Words(_language(announcement.language))
    paragraphs = [
        words.text(message("Line: %(line)s."), line=announcement.line),
        words.text(
            message("The test of your mobile back-up between %(opens)s and %(closes)s does not take place."),
            opens=words.minute(announcement.opens_at),
            closes=words.minute(announcement.closes_at),
        ),
    ]
    subject = words.text(message("Test of your mobile back-up cancelled: line %(line)s"), line=announcement.line)
    return CustomerMessage(one_line(to), words.language, subject, "\n\n".join(paragraphs) + "\n")


def _language(written: str) -> Language:
    match written:
        case "fr" | "nl":
            return written
        case _:
            return "en"
