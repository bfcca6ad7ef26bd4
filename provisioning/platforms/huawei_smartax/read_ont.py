"""Reads what an OLT knows of ONTs: `display ont info …`, `display ont autofind all`."""

from dataclasses import dataclass

from provisioning.errors import CannotEncode
from provisioning.platforms.huawei_smartax import encoders
from provisioning.platforms.huawei_smartax.answers import nothing_there
from provisioning.platforms.huawei_smartax.reading import Record, complete, not_understood, only_record, records, whole

_ACTIVE = {"active": True, "configuring": True, "deactive": False, "deactivated": False}
"""Control flags; `configuring` passes while the OLT tells the ONT what it shall be."""

_ONLINE = {"online": True, "offline": False, "-": False}

_NEEDED = ("FSP", "ONT_ID", "CONTROL_FLAG", "RUN_STATE", "SERIAL", "LINE_PROFILE", "SERVICE_PROFILE")


@dataclass(frozen=True, slots=True)
class OntInfo:
    """An ONT as the OLT tells of it.

    Attributes:
        port: frame/slot/port.
    """

    port: str
    ont_id: int
    serial: str
    description: str
    line_profile: str
    service_profile: str
    active: bool
    online: bool


def read_ont(page: str) -> OntInfo | None:
    """Return the ONT of `display ont info F S P ID`; None when there is none.

    Raises:
        AnswerNotUnderstood: when the page makes no sense.
    """
    if nothing_there(page):
        return None
    return _ont(only_record("ont_info", page, _NEEDED), page)


def read_onts(page: str) -> tuple[OntInfo, ...]:
    """Return the ONTs of `display ont info by-sn SN`.

    Raises:
        AnswerNotUnderstood: when the page makes no sense.
    """
    if nothing_there(page):
        return ()
    found = complete(records("ont_info", whole("ont_info", page)), _NEEDED, "ont_info", page)
    if not found:
        raise not_understood("ont_info", page, "no ONT in it")
    return tuple(_ont(each, page) for each in found)


def read_found(page: str) -> tuple[tuple[str, str], ...]:
    """Return port and serial of each ONT of `display ont autofind all`.

    Raises:
        AnswerNotUnderstood: when the page makes no sense.
    """
    if nothing_there(page):
        return ()
    found = complete(records("autofind", whole("autofind", page)), ("FSP", "SERIAL"), "autofind", page)
    if not found:
        raise not_understood("autofind", page, "no ONT in it")
    return tuple((_port(each), encoders.serial_text(each["SERIAL"])) for each in found)


def _ont(record: Record, page: str) -> OntInfo:
    try:
        return OntInfo(
            port=_port(record),
            ont_id=int(record["ONT_ID"]),
            serial=encoders.serial_text(record["SERIAL"]),
            description=record["DESCRIPTION"],
            line_profile=record["LINE_PROFILE"],
            service_profile=record["SERVICE_PROFILE"],
            active=_ACTIVE[record["CONTROL_FLAG"].lower()],
            online=_ONLINE[record["RUN_STATE"].lower()],
        )
    except (KeyError, CannotEncode) as error:
        raise not_understood("ont_info", page, str(error)) from None


def _port(record: Record) -> str:
    return "".join(record["FSP"].split())
