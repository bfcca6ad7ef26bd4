"""The text that an approval signs, and the role that signs it."""

NAMESPACE = "change-approval@proviso"
"""The role that approves changes: of signatures, and in the allowed signers (`namespaces=`)."""


def approval_text(request: str, plan_digest: str) -> str:
    """Return the exact text that is signed, its last line ended.

    Args:
        request: id of the change request.
        plan_digest: of its plan that holds now.
    """
    return f"I approve this change.\nrequest: {request}\nplan: sha256:{plan_digest}\n"
