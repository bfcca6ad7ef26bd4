"""`proviso drift schedule`: the look at the fleet by the machine itself."""

from provisioning.cli.schedule_group import Job, Nightly, schedule_group

app = schedule_group(
    Job(
        name="drift",
        group="drift",
        help="Look for drift every night: by systemd, or cron where there is none.",
        description="Proviso looks for drift",
        command=("drift", "run"),
        when=Nightly("04:30", another="05:15", job="drift"),
        told="The time lies behind that of the backups, so that routers and OLTs are asked by one at a time. A night "
        "at which the machine was off is made up for by systemd; by cron it is not, since the next night finds the "
        "same.",
        told_on_install="Whoever is to hear of drift is named by the settings alert_command and alert_webhook.",
    )
)
