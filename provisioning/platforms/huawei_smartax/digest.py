"""One ONT's service as text, and its digest. Neither run state nor the index of a service-port is in it."""

import hashlib

from provisioning.model.ont import OntService


def service_text(service: OntService | None) -> str:
    """Return what an ONT has as text, a line each, for people and for comparing."""
    if service is None:
        return ""
    passes = (
        f"service-port vlan {service.vlan} down {service.down_table or '-'} up {service.up_table or '-'}"
        if service.service_port
        else "no service-port"
    )
    lines = (
        f"serial {service.serial}",
        f"line {service.line}",
        f"line-profile {service.line_profile}",
        f"service-profile {service.service_profile}",
        f"user-vlan {service.user_vlan or '-'}",
        "active" if service.active else "deactivated",
        passes,
        *(f"other: {each}" for each in service.others),
    )
    return "".join(f"{each}\n" for each in lines)


def service_digest(service: OntService | None) -> str:
    """Return the SHA-256 of what an ONT has, in hexadecimal digits; None, no ONT, has one of its own."""
    return hashlib.sha256(service_text(service).encode()).hexdigest()
