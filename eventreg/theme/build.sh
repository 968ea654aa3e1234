#!/bin/sh
# Compile the look: stylesheets, fonts and icons into eventreg/static. Needs Node and the project's .venv (fontTools);
# running eventreg needs neither, because what this makes is committed.
set -eu
cd "$(dirname "$0")"
python="${PYTHON:-../../.venv/bin/python}"
npm ci --silent
"$python" make_fonts.py node_modules ../static/fonts
for name in style panel; do
  node_modules/.bin/sass --style=compressed --no-source-map --quiet-deps "$name.scss" "../static/$name.css"
done
"$python" mark_fonts.py ../static
