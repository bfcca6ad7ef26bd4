"""Signatures that approve nothing: of another plan or purpose, spoilt, or held against a file that is no list."""

import os
from collections.abc import Callable
from dataclasses import replace

import pytest
from approvals import refused, signed, state_of
from planned_requests import keep_planned
from signers import Signers
from worlds import World

from provisioning.changes.approval_text import approval_text
from provisioning.errors import (
    EnvironmentTrouble,
    SigningUnable,
    UnreadableProject,
    UnreadableSignature,
)
from provisioning.model.change_request import RequestState
from provisioning.workflows.approve_change import approve_change, to_approve
from provisioning.workflows.surroundings import Changes, Surroundings


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
