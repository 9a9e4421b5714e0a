#!/bin/sh
# Freezes a populated store of the newest schema version, once. Usage: scripts/fixture.sh STORE-DRIVER-BINARY
set -eu
cd "$(dirname "$0")/.."
driver=$1
folder=Tests/ArtifactStoreTests/Fixtures
version=$(wc -l <migrations/schema.sum | tr -d ' ')
name=version-$version.sqlite
if [ -e "$folder/$name" ]; then
    echo "$folder/$name is frozen: a store of that version looks like this for ever" >&2
    exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$driver" populate "$work/$name" 1000
cp "$work/$name" "$folder/$name"
(cd "$folder" && sha256sum "$name" >>fixtures.sum)
echo "made $folder/$name; commit it with fixtures.sum"
