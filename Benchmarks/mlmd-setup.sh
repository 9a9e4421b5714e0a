#!/usr/bin/env bash
# Makes .venv-bench with ml-metadata 1.17.0 and prints its Python. Where that cannot be had, says why on standard error
# and fails: its wheels are for CPython 3.9 to 3.11 only.
set -euo pipefail
cd "$(dirname "$0")"

python=.venv-bench/bin/python
if "$python" -c 'import ml_metadata' 2>/dev/null; then
    echo "$PWD/$python"
    exit
fi

candidates=(python3.11 python3.10 python3.9 "$HOME"/.pyenv/versions/3.{11,10,9}.*/bin/python)
for candidate in "${candidates[@]}"; do
    "$candidate" -c 'import sys; sys.exit(not (3, 9) <= sys.version_info[:2] <= (3, 11))' 2>/dev/null || continue
    rm -rf .venv-bench
    "$candidate" -m venv .venv-bench >/dev/null 2>&1 || continue
    if "$python" -m pip install --quiet ml-metadata==1.17.0 >/dev/null 2>&1 && "$python" -c 'import ml_metadata'; then
        echo "$PWD/$python"
        exit
    fi
done
rm -rf .venv-bench
echo "no CPython 3.9 to 3.11 here that can install ml-metadata 1.17.0" >&2
exit 1
