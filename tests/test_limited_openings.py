"""Openings with sources and translated ports: written by both platforms, and read back from what they wrote."""

import pytest
from iosxe_renderings import SECRETS as IOS_SECRETS
from limited_openings import CISCO, LINUX, limited_line
from renderings import SECRETS, TEMPLATES, config, operator, revealed

from provisioning.addressing.address import address
from provisioning.adopting.compare import differences
from provisioning.adopting.read_line import line_of, secrets_of
from provisioning.model.config import NothingRendered
from provisioning.platforms.routers import ROUTERS
from provisioning.rendering.render import render

BOTH = pytest.mark.parametrize("name", [LINUX, CISCO])


def documents_of(name: str) -> dict[str, str]:
    return revealed(config(limited_line(name), IOS_SECRETS if name == CISCO else SECRETS))


@BOTH
def test_what_is_limited_and_translated_is_read_back(name: str) -> None:
    line, documents = limited_line(name), documents_of(name)
    assert line.intent.cpe is not None
    platform = line.intent.cpe.platform
    found = ROUTERS[platform].read_intent(documents)
    assert {str(each.value.opening) for each in found.port_mappings} == {
        str(each.opening) for each in line.intent.port_mappings
    }
    again = address(*line_of(found, line.intent.cpe.serial, platform, line.intent.formula))
    assert differences(line, again) == ()
    rendered = render(again, operator(), secrets_of(found), TEMPLATES)
    assert not isinstance(rendered, NothingRendered)
    assert ROUTERS[platform].digest(documents) == ROUTERS[platform].digest(revealed(rendered))
