#!/bin/sh
# Writes what follows from the migrations: schema.sum, the chain of hashes, and schema.sql, the schema they make.
# Usage: scripts/schema.sh [FOLDER]; the folder is that of the migrations unless another one is named.
set -eu
cd "$(dirname "$0")/../migrations"
folder=${1:-.}

previous=
for file in 0*.sql; do
    previous=$({ printf '%s\n%s\n' "$previous" "$file"; cat "$file"; } | sha256sum | cut -d ' ' -f 1)
    printf '%s  %s\n' "$previous" "$file"
done >"$folder/schema.sum"

{
    echo "-- The schema of version $(wc -l <"$folder/schema.sum" | tr -d ' '), made by the migrations. Do not edit: make schema."
    cat 0*.sql | sqlite3 -bail :memory: ".output /dev/null" ".read /dev/stdin" ".output stdout" "
        SELECT char(10) || sql || ';' FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
        ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, tbl_name, type, name"
} >"$folder/schema.sql.new"
mv "$folder/schema.sql.new" "$folder/schema.sql"
