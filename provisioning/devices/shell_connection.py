"""netmiko's connection to a machine with a shell, whose terminal nobody speaks to."""

from netmiko.linux.linux_ssh import LinuxSSH


class ShellConnection(LinuxSSH):
    """A connection beside whose terminal commands run on channels of their own."""

    def _try_session_preparation(self, force_data: bool = True) -> None:
        # The driver's finds out the prompt of the terminal, and sleeps 0.2 s over it.
        return
