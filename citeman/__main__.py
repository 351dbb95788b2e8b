"""`python -m citeman`."""

from citeman.cli import main

raise SystemExit(main())
