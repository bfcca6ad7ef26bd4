"""`linux_cpe`, put together."""

from provisioning.platforms.linux_cpe.besides import lines_besides
from provisioning.platforms.linux_cpe.bootstrap import BOOTSTRAP
from provisioning.platforms.linux_cpe.cpe_line import CpeLine
from provisioning.platforms.linux_cpe.customer_settings import read_customer_settings
from provisioning.platforms.linux_cpe.digest import documents_digest
from provisioning.platforms.linux_cpe.documents import DOCUMENTS, PLATFORM, cpe_line
from provisioning.platforms.linux_cpe.reading_intent import read_intent
from provisioning.platforms.linux_cpe.redaction import mask
from provisioning.platforms.linux_cpe.way import way
from provisioning.platforms.router_platform import RouterPlatform


def _whole(_name: str, text: str) -> str:
    # Every document is wholly ours.
    return text


LINUX_CPE: RouterPlatform[CpeLine] = RouterPlatform(
    name=PLATFORM,
    line=cpe_line,
    documents=DOCUMENTS,
    bootstrap=BOOTSTRAP,
    digest=documents_digest,
    comparable=_whole,
    mask=mask,
    customer_settings=read_customer_settings,
    way=way,
    read_intent=read_intent,
    lines_besides=lines_besides,
)
