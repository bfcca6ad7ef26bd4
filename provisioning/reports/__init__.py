"""Pages for people, and the same as JSON: the acceptance report. Pure: values in, text out."""

from provisioning.reports.acceptance_data import acceptance_data
from provisioning.reports.acceptance_page import acceptance_page
from provisioning.reports.words import Language

__all__ = ["Language", "acceptance_data", "acceptance_page"]
