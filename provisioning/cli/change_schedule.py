"""`proviso change schedule`: approved requests are carried out by the machine itself, every minute."""

from provisioning.cli.schedule_group import Job, schedule_group
from provisioning.schedules.schedule import EveryMinutes

app = schedule_group(
    Job(
        name="changes",
        group="change",
        help="Carry out what is approved and due, every minute: by systemd, or cron where there is none.",
        description="Proviso carries out change requests that are due",
        command=("change", "run"),
        when=EveryMinutes(1),
        writes_backups=True,
    )
)
