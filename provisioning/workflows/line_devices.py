"""The devices that a product needs at its site, as the store knows devices."""

from datetime import datetime

from provisioning.model.line import Device
from provisioning.model.product import Product
from provisioning.nornir_setup.olts import OLT_PLATFORM


def devices_of(product: Product, now: datetime) -> list[Device]:
    """Return the devices of a line."""
    devices = []
    if product.cpe is not None:
        devices.append(Device("cpe", product.cpe.serial, product.cpe.platform, None, None, now, None))
    if product.ont is not None:
        devices.append(Device("ont", product.ont.serial, OLT_PLATFORM, product.ont.olt, product.ont.port, now, None))
    return devices
