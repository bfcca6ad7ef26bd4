"""What the rendering of a line costs, beside a bare Jinja2 rendering of the same text."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from jinja2 import Environment
from renderings import config, example, revealed

LINES = 100


def cost(action: Callable[[], object]) -> float:
    """Return the milliseconds of CPU of one call, the first call left out."""
    action()
    begun = time.process_time()
    for _ in range(LINES):
        action()
    return (time.process_time() - begun) * 1000 / LINES


def main() -> None:
    """Measure the order that has everything."""
    line = example("internet-pro-plus")
    ours = cost(lambda: config(line))
    environment = Environment(autoescape=False)
    templates = [
        environment.from_string("".join(f"{{{{ lines[{n}] }}}}\n" for n, _ in enumerate(text.splitlines())))
        for text in revealed(config(line)).values()
    ]
    texts = [text.splitlines() for text in revealed(config(line)).values()]
    bare = cost(lambda: [each.render(lines=lines) for each, lines in zip(templates, texts, strict=True)])
    sys.stdout.write(
        f"rendering a line: {ours:.2f} ms CPU, {ours / bare:.1f} times a bare Jinja2 rendering ({bare:.2f} ms)\n"
    )


if __name__ == "__main__":
    main()
