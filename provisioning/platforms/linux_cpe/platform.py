"""`linux_cpe`, put together."""

from provisioning.platforms.linux_cpe.besides import lines_besides
from provisioning.platforms.linux_cpe.bootstrap import BOOTSTRAP
from provisioning.platforms.linux_cpe.customer_settings import read_customer_settings
from provisioning.platforms.linux_cpe.digest import documents_digest
from provisioning.platforms.linux_cpe.documents import DOCUMENTS, PLATFORM
from provisioning.platforms.linux_cpe.login_passwords import with_login_passwords
from provisioning.platforms.linux_cpe.names import FIXED_BEARER, MOBILE_BEARER
from provisioning.platforms.linux_cpe.reading_intent import read_intent
from provisioning.platforms.linux_cpe.redaction import mask
from provisioning.platforms.linux_cpe.restoring import with_customer_settings, with_secrets
from provisioning.platforms.linux_cpe.way import way
from provisioning.platforms.router_line import BearerInterfaces
from provisioning.platforms.router_platform import RouterPlatform


def _whole(_name: str, text: str) -> str:
    # Every document is wholly ours.
    return text


LINUX_CPE = RouterPlatform(
    name=PLATFORM,
    bearers=BearerInterfaces(FIXED_BEARER, MOBILE_BEARER),
    documents=DOCUMENTS,
    bootstrap=BOOTSTRAP,
    digest=documents_digest,
    comparable=_whole,
    mask=mask,
    customer_settings=read_customer_settings,
    way=way,
    read_intent=read_intent,
    lines_besides=lines_besides,
    with_secrets=with_secrets,
    with_customer_settings=with_customer_settings,
    with_login_passwords=with_login_passwords,
)
