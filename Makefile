# Everything a newcomer needs: `make demo`, then `make test`.

SWIFT ?= swift
# The slim build: the library and the command, without any HTTP client or server.
SLIM = --traits CLI
# Everything there is.
ALL = --traits CLI,S3

.PHONY: demo test bench bench-query bench-upgrade bench-s3 schema fixture format lint prerequisites test-prerequisites

demo: prerequisites
	$(SWIFT) build $(SLIM) --product artifacts
	scripts/demo.sh "$$($(SWIFT) build $(SLIM) --show-bin-path)/artifacts"

# One test after the other: beyond 1,024 open files, which many open stores reach, Foundation's Process crashes on Linux.
test: test-prerequisites
	$(SWIFT) build $(ALL) --build-tests
	scripts/s3-server.sh $(SWIFT) test $(ALL) --skip-build --no-parallel

bench: prerequisites
	Benchmarks/run.sh

# Searches, ranks and pages of a store of 200,000 artifacts (BENCH_COUNT), beside SQL through the C API.
bench-query: prerequisites
	BENCH_ONLY=query Benchmarks/run.sh

# A store of version 1 with 1,000,000 artifacts: the memory, time and progress of its upgrade.
bench-upgrade: prerequisites
	BENCH_ONLY=upgrade Benchmarks/run.sh

# 10,000 artifacts uploaded into an S3 server beside boto3 and curl, and the memory for an object of 1 GiB.
bench-s3: prerequisites
	BENCH_ONLY=s3 Benchmarks/run.sh

# After a new migration: migrations/schema.sum and migrations/schema.sql.
schema:
	scripts/install.sh sqlite3
	scripts/schema.sh

# A new schema version's frozen store: once, by the build that introduces it.
fixture: prerequisites
	$(SWIFT) build --product store-driver
	scripts/fixture.sh "$$($(SWIFT) build --show-bin-path)/store-driver"

format:
	$(SWIFT) format format --in-place --recursive Package.swift Sources Tests migrations Benchmarks/Package.swift Benchmarks/Sources

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Tests migrations Benchmarks/Package.swift Benchmarks/Sources

prerequisites:
	scripts/install.sh libsqlite3-dev

test-prerequisites:
	scripts/install.sh libsqlite3-dev sqlite3 strace
