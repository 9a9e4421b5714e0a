#!/bin/sh
# Records three runs from the answers in Examples/ and shows them. Usage: scripts/demo.sh ARTIFACTS-BINARY
set -eu
cd "$(dirname "$0")/.."
artifacts=$1
rm -rf demo
mkdir demo
ARTIFACTS_DATABASE=demo/artifacts.sqlite
export ARTIFACTS_DATABASE

show() {
    printf '\n$ artifacts %s\n' "$*"
    "$artifacts" "$@"
}

record() {
    "$artifacts" record --run "$1" --request "Examples/requests/$2.json" --response "Examples/responses/$2.json" \
        --idempotency-key "$2" >/dev/null
}

show init
record run_lighthouse openai-images-completed
record run_lighthouse openai-images-two-images
record run_lighthouse openai-images-rate-limited
record run_poster openai-responses-tool-call
record run_poster openai-images-moderation-blocked
record run_postcard gemini-completed

show list
show run run_lighthouse
failed=$("$artifacts" list --failure-type unsafe_image_request --format csv | sed -n '2s/,.*//p')
show show "$failed"
completed=$("$artifacts" list --run run_poster --status completed --format csv | sed -n '2s/,.*//p')

cat <<END

The store is demo/artifacts.sqlite, its images are in demo/objects. Next, try:

  export ARTIFACTS_DATABASE=demo/artifacts.sqlite PATH="$(dirname "$artifacts"):\$PATH"
  artifacts get $completed --output demo/poster.png
  artifacts list --status failed --format ndjson
  artifacts run run_poster --format json
  artifacts events --follow
  artifacts --help
END
