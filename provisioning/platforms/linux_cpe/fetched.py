"""The documents in what the helper on a router answers to `fetch`."""

import io
import tarfile

from provisioning.platforms.linux_cpe.digest import ORDER

END_OF_ARCHIVE = bytes(1024)
"""With which every tar archive ends (POSIX.1-2017, pax, "ustar Interchange Format"): without it, it was cut."""


def fetched_documents(answer: bytes) -> dict[str, str]:
    """Return documents by name, undecodable bytes as surrogates (`surrogateescape`).

    Args:
        answer: a tar archive.

    Raises:
        ValueError: when it is no archive, or was cut.
    """
    if not answer.endswith(END_OF_ARCHIVE):
        raise ValueError("the archive was cut")
    documents = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(answer)) as archive:
            for member in archive:
                name = member.name.removeprefix("./")
                file = archive.extractfile(member)
                if file is not None and name in ORDER:
                    documents[name] = file.read().decode("utf-8", "surrogateescape")
    except tarfile.TarError:
        raise ValueError("the answer is no archive") from None
    return documents
