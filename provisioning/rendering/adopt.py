"""Takes over what the customer changed on the router, which survives every later change (facts: I-8.1)."""

from dataclasses import replace
from typing import TypeVar

from provisioning.model.customer_settings import CustomerSettings
from provisioning.model.intent import AddressedIntent
from provisioning.model.line_secrets import LineSecrets
from provisioning.model.secret import Secret

Value = TypeVar("Value", str, int | None)


def adopt(
    addressed: AddressedIntent,
    secrets: LineSecrets,
    delivered: CustomerSettings | None,
    on_device: CustomerSettings | None,
) -> tuple[AddressedIntent, LineSecrets, tuple[str, ...]]:
    """Return the intent and the secrets with what the customer changed on the router, and what was decided.

    A value on the router that differs from the one that we set last is the customer's, and stays while the order asks
    for the same as then. Where the order changes it as well, the order wins.

    Args:
        addressed: what the order asks for.
        secrets: with the key that the order asks for.
        delivered: what the order asked for at the last delivery, before anything was adopted: else a value that stayed
            once would count as ours the next time. None when nothing was delivered yet.
        on_device: what stands on the router; None when it holds no Wi-Fi settings.

    Returns:
        Intent, secrets, and a note for each value where the customer's and ours differ; no note holds a value.
    """
    wifi, key = addressed.intent.wifi, secrets.wifi_key
    if wifi is None or key is None or delivered is None or on_device is None:
        return addressed, secrets, ()
    notes: list[str] = []
    ssid = _decide("SSID", wifi.ssid, delivered.ssid, on_device.ssid, notes)
    channel = _decide("channel", wifi.channel, delivered.channel, on_device.channel, notes)
    chosen = _decide("key", key.reveal(), delivered.key.reveal(), on_device.key.reveal(), notes)
    intent = replace(addressed.intent, wifi=replace(wifi, ssid=ssid, channel=channel))
    return replace(addressed, intent=intent), replace(secrets, wifi_key=Secret(chosen)), tuple(notes)


def _decide(what: str, ordered: Value, delivered: Value, on_device: Value, notes: list[str]) -> Value:
    if on_device in (delivered, ordered):
        return ordered
    if ordered == delivered:
        notes.append(f"The customer changed the Wi-Fi {what} on the router: it stays (facts: I-8.1).")
        return on_device
    notes.append(f"The customer changed the Wi-Fi {what} on the router, and the order changes it too: the order wins.")
    return ordered
