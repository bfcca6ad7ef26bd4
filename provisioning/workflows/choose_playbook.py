"""The playbook of the project by which an action is carried out."""

from provisioning.model.change_request import ChangeAction
from provisioning.model.playbook import Playbook
from provisioning.playbooks.load import playbook_for
from provisioning.workflows.surroundings import Surroundings


def choose_playbook(action: ChangeAction, around: Surroundings, *, name: str = "") -> Playbook:
    """Return the playbook of an action.

    Args:
        name: of the playbook that was asked for; empty for the one that is named after the action.

    Raises:
        UnknownName: when there is none of that name.
        BadInput: when it is wrong, or not made for the action.
    """
    return playbook_for(around.playbooks, action, name or None, revert_seconds=around.access.revert_seconds)
