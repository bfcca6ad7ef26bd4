"""`proviso change approve`: the approver sees what he approves, and signs it here or elsewhere."""

import json
import os
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from labs import eventually
from planned_requests import add_line, add_request, keep_planned
from signers import Signers, ssh_keygen
from worlds import Answer, Command, World

from provisioning.changes.approval_text import NAMESPACE


@pytest.fixture
def signers(tmp_path: Path) -> Signers:
    (tmp_path / "keys").mkdir()
    made = Signers(tmp_path / "keys")
    made.allow(made.entry("alice@isp.example", "alice"))
    return made


@pytest.fixture
def identifier(world_on_disk: World) -> str:
    found = add_request(world_on_disk.store, add_line(world_on_disk))
    keep_planned(world_on_disk.store, found)
    return found


class Approve:
    """The command, for people who sign."""

    def __init__(self, state: Path, signers: Signers) -> None:
        self.command, self.signers = Command(state), signers

    def __call__(self, *arguments: str | Path, stdin: bytes | None = None, **more: str) -> Answer:
        environment = {"PROVISO_ALLOWED_SIGNERS_FILE": str(self.signers.file), "PROVISO_SYSLOG": "", **more}
        return self.command("change", "approve", *arguments, environment=environment, stdin=stdin)


@pytest.fixture
def approve(world_on_disk: World, signers: Signers) -> Approve:
    return Approve(Path(world_on_disk.store.where).parent, signers)


def test_without_options_it_shows_what_would_be_approved(approve: Approve, identifier: str) -> None:
    answer = approve(identifier)
    assert (answer.code, answer.stderr) == (0, "")
    for each in (
        "tcp dport 8443 accept",
        "tcp/8443 to 192.168.1.2",
        "contact@example.org",
        "submitted by",
        f"proviso change approve {identifier} --key KEY",
        f"ssh-keygen -Y sign -n {NAMESPACE} -f KEY {identifier}.txt",
    ):
        assert each in answer.stdout
    found = approve(identifier, "--json").json
    assert found["text"] == approve(identifier, "--text").stdout
    assert (found["request"], found["state"], found["approved_by"]) == (identifier, "planned", None)
    assert found["plan"]["digest"] in found["text"]
    assert "contact@example.org" in found["not_by"]


def test_it_is_signed_here(approve: Approve, signers: Signers, identifier: str) -> None:
    answer = approve(identifier, "--key", signers.key("alice"), "--json")
    assert answer.code == 0, answer.stderr
    assert (answer.json["principal"], answer.json["role"], answer.json["already"]) == (
        "alice@isp.example", NAMESPACE, False,
    )  # fmt: skip
    again = approve(identifier, "--key", signers.key("alice"))
    assert (again.code, "is already approved by alice@isp.example" in again.stdout) == (0, True)
    assert "It is approved, by alice@isp.example." in approve(identifier).stdout


@pytest.mark.parametrize("piped", [False, True])
def test_it_is_signed_elsewhere(
    approve: Approve, signers: Signers, identifier: str, tmp_path: Path, piped: bool
) -> None:
    """The very commands that it shows."""
    file = tmp_path / f"{identifier}.txt"
    file.write_text(approve(identifier, "--text").stdout)
    ssh_keygen("-q", "-Y", "sign", "-n", NAMESPACE, "-f", signers.key("alice"), file)
    signature = file.with_name(f"{file.name}.sig")
    if piped:
        answer = approve(identifier, "--signature", "-", stdin=signature.read_bytes())
    else:
        answer = approve(identifier, "--signature", signature)
    assert answer.code == 0, answer.stderr
    assert f"Next: proviso change run {identifier}" in answer.stdout


def test_what_does_not_approve_is_told_in_one_block(
    approve: Approve, signers: Signers, identifier: str, tmp_path: Path
) -> None:
    answer = approve(identifier, "--key", signers.key("eve"), "--json")
    assert answer.code == 1
    assert json.loads(answer.stdout)["error"]["kind"] == "ApprovalRefused"
    assert approve(identifier, "--key", tmp_path / "none").code == 2
    assert approve(identifier, "--key", tmp_path).code == 2
    assert approve(identifier, "--signature", tmp_path / "none").code == 2
    assert approve(identifier, "--signature", tmp_path).code == 2
    (tmp_path / "garbage").write_bytes(b"\xff\x00garbage")
    assert approve(identifier, "--signature", tmp_path / "garbage").code == 2
    assert approve(identifier, "--key", signers.key("alice"), "--text").code == 2
    assert approve("C-99").code == 2
    assert approve("nonsense").code == 2
    answer = approve(identifier, "--key", signers.key("alice"), PROVISO_ALLOWED_SIGNERS_FILE=str(tmp_path / "none"))
    assert answer.code == 2
    assert "Traceback" not in answer.stderr


def test_without_a_setting_nobody_may(approve: Approve, signers: Signers, identifier: str) -> None:
    answer = approve.command("change", "approve", identifier, "--key", signers.key("alice"))
    assert answer.code == 2
    assert "nobody may approve: no file of allowed signers is set" in answer.stderr
    assert "allowed_signers_file" in answer.stderr


def test_the_attempts_are_on_record(approve: Approve, signers: Signers, identifier: str) -> None:
    approve(identifier, "--key", signers.key("eve"))
    approve(identifier, "--key", signers.key("alice"))
    found = approve.command("audit", "list", "--subject", identifier, "--json").json["entries"]
    assert [each["action"] for each in found] == [
        "change submit", "change plan", "change approve refused", "change approve",
    ]  # fmt: skip
    assert found[-1]["details"]["principal"] == "alice@isp.example"
    assert found[-2]["details"]["key"] != found[-1]["details"]["key"]
    assert "PRIVATE KEY" not in json.dumps(found)
    assert approve.command("audit", "verify").code == 0


def test_an_agent_signs_for_a_public_key(approve: Approve, signers: Signers, identifier: str, tmp_path: Path) -> None:
    key = signers.key("alice")
    # A Unix socket's path may have no more than about a hundred characters.
    with TemporaryDirectory() as folder:
        agent = Path(folder) / "agent"
        with subprocess.Popen(["ssh-agent", "-D", "-a", str(agent)], stdout=subprocess.DEVNULL) as process:
            try:
                assert eventually(agent.exists, 20)
                there = str(agent)
                subprocess.run(["ssh-add", "-q", str(key)], env={**os.environ, "SSH_AUTH_SOCK": there}, check=True)
                key.unlink()
                answer = approve(identifier, "--key", key.with_suffix(".pub"), SSH_AUTH_SOCK=there)
            finally:
                process.terminate()
    assert answer.code == 0, answer.stderr
    assert "is approved by alice@isp.example" in answer.stdout


def test_a_pass_phrase_is_asked_for_by_ssh_keygen_alone(
    approve: Approve, signers: Signers, identifier: str, tmp_path: Path
) -> None:
    key = signers.key("alice")
    ssh_keygen("-q", "-p", "-P", "", "-N", "correct horse", "-f", key)
    asks = tmp_path / "asks"
    asks.write_text("#!/bin/sh\necho correct horse\n")
    asks.chmod(0o755)
    refused = approve(identifier, "--key", key, SSH_ASKPASS="/bin/false", SSH_ASKPASS_REQUIRE="force")
    assert (refused.code, "ssh-keygen did not sign" in refused.stderr) == (1, True)
    answer = approve(identifier, "--key", key, SSH_ASKPASS=str(asks), SSH_ASKPASS_REQUIRE="force")
    assert answer.code == 0, answer.stderr
    assert "correct horse" not in answer.stdout + answer.stderr
