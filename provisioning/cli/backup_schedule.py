"""`proviso backup schedule`: the nightly run by the machine itself."""

from provisioning.cli.schedule_group import Job, Nightly, schedule_group

app = schedule_group(
    Job(
        name="backup",
        group="backup",
        help="Back up every night: by systemd, or cron where there is none.",
        description="Proviso backs up the fleet",
        command=("backup", "run"),
        when=Nightly("01:30", another="02:15"),
        told="A night at which the machine was off is made up for when it is on again: systemd does so by itself, "
        "cron's lines ask for it at boot. There is one run at a time, whoever begins it.",
        writes_backups=True,
        at_boot=("--if-due",),
    )
)
