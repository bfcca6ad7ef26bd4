"""`cisco_iosxe`, put together."""

from provisioning.platforms.cisco_iosxe.besides import lines_besides
from provisioning.platforms.cisco_iosxe.bootstrap import BOOTSTRAP
from provisioning.platforms.cisco_iosxe.canonical import canonical
from provisioning.platforms.cisco_iosxe.customer_settings import read_customer_settings
from provisioning.platforms.cisco_iosxe.digest import documents_digest
from provisioning.platforms.cisco_iosxe.documents import DOCUMENTS, PLATFORM, ios_line
from provisioning.platforms.cisco_iosxe.ios_line import IosLine
from provisioning.platforms.cisco_iosxe.reading_intent import read_intent
from provisioning.platforms.cisco_iosxe.redaction import mask
from provisioning.platforms.cisco_iosxe.way import way
from provisioning.platforms.router_platform import RouterPlatform

CISCO_IOSXE: RouterPlatform[IosLine] = RouterPlatform(
    name=PLATFORM,
    line=ios_line,
    documents=DOCUMENTS,
    bootstrap=BOOTSTRAP,
    digest=documents_digest,
    comparable=canonical,
    mask=mask,
    customer_settings=read_customer_settings,
    way=way,
    read_intent=read_intent,
    lines_besides=lines_besides,
)
