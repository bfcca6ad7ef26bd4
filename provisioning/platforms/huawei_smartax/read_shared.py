"""Reads what an OLT's ONTs share, into the parts that `shared` knows."""

from dataclasses import dataclass

from provisioning.platforms.huawei_smartax.answers import nothing_there
from provisioning.platforms.huawei_smartax.reading import Record, not_understood, only_record, records, whole
from provisioning.platforms.huawei_smartax.shared import content_of


@dataclass(frozen=True, slots=True)
class TrafficTable:
    """A traffic table; its content as `shared` knows it."""

    index: int
    name: str
    content: str


@dataclass(frozen=True, slots=True)
class DbaProfile:
    """A DBA profile; its content as `shared` knows it."""

    id: int
    name: str
    content: str


def read_traffic_table(page: str) -> TrafficTable | None:
    """Return the table of `display traffic table ip index N` or `… name NAME`; None when there is none.

    Raises:
        AnswerNotUnderstood: when the page makes no sense.
    """
    if nothing_there(page):
        return None
    found = only_record("traffic_table", page, ("INDEX", "NAME", "CIR", "PIR"))
    content = content_of((f"cir {found['CIR']}", f"pir {found['PIR']}"))
    return TrafficTable(int(found["INDEX"]), found["NAME"], content)


def read_dba_profile(page: str) -> DbaProfile | None:
    """Return the profile of `display dba-profile profile-name NAME`; None when there is none.

    Raises:
        AnswerNotUnderstood: when the page makes no sense.
    """
    if nothing_there(page):
        return None
    found = only_record("dba_profile", page, ("NAME", "ID", "TYPE", "MAX"))
    reserved = [f"{key.lower()} {found[key]}" for key in ("FIX", "ASSURE") if found[key] not in ("", "0", "-")]
    content = content_of((f"type {found['TYPE']}", f"max {found['MAX']}", *reserved))
    return DbaProfile(int(found["ID"]), found["NAME"], content)


def read_line_profile(page: str, dba: DbaProfile | None) -> str | None:
    """Return the content of `display ont-lineprofile gpon profile-name NAME`; None when there is none.

    Args:
        dba: the DBA profile that our line profiles name; the page has numbers only.

    Raises:
        AnswerNotUnderstood: when the page makes no sense.
    """
    if nothing_there(page):
        return None
    rows = records("line_profile", whole("line_profile", page, "Binding times"))
    if not rows or not all(each["NAME"] for each in rows):
        raise not_understood("line profile", page, "no T-CONT in it")
    return content_of(tuple(part for row in rows if (part := _line_part(row, dba))))


def _line_part(row: Record, dba: DbaProfile | None) -> str:
    if row["DBA_ID"]:
        if row["TCONT"] == "0":  # the OLT's own, for managing the ONT
            return ""
        ours = dba is not None and row["DBA_ID"] == str(dba.id)
        return f"tcont {row['TCONT']} " + (
            f"dba-profile-name {dba.name}" if ours and dba else f"dba-profile-id {row['DBA_ID']}"
        )
    if row["GEM_HERE"]:
        return f"gem add {row['GEM']} eth tcont {row['TCONT']}"
    rest = "" if set(row["REST"].split()) <= {"-"} else f" {' '.join(row['REST'].split())}"
    return f"gem mapping {row['GEM']} {row['MAPPING']} vlan {row['VLAN']}{rest}"


def read_service_profile(page: str) -> str | None:
    """Return the content of `display ont-srvprofile gpon profile-name NAME`; None when there is none.

    Raises:
        AnswerNotUnderstood: when the page makes no sense.
    """
    if nothing_there(page):
        return None
    rows = records("service_profile", whole("service_profile", page, "Binding times"))
    ports = {row["KIND"].lower(): row["PORTS"] for row in rows if row["KIND"]}
    if "eth" not in ports or "pots" not in ports or not all(each["NAME"] for each in rows):
        raise not_understood("service profile", page, "it does not say which ports the ONT has")
    has = [
        f"{kind} {ports[kind]}"
        for kind in ("pots", "eth", "vdsl", "tdm", "moca", "catv")
        if ports.get(kind, "0") != "0"
    ]
    parts = [f"ont-port {' '.join(has)}"] if has else []
    parts += [_port_vlan(row) for row in rows if row["HOW"]]
    return content_of(tuple(parts))


def _port_vlan(row: Record) -> str:
    port = f"port vlan {row['PORT_TYPE'].lower()} {row['PORT_ID']}"
    if row["HOW"].lower() == "translation" and row["SVLAN"] == row["CVLAN"]:
        return f"{port} {row['SVLAN']}"
    return f"{port} {row['HOW'].lower()} {row['SVLAN']} user-vlan {row['CVLAN']}"
