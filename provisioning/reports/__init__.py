"""Pages for people, and the same as JSON: of a line's acceptance, and of a night. Pure: values in, text out."""

from provisioning.reports.acceptance_data import acceptance_data
from provisioning.reports.acceptance_page import acceptance_page
from provisioning.reports.nightly_data import nightly_data
from provisioning.reports.nightly_page import nightly_page
from provisioning.reports.words import Language

__all__ = ["Language", "acceptance_data", "acceptance_page", "nightly_data", "nightly_page"]
