"""What a router is told to have a backup back, and which backups are rehearsed: decided without any device."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from iosxe_renderings import SECRETS, cisco_config
from renderings import config_of, example
from worlds import NOON

from provisioning.backups.sample import Candidate, coverage, sample
from provisioning.model.customer_settings import CustomerSettings
from provisioning.model.secret import Secret
from provisioning.planning.restoration import Backup, restoration, surviving
from provisioning.platforms.cisco_iosxe.encoders import is_ios_wifi_key
from provisioning.platforms.routers import ROUTERS
