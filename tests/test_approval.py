"""Approvals by signatures of the real `ssh-keygen`: who may, for what, when, and what is refused with its reason."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from planned_requests import REQUESTER, add_line, add_request, keep_planned
from signers import Signers
from sqlalchemy import text as sql
from worlds import NOON, World

from provisioning.changes.approval_text import NAMESPACE, approval_text
from provisioning.errors import (
    ApprovalRefused,
    EnvironmentTrouble,
    PlanVoid,
    Refused,
    SigningUnable,
    UnknownName,
    UnreadableProject,
    UnreadableSignature,
)
from provisioning.model.audit import Actor
from provisioning.model.change_request import ChangeAction, RequestState
from provisioning.store import audit, change_approvals, change_requests
from provisioning.workflows.approve_change import approve_change, to_approve
from provisioning.workflows.hold_approval import need_valid
from provisioning.workflows.surroundings import Changes, Surroundings

ALICE = "alice@isp.example"


@pytest.fixture
def signers(tmp_path: Path) -> Signers:
    made = Signers(tmp_path)
    made.allow(made.entry(ALICE, "alice"))
    return made


@pytest.fixture
def around(world: World, signers: Signers) -> Surroundings:
    return replace(world.around, changes=Changes(signers.file), actor=Actor("desk", "desk.isp.example"))


@pytest.fixture
def request_id(world: World) -> str:
    identifier = add_request(world.store, add_line(world))
    keep_planned(world.store, identifier)
    return identifier


def state_of(around: Surroundings, identifier: str) -> RequestState:
    with around.store.read() as connection:
        return change_requests.need_request(connection, identifier).state


def history(around: Surroundings, identifier: str) -> list[str]:
    with around.store.read() as connection:
        return [each.action for each in audit.entries(connection, subject=identifier)]


def signed(around: Surroundings, signers: Signers, identifier: str, person: str = "alice") -> str:
    return signers.sign(person, to_approve(identifier, around).text)


def refused(around: Surroundings, identifier: str, signature: str) -> ApprovalRefused:
    """Return why a signature approves nothing; the request waits on, and the attempt is on record."""
    with pytest.raises(ApprovalRefused) as error:
        approve_change(identifier, signature, around)
    assert state_of(around, identifier) is RequestState.PLANNED
    assert history(around, identifier)[-1] == "change approve refused"
    return error.value


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
    assert reason in refused(around, request_id, signed(around, signers, request_id)).what


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


def test_a_signature_over_an_earlier_plan_says_which(
    world: World, around: Surroundings, signers: Signers, request_id: str
) -> None:
    earlier = to_approve(request_id, around)
    now = keep_planned(world.store, request_id, base="e" * 64)
    assert now.digest != earlier.plan.digest
    error = refused(around, request_id, signers.sign("alice", earlier.text))
    assert error.what == f"it signs plan {earlier.plan.digest}, which holds no more; now it is plan {now.digest}"


@pytest.mark.parametrize("text", ["", "yes\n", approval_text("C-2", "f" * 64)])
def test_a_signature_over_something_else_is_refused(
    around: Surroundings, signers: Signers, request_id: str, text: str
) -> None:
    assert "it signs something else than plan" in refused(around, request_id, signers.sign("alice", text)).what


def test_a_signature_for_another_purpose_is_refused(around: Surroundings, signers: Signers, request_id: str) -> None:
    signature = signers.sign("alice", to_approve(request_id, around).text, "git")
    assert "it is signed for 'git'" in refused(around, request_id, signature).what


def spoilt(how: Callable[[list[str]], list[str]]) -> Callable[[str], str]:
    return lambda signature: "\n".join(how(signature.splitlines()))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: "",
        lambda _: "yes",
        lambda _: "\x00\xff" * 100,
        lambda signature: signature * 2,
        lambda signature: "x" * 70_000 + signature,
        spoilt(lambda lines: lines[1:]),
        spoilt(lambda lines: lines[:-1]),
        spoilt(lambda lines: [lines[0], "AAAA", lines[-1]]),
        spoilt(lambda lines: [lines[0], "U1NIU0lHAAAAAQAAADM=", lines[-1]]),
        spoilt(lambda lines: [lines[0], "é", lines[-1]]),
    ],
)
def test_what_is_no_signature_is_bad_input(
    around: Surroundings, signers: Signers, request_id: str, spoil: Callable[[str], str]
) -> None:
    with pytest.raises(UnreadableSignature):
        approve_change(request_id, spoil(signed(around, signers, request_id)), around)
    assert state_of(around, request_id) is RequestState.PLANNED


def test_a_signature_whose_end_was_changed_is_refused(around: Surroundings, signers: Signers, request_id: str) -> None:
    lines = signed(around, signers, request_id).splitlines()
    lines[-2] = lines[-2][:10] + ("A" if lines[-2][10] != "A" else "B") + lines[-2][11:]
    refused(around, request_id, "\n".join(lines))


def test_without_allowed_signers_nobody_may(around: Surroundings, signers: Signers, request_id: str) -> None:
    signature = signed(around, signers, request_id)
    with pytest.raises(UnreadableProject, match="nobody may approve"):
        approve_change(request_id, signature, replace(around, changes=Changes()))
    with pytest.raises(UnreadableSignature, match="no such file"):
        approve_change(request_id, signature, replace(around, changes=Changes(signers.folder / "none")))
    with pytest.raises(UnreadableSignature, match="directory"):
        approve_change(request_id, signature, replace(around, changes=Changes(signers.folder)))


def test_a_file_that_is_no_list_of_signers_is_refused(around: Surroundings, signers: Signers, request_id: str) -> None:
    signature = signed(around, signers, request_id)
    signers.file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableSignature, match="no file of allowed signers"):
        approve_change(request_id, signature, around)


def test_a_file_that_everybody_may_write_is_not_trusted(
    around: Surroundings, signers: Signers, request_id: str
) -> None:
    signature = signed(around, signers, request_id)
    signers.file.chmod(0o666)
    with pytest.raises(EnvironmentTrouble, match="everybody may write"):
        approve_change(request_id, signature, around)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_we_may_not_read_is_told(around: Surroundings, signers: Signers, request_id: str) -> None:
    signature = signed(around, signers, request_id)
    signers.file.chmod(0)
    with pytest.raises(EnvironmentTrouble, match="permission denied"):
        approve_change(request_id, signature, around)


def test_an_absent_ssh_keygen_is_told(
    around: Surroundings, signers: Signers, request_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    signature = signed(around, signers, request_id)
    monkeypatch.setenv("PATH", str(signers.folder))
    with pytest.raises(SigningUnable, match="not installed"):
        approve_change(request_id, signature, around)


def test_an_old_ssh_keygen_is_told(
    around: Surroundings, signers: Signers, request_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    signature = signed(around, signers, request_id)
    program = signers.folder / "ssh-keygen"
    program.write_text("#!/bin/sh\necho 'ssh-keygen: unknown option -- Y' >&2\nexit 1\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(signers.folder))
    with pytest.raises(SigningUnable, match="does not know signatures"):
        approve_change(request_id, signature, around)


def test_only_what_is_planned_can_be_approved(world: World, around: Surroundings, signers: Signers) -> None:
    identifier = add_request(world.store, add_line(world))
    with pytest.raises(Refused, match="it has no plan") as error:
        to_approve(identifier, around)
    assert error.value.remedy == f"`proviso change plan {identifier}`."
    with pytest.raises(UnknownName):
        to_approve("C-77", around)
    keep_planned(world.store, identifier)
    signature = signed(around, signers, identifier)
    with world.store.write() as connection:
        change_requests.enter_state(
            connection, identifier, RequestState.CANCELLED, at=NOON, actor=around.actor, action="change cancel"
        )
    with pytest.raises(Refused, match="it is cancelled"):
        approve_change(identifier, signature, around)


def test_a_request_that_follows_from_another_is_covered(
    world: World, around: Surroundings, signers: Signers, request_id: str
) -> None:
    approve_change(request_id, signed(around, signers, request_id), around)
    with world.store.read() as connection:
        line = change_requests.need_request(connection, request_id).line
    approved = RequestState.APPROVED
    follows = add_request(world.store, line, 2, action=ChangeAction.CLOSE_PORT, state=approved, parent=request_id)
    opens = add_request(world.store, line, 3, state=approved, parent=request_id)
    with pytest.raises(Refused, match=f"it follows from {request_id}"):
        to_approve(follows, around)
    need_valid(follows, around)
    with pytest.raises(PlanVoid, match="does not follow"):
        need_valid(opens, around)


TAMPERED = {
    "approval of nobody": "update change_approval set signature = ''",
    "approval of another plan": f"update change_approval set plan_digest = '{'0' * 64}'",
    "other steps": 'update change_plan set plan = replace(plan, \'"task": "prove"\', \'"task": "wait"\')',
    "other line": "update change_plan set plan = replace(plan, 'LX1001', 'LX1002')",
    "other content": "update change_request set content = replace(content, '8443', '22')",
}


@pytest.mark.parametrize("statement", TAMPERED.values(), ids=TAMPERED)
def test_what_was_written_past_the_commands_is_not_carried_out(
    world: World, around: Surroundings, signers: Signers, request_id: str, statement: str
) -> None:
    approve_change(request_id, signed(around, signers, request_id), around)
    with world.store.write() as connection:
        connection.execute(sql(statement))
    with pytest.raises(PlanVoid):
        need_valid(request_id, around)


def test_an_approval_outlives_its_key_and_not_the_trust_in_it(
    world: World, around: Surroundings, signers: Signers, request_id: str
) -> None:
    signers.allow(signers.entry(ALICE, "alice", f'namespaces="{NAMESPACE}",valid-before="20261201"'))
    approve_change(request_id, signed(around, signers, request_id), around)
    world.clock.move(days=60)
    need_valid(request_id, around)
    signers.allow(signers.entry("bob@isp.example", "bob"))
    with pytest.raises(PlanVoid, match="its approval does not hold"):
        need_valid(request_id, around)


def test_a_voided_approval_is_kept_and_holds_no_more(
    world: World, around: Surroundings, signers: Signers, request_id: str
) -> None:
    signature = signed(around, signers, request_id)
    approve_change(request_id, signature, around)
    with world.store.write() as connection:
        assert change_approvals.void_approval(connection, request_id, reason="the router moved", now=NOON)
        assert not change_approvals.void_approval(connection, request_id, reason="again", now=NOON)
    keep_planned(world.store, request_id)
    found = approve_change(request_id, signature, around)
    assert not found.already
    with world.store.read() as connection:
        kept = change_approvals.approvals_of(connection, request_id)
    assert [each.void_reason for each in kept] == ["the router moved", ""]
