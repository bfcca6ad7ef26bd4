"""`cisco_iosxe`, put together."""

from provisioning.platforms.cisco_iosxe.besides import lines_besides
from provisioning.platforms.cisco_iosxe.bootstrap import BOOTSTRAP
from provisioning.platforms.cisco_iosxe.canonical import canonical
from provisioning.platforms.cisco_iosxe.customer_settings import read_customer_settings
from provisioning.platforms.cisco_iosxe.digest import documents_digest
from provisioning.platforms.cisco_iosxe.documents import DOCUMENTS, PLATFORM
from provisioning.platforms.cisco_iosxe.login_passwords import with_login_passwords
from provisioning.platforms.cisco_iosxe.names import FIXED_BEARER, MOBILE_BEARER
from provisioning.platforms.cisco_iosxe.reading_intent import read_intent
from provisioning.platforms.cisco_iosxe.redaction import mask
from provisioning.platforms.cisco_iosxe.restoring import with_customer_settings, with_secrets
from provisioning.platforms.cisco_iosxe.way import way
from provisioning.platforms.router_line import BearerInterfaces
from provisioning.platforms.router_platform import RouterPlatform

CISCO_IOSXE = RouterPlatform(
    name=PLATFORM,
    bearers=BearerInterfaces(FIXED_BEARER, MOBILE_BEARER),
    documents=DOCUMENTS,
    bootstrap=BOOTSTRAP,
    digest=documents_digest,
    comparable=canonical,
    mask=mask,
    customer_settings=read_customer_settings,
    way=way,
    read_intent=read_intent,
    lines_besides=lines_besides,
    with_secrets=with_secrets,
    with_customer_settings=with_customer_settings,
    with_login_passwords=with_login_passwords,
)
