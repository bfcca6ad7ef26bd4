"""Loads the playbooks of a project, and refuses wrong ones with line and reason."""

from pathlib import Path

from provisioning.model.change_request import ChangeAction
from provisioning.model.playbook import Playbook

REVERT_SECONDS = 120


def load_playbook(folder: Path, name: str, *, revert_seconds: int = REVERT_SECONDS) -> Playbook:
    """Return a playbook of a project.

    Args:
        folder: the project's folder of playbooks.
        name: of the playbook; its file is `NAME.yaml`.
        revert_seconds: after which a router goes back unless confirmed: what stands in between must fit.

    Raises:
        UnknownName: when there is none of that name.
        UnreadablePlaybook: when it is wrong; `problems` has all that is wrong with it.
        EnvironmentTrouble: when we may not read it.
    """
    raise NotImplementedError


def playbook_for(
    folder: Path, action: ChangeAction, name: str | None = None, *, revert_seconds: int = REVERT_SECONDS
) -> Playbook:
    """Return the playbook by which an action is carried out.

    Args:
        name: of the playbook that was chosen; None for the one that has the action's own name.

    Raises:
        UnknownName: when there is none of that name.
        UnreadablePlaybook: when it is wrong, or not made for the action.
        EnvironmentTrouble: when we may not read it.
    """
    raise NotImplementedError
