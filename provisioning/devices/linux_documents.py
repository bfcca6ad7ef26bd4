"""The documents of a router that runs Linux, read one by one: for a first look, with nothing of ours on it."""

import shlex

from provisioning.errors import AnswerNotUnderstood, DeviceRefused
from provisioning.model.device import Running
from provisioning.platforms.linux_cpe.digest import documents_digest
from provisioning.platforms.linux_cpe.documents import DOCUMENTS
from provisioning.ports import Session

ABSENT = 44
"""Exit code for a document that the router has not."""

END = b"end of document\n"


def read_documents(session: Session, serial: str) -> Running:
    """Return the documents that a router has, changing nothing on it.

    They are read one after the other: somebody who changes the router meanwhile may make them a set that never was.

    Args:
        session: on it, as root.
        serial: of the router, for errors.

    Raises:
        AnswerNotUnderstood: when an answer was cut.
        DeviceRefused: when a document cannot be read.
    """
    documents = {}
    for each in DOCUMENTS:
        path = shlex.quote(each.path)
        # The end may follow a file without a newline at its end, so it is taken off by its length.
        asked = f"[ -e {path} ] || exit {ABSENT}; cat {path} && echo {END.decode().strip()}"
        answer = session.run(asked)
        if answer.code == ABSENT:
            continue
        if answer.code:
            raise DeviceRefused(f"it does not let {each.path} be read", where=serial, remedy="Look at the router.")
        if not answer.output.endswith(END):
            raise AnswerNotUnderstood(
                f"its answer to a question for {each.path} was cut", where=serial, remedy="Try again."
            )
        documents[each.name] = answer.output.removesuffix(END).decode("utf-8", "surrogateescape")
    return Running(documents_digest(documents), documents)
