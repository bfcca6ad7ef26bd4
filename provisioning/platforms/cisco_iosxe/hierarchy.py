"""Compares two configurations with hier_config, by our own rules of what takes back what (negation.py).

hier_config's driver of this platform is not used: it drops remarks, and the numbers of IPv6 entries.
"""

from collections.abc import Iterable

from hier_config import HConfigChild
from hier_config.platforms.driver_base import HConfigDriverBase, HConfigDriverRules
from hier_config.root import HConfig

from provisioning.platforms.cisco_iosxe.negation import negation, setting
from provisioning.platforms.cisco_iosxe.section import Section


class IosXeDriver(HConfigDriverBase):
    """Tells hier_config what takes back what, and what takes whose place."""

    @staticmethod
    def _instantiate_rules() -> HConfigDriverRules:
        return HConfigDriverRules(indentation=1)

    def negate_with(self, config: HConfigChild) -> str | None:
        """Return the command that takes a command back."""
        return negation(section_of(config), config.text)

    def idempotent_for(self, config: HConfigChild, other_children: Iterable[HConfigChild]) -> HConfigChild | None:
        """Return the one of some commands that takes another command's place."""
        key = setting(section_of(config), config.text)
        if key is None:
            return None
        others = (each for each in other_children if setting(section_of(each), each.text) == key)
        return next(others, None)


def section_of(config: HConfigChild) -> str:
    """Return the line of the section in which a command stands; empty at the top."""
    parent = config.parent
    return parent.text if isinstance(parent, HConfigChild) else ""


def hierarchy(sections: Iterable[Section]) -> HConfig:
    """Return a configuration as hier_config has it."""
    top = HConfig(IosXeDriver())
    _grow(top, sections)
    return top


def _grow(parent: HConfig | HConfigChild, sections: Iterable[Section]) -> None:
    standing: dict[str, Section] = {}
    for each in sections:
        standing.pop(each.text.removeprefix("no ") if each.text.startswith("no ") else f"no {each.text}", None)
        standing[each.text] = each  # of a command and its `no` form, the later one counts
    for each in standing.values():
        _grow(parent.add_child(each.text), each.children)
