"""`python -m tests.upstream [PAPERS]`: run the loopback upstream until Ctrl-C, and say how to reach it."""

from __future__ import annotations

import sys
import time

from tests.upstream import Upstream


def main() -> None:
    with Upstream() as upstream:
        if len(sys.argv) > 1:
            upstream.world.generate(int(sys.argv[1]))
        for name, value in upstream.environment.items():
            print(f"export {name}={value}")
        print(f"# {len(upstream.world.papers)} papers, {len(upstream.world.works)} works; Ctrl-C ends it", flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
