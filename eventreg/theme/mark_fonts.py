"""Give the font addresses in the stylesheets the same content mark that `static_url` gives the preload links.

Without it a browser would see two addresses and fetch each font twice.
"""

import hashlib
import re
import sys
from pathlib import Path


def mark(static: Path) -> None:
    """Rewrite each `fonts/x.woff2` in the stylesheets of the folder to `fonts/x.woff2?v=...`.

    Doing it twice changes nothing.
    """
    for stylesheet in static.glob("*.css"):

        def marked(match: re.Match[str]) -> str:
            digest = hashlib.sha256((static / match.group(1)).read_bytes()).hexdigest()
            return f"{match.group(1)}?v={digest[:10]}"

        text = stylesheet.read_text(encoding="utf-8")
        stylesheet.write_text(re.sub(r"(fonts/[a-z0-9-]+\.woff2)(\?v=[0-9a-f]+)?", marked, text), encoding="utf-8")
        print(f"{stylesheet.name}: {stylesheet.stat().st_size} bytes")


if __name__ == "__main__":
    mark(Path(sys.argv[1]))
