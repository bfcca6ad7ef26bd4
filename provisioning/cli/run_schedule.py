"""`proviso run schedule`: unfinished runs are taken up by the machine itself, at boot and every minute."""

from provisioning.cli.schedule_group import Job, schedule_group
from provisioning.schedules.schedule import EveryMinutes

app = schedule_group(
    Job(
        name="resume",
        group="run",
        help="Take up unfinished runs at boot and every minute: by systemd, or cron where there is none.",
        description="Proviso takes up unfinished runs",
        command=("run", "resume"),
        when=EveryMinutes(1),
    )
)
