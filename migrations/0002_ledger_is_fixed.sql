-- Version 2: the ledger cannot be rewritten.
--
-- Version 1 guarded every table but its own ledger, so that a raw shell could make a store claim a history it never
-- had, and the check at each opening would have believed it. From here on the ledger grows by one line at its end, and
-- a line never changes.

CREATE TRIGGER schemaMigrationGrowsByOne BEFORE INSERT ON schemaMigration
WHEN NEW.version <> (SELECT coalesce(max(version), 0) + 1 FROM schemaMigration)
BEGIN
    SELECT RAISE(ABORT, 'the ledger grows by one version at its end');
END;

CREATE TRIGGER schemaMigrationIsFixed BEFORE UPDATE ON schemaMigration
BEGIN
    SELECT RAISE(ABORT, 'the ledger of migrations never changes');
END;

CREATE TRIGGER schemaMigrationIsNotDeleted BEFORE DELETE ON schemaMigration
BEGIN
    SELECT RAISE(ABORT, 'the ledger of migrations never changes');
END;
