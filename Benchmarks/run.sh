#!/usr/bin/env bash
# Builds everything in release and prints the report. Settings come from the environment: see README.md.
set -euo pipefail
cd "$(dirname "$0")"
export BENCH_ROOT=..
export BENCH_DIR=${BENCH_DIR:-/tmp/artifact-store-bench}

need() { # need COMMAND-THAT-SUCCEEDS-WHEN-PRESENT PACKAGE
    eval "$1" >/dev/null 2>&1 && return
    echo "installing $2" >&2
    apt-get update -qq && apt-get install -qq -y "$2" >/dev/null
}
wanted() { [ -z "${BENCH_ONLY:-}" ] || [ "$BENCH_ONLY" = "$1" ]; }

need 'ls /usr/include/sqlite3.h' libsqlite3-dev
need 'command -v sqlite3' sqlite3

swift build -c release >&2
if wanted show || wanted upgrade; then
    if swift build --package-path .. --scratch-path ../.build-release -c release --static-swift-stdlib \
        --product artifacts >&2; then
        BENCH_COMMAND=$(cd ../.build-release/release && pwd)/artifacts
        export BENCH_COMMAND
    fi
fi
if wanted mlmd; then
    if python=$(./mlmd-setup.sh 2>.build/mlmd-reason); then
        export BENCH_MLMD_PYTHON=$python
    else
        BENCH_MLMD_REASON=$(cat .build/mlmd-reason)
        export BENCH_MLMD_REASON
    fi
fi

exec "$(swift build -c release --show-bin-path)/bench"
