"""Approvals by signatures of the real `ssh-keygen`: who may, for what, when, and what is refused with its reason."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from approvals import ALICE, history, refused, signed, state_of
from planned_requests import REQUESTER, add_line, add_request, keep_planned
from signers import Signers
from worlds import World

from provisioning.changes.approval_text import NAMESPACE
from provisioning.model.audit import Actor
from provisioning.model.change_request import RequestState
from provisioning.workflows.approve_change import approve_change, to_approve
from provisioning.workflows.hold_approval import need_valid
from provisioning.workflows.surroundings import Changes, Surroundings


def test_a_signature_of_somebody_who_may_approves(around: Surroundings, signers: Signers, request_id: str) -> None:
    asked = to_approve(request_id, around)
    assert asked.text == f"I approve this change.\nrequest: {request_id}\nplan: sha256:{asked.plan.digest}\n"
    found = approve_change(request_id, signers.sign("alice", asked.text), around)
    assert (found.approval.principal, found.approval.role, found.already) == (ALICE, NAMESPACE, False)
    assert found.approval.plan_digest == asked.plan.digest
    assert state_of(around, request_id) is RequestState.APPROVED
    assert history(around, request_id) == ["change submit", "change plan", "change approve"]
    need_valid(request_id, around)


def test_asked_again_the_answer_is_the_same(around: Surroundings, signers: Signers, request_id: str) -> None:
    signers.allow(signers.entry(ALICE, "alice"), signers.entry("bob@isp.example", "bob"))
    signature = signed(around, signers, request_id)
    first = approve_change(request_id, signature, around)
    again = approve_change(request_id, signature.replace("\n", "\r\n"), around)
    other = approve_change(request_id, signed(around, signers, request_id, "bob"), around)
    assert (again.approval, other.approval) == (first.approval, first.approval)
    assert (again.already, other.already) == (True, True)
    assert history(around, request_id).count("change approve") == 1


def test_a_signature_of_anybody_else_is_refused(around: Surroundings, signers: Signers, request_id: str) -> None:
    error = refused(around, request_id, signed(around, signers, request_id, "eve"))
    assert "is not one of those who may approve" in error.what
    assert error.where == str(signers.file)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (f'namespaces="{NAMESPACE}",valid-before="20261122"', "has expired"),
        (f'namespaces="{NAMESPACE}",valid-after="20261201"', "is not valid yet"),
        ('namespaces="git"', "may not sign for"),
        ("", "stands there without a role, in line 3"),
        ('valid-after="20200101"', "stands there without a role, in line 3"),
    ],
)
def test_an_entry_holds_at_its_time_and_for_its_role_only(
    around: Surroundings, signers: Signers, request_id: str, options: str, reason: str
) -> None:
    signers.allow(signers.entry(ALICE, "alice", options))
    told = refused(around, request_id, signed(around, signers, request_id)).what
    assert reason in told
    assert "missing key" not in told  # what ssh-keygen says of empty lines


@pytest.mark.parametrize(
    "options",
    [
        f'valid-after="20261101",valid-before="20261201",namespaces="{NAMESPACE}"',
        f'NAMESPACES="git,{NAMESPACE}"',
        'namespaces="change-*"',
    ],
)
def test_options_of_an_entry_are_read_as_ssh_keygen_reads_them(
    around: Surroundings, signers: Signers, request_id: str, options: str
) -> None:
    signers.allow("", f"no entry at all {NAMESPACE}", signers.entry(f'"{ALICE}"', "alice", options))
    assert approve_change(request_id, signed(around, signers, request_id), around).approval.principal == ALICE


def test_a_certificate_of_an_authority_approves_for_its_principal(
    around: Surroundings, signers: Signers, request_id: str
) -> None:
    signers.allow(signers.entry("*@isp.example", "authority", f'cert-authority,namespaces="{NAMESPACE}"'))
    signers.certify("authority", "carol", "carol@isp.example")
    signers.certify("authority", "jan", "jan@isp.example")
    signers.certify("authority", "late", "late@isp.example", validity="20200101:20200201")
    text = to_approve(request_id, around).text
    assert "may not approve it" in refused(around, request_id, signers.sign_certified("jan", text)).what
    refused(around, request_id, signers.sign_certified("late", text))
    found = approve_change(request_id, signers.sign_certified("carol", text), around)
    assert found.approval.principal == "carol@isp.example"
    need_valid(request_id, around)


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
@pytest.mark.parametrize(
    ("principals", "identity", "plain"),
    [
        (("approvers@isp.example", "jan"), "card 7", ""),
        (("approvers@isp.example",), "jan@laptop", ""),
        (("approvers@isp.example",), "card 7", "jan"),
    ],
)
def test_whatever_a_certificate_says_is_a_name_of_its_owner(
    around: Surroundings,
    signers: Signers,
    request_id: str,
    kind: str,
    principals: tuple[str, ...],
    identity: str,
    plain: str,
) -> None:
    """Where principals are roles, the key id tells who it is."""
    authority = signers.entry("approvers@*", "authority", f'cert-authority,namespaces="{NAMESPACE}"')
    signers.key("somebody", kind)
    signers.allow(authority, signers.entry(plain or "other", "somebody", 'namespaces="git"'))
    signers.certify("authority", "somebody", *principals, identity=identity)
    signature = signers.sign_certified("somebody", to_approve(request_id, around).text)
    assert "jan" in refused(around, request_id, signature).what
    signers.allow(authority)
    signers.certify("authority", "somebody", "approvers@isp.example", identity="an")
    signature = signers.sign_certified("somebody", to_approve(request_id, around).text)
    assert approve_change(request_id, signature, around).approval.principal == "approvers@isp.example"


def test_two_at_once_approve_once(world_on_disk: World, signers: Signers) -> None:
    signers.allow(signers.entry(ALICE, "alice"), signers.entry("bob@isp.example", "bob"))
    around = replace(world_on_disk.around, changes=Changes(signers.file))
    identifier = add_request(world_on_disk.store, add_line(world_on_disk))
    keep_planned(world_on_disk.store, identifier)
    signatures = [signed(around, signers, identifier, person) for person in ("alice", "bob", "alice", "bob")]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda each: approve_change(identifier, each, around), signatures))
    assert len({each.approval for each in found}) == 1
    assert history(around, identifier).count("change approve") == 1


def test_a_pattern_at_a_plain_key_names_nobody(around: Surroundings, signers: Signers, request_id: str) -> None:
    signers.allow(signers.entry("*@isp.example", "alice"))
    assert "names nobody" in refused(around, request_id, signed(around, signers, request_id)).what


@pytest.mark.parametrize(
    "principals",
    ["jan", "jan@isp.example", "Jan@ISP.example", "jan+ssh@isp.example", f"{ALICE},jan", REQUESTER, REQUESTER.upper()],
)
def test_whoever_asked_cannot_approve(
    around: Surroundings, signers: Signers, request_id: str, principals: str
) -> None:
    signers.allow(signers.entry(principals, "alice"))
    error = refused(around, request_id, signed(around, signers, request_id))
    assert "who submitted it or asks for it" in error.what


def test_a_second_name_for_the_same_key_is_no_way_round(
    around: Surroundings, signers: Signers, request_id: str
) -> None:
    signers.allow(signers.entry(ALICE, "jan"), signers.entry("jan@isp.example", "jan", 'namespaces="git"'))
    assert "jan@isp.example" in refused(around, request_id, signed(around, signers, request_id, "jan")).what


def test_whoever_came_by_sudo_is_known_by_his_own_account(
    world: World, around: Surroundings, signers: Signers
) -> None:
    submitter = Actor("proviso", "desk.isp.example as alice")
    identifier = add_request(world.store, add_line(world), submitter=submitter)
    keep_planned(world.store, identifier)
    assert to_approve(identifier, around).accounts == ("proviso", "alice")
    assert "who submitted it" in refused(around, identifier, signed(around, signers, identifier)).what


def test_the_same_name_elsewhere_is_somebody_else(around: Surroundings, signers: Signers, request_id: str) -> None:
    """The requester is a customer: whoever has his name with the operator is another person."""
    signers.allow(signers.entry("contact@isp.example", "alice"))
    assert approve_change(request_id, signed(around, signers, request_id), around).approval.principal
