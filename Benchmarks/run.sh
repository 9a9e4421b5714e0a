#!/usr/bin/env bash
# Builds everything in release and prints the report. Settings come from the environment: see README.md.
set -euo pipefail
cd "$(dirname "$0")"
BENCH_ROOT=$(cd .. && pwd)
export BENCH_ROOT
export BENCH_DIR=${BENCH_DIR:-/tmp/artifact-store-bench}

need() { # need COMMAND-THAT-SUCCEEDS-WHEN-PRESENT PACKAGE
    eval "$1" >/dev/null 2>&1 && return
    echo "installing $2" >&2
    apt-get update -qq && apt-get install -qq -y "$2" >/dev/null
}
wanted() { [ -z "${BENCH_ONLY:-}" ] || [ "$BENCH_ONLY" = "$1" ]; }

need 'ls /usr/include/sqlite3.h' libsqlite3-dev
need 'command -v sqlite3' sqlite3

case "${BENCH_ONLY:-}" in
s3*)
    # A build of its own: only this one brings an HTTP client.
    build="swift build -c release --traits S3 --scratch-path .build-s3"
    $build >&2
    export AWS_ACCESS_KEY_ID=TESTKEY AWS_SECRET_ACCESS_KEY=TESTSECRET0123456789 AWS_DEFAULT_REGION=us-east-1
    export NO_PROXY=127.0.0.1 no_proxy=127.0.0.1
    bench="$(cd "$($build --show-bin-path)" && pwd)/bench"
    # shellcheck disable=SC2016
    exec ../scripts/s3-server.sh sh -c 'AWS_ENDPOINT_URL_S3=$S3_TEST_ENDPOINT exec "$0"' "$bench"
    ;;
esac

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
