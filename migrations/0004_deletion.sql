-- Version 4: artifacts can be deleted, and their objects after them.
--
-- Whoever deletes an artifact appends its deleted event; the triggers below note its object and remove its rows in the
-- same statement, so that nothing is forgotten however a program ends. The event is the tombstone: the id is not given
-- again. The note stays when the object is gone: nor is the storage reference. Up to version 3 an event had one of four
-- kinds, so the table is made anew.

-- Which objects are to be removed, and which were. While somebody tries, heldUntil keeps others from it.
CREATE TABLE objectRemoval (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT CHECK (sequence BETWEEN 1 AND 9007199254740991),
    artifactId TEXT NOT NULL
        CHECK (length(CAST(artifactId AS BLOB)) BETWEEN 1 AND 128 AND instr(artifactId, char(0)) = 0)
        CHECK (instr(artifactId, '=') = 0 OR (instr(lower(artifactId), 'x-amz-signature=') = 0
            AND instr(lower(artifactId), 'x-goog-signature=') = 0
            AND (instr(lower(artifactId), 'sig=') = 0 OR instr(lower(artifactId), 'se=') = 0))),
    storageKind TEXT NOT NULL
        CHECK (length(CAST(storageKind AS BLOB)) BETWEEN 1 AND 256 AND instr(storageKind, char(0)) = 0)
        CHECK (instr(storageKind, '=') = 0 OR (instr(lower(storageKind), 'x-amz-signature=') = 0
            AND instr(lower(storageKind), 'x-goog-signature=') = 0
            AND (instr(lower(storageKind), 'sig=') = 0 OR instr(lower(storageKind), 'se=') = 0))),
    bucket TEXT NOT NULL
        CHECK (length(CAST(bucket AS BLOB)) BETWEEN 1 AND 256 AND instr(bucket, char(0)) = 0)
        CHECK (instr(bucket, '=') = 0 OR (instr(lower(bucket), 'x-amz-signature=') = 0
            AND instr(lower(bucket), 'x-goog-signature=') = 0
            AND (instr(lower(bucket), 'sig=') = 0 OR instr(lower(bucket), 'se=') = 0))),
    objectKey TEXT NOT NULL
        CHECK (length(CAST(objectKey AS BLOB)) BETWEEN 1 AND 1024 AND instr(objectKey, char(0)) = 0)
        CHECK (instr(objectKey, '=') = 0 OR (instr(lower(objectKey), 'x-amz-signature=') = 0
            AND instr(lower(objectKey), 'x-goog-signature=') = 0
            AND (instr(lower(objectKey), 'sig=') = 0 OR instr(lower(objectKey), 'se=') = 0)))
        CHECK (instr(objectKey, '\') = 0 AND instr('/' || objectKey || '/', '//') = 0
            AND instr('/' || objectKey || '/', '/./') = 0 AND instr('/' || objectKey || '/', '/../') = 0),
    byteCount INTEGER CHECK (byteCount BETWEEN 1 AND 1099511627776),
    notedAt INTEGER NOT NULL CHECK (notedAt BETWEEN 0 AND 253402300799999),
    attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts BETWEEN 0 AND 1000000000000),
    heldUntil INTEGER CHECK (heldUntil BETWEEN 0 AND 253402300799999),
    lastFailure TEXT
        CHECK (length(CAST(lastFailure AS BLOB)) BETWEEN 1 AND 8192 AND instr(lastFailure, char(0)) = 0)
        CHECK (instr(lastFailure, '=') = 0 OR (instr(lower(lastFailure), 'x-amz-signature=') = 0
            AND instr(lower(lastFailure), 'x-goog-signature=') = 0
            AND (instr(lower(lastFailure), 'sig=') = 0 OR instr(lower(lastFailure), 'se=') = 0))),
    removedAt INTEGER CHECK (removedAt BETWEEN 0 AND 253402300799999)
) STRICT;

CREATE UNIQUE INDEX objectRemovalByStorageReference ON objectRemoval (objectKey, bucket, storageKind);
CREATE UNIQUE INDEX objectRemovalByArtifact ON objectRemoval (artifactId);
CREATE INDEX objectRemovalWaiting ON objectRemoval (storageKind, bucket) WHERE removedAt IS NULL;

-- These stand on other tables and mention event; while it is gone, SQLite would refuse to rename.
DROP TRIGGER artifactCreated;
DROP TRIGGER artifactTakenOver;
DROP TRIGGER artifactFinished;

-- These get another meaning.
DROP TRIGGER artifactIsNotReplaced;
DROP TRIGGER artifactReferenceIsNotReplaced;
DROP TRIGGER artifactIsNotDeleted;
DROP TRIGGER promptPartIsNotDeleted;

CREATE TABLE eventNew (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT CHECK (sequence BETWEEN 1 AND 9007199254740991),
    kind TEXT NOT NULL CHECK (kind IN ('created', 'taken_over', 'completed', 'failed', 'deleted')),
    artifactId TEXT NOT NULL
        CHECK (length(CAST(artifactId AS BLOB)) BETWEEN 1 AND 128 AND instr(artifactId, char(0)) = 0)
        CHECK (instr(artifactId, '=') = 0 OR (instr(lower(artifactId), 'x-amz-signature=') = 0
            AND instr(lower(artifactId), 'x-goog-signature=') = 0
            AND (instr(lower(artifactId), 'sig=') = 0 OR instr(lower(artifactId), 'se=') = 0))),
    parentRunId TEXT NOT NULL
        CHECK (length(CAST(parentRunId AS BLOB)) BETWEEN 1 AND 256 AND instr(parentRunId, char(0)) = 0)
        CHECK (instr(parentRunId, '=') = 0 OR (instr(lower(parentRunId), 'x-amz-signature=') = 0
            AND instr(lower(parentRunId), 'x-goog-signature=') = 0
            AND (instr(lower(parentRunId), 'sig=') = 0 OR instr(lower(parentRunId), 'se=') = 0))),
    occurredAt INTEGER NOT NULL CHECK (occurredAt BETWEEN 0 AND 253402300799999),
    claimOwner TEXT NOT NULL
        CHECK (length(CAST(claimOwner AS BLOB)) BETWEEN 1 AND 256 AND instr(claimOwner, char(0)) = 0)
        CHECK (instr(claimOwner, '=') = 0 OR (instr(lower(claimOwner), 'x-amz-signature=') = 0
            AND instr(lower(claimOwner), 'x-goog-signature=') = 0
            AND (instr(lower(claimOwner), 'sig=') = 0 OR instr(lower(claimOwner), 'se=') = 0))),
    fencingToken INTEGER NOT NULL CHECK (fencingToken BETWEEN 1 AND 1000000000000),
    failureType TEXT
        CHECK (failureType IN ('provider_unavailable', 'unsupported_model', 'invalid_image_request',
            'unsafe_image_request', 'generation_failed', 'artifact_storage_failed')),
    CONSTRAINT failureIsTyped CHECK ((kind = 'failed') = (failureType IS NOT NULL))
) STRICT;

-- data-dependent: every event of version 1 to 3 obeys the new constraint, which allows one kind more
INSERT INTO eventNew (sequence, kind, artifactId, parentRunId, occurredAt, claimOwner, fencingToken, failureType)
SELECT sequence, kind, artifactId, parentRunId, occurredAt, claimOwner, fencingToken, failureType FROM event ORDER BY sequence;

-- data-dependent: sequences must not be given twice, even if the last rows of event were removed by force
UPDATE sqlite_sequence
SET seq = max(seq, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'event'), 0))
WHERE name = 'eventNew';

DROP TABLE event;

ALTER TABLE eventNew RENAME TO event;

CREATE INDEX eventByArtifact ON event (artifactId);

CREATE TRIGGER artifactCreated AFTER INSERT ON artifact
BEGIN
    INSERT INTO event (kind, artifactId, parentRunId, occurredAt, claimOwner, fencingToken)
    VALUES ('created', NEW.artifactId, NEW.parentRunId, NEW.createdAt, NEW.claimOwner, NEW.fencingToken);
    INSERT INTO artifactHour (hour, firstSequence, lastSequence)
    VALUES (NEW.createdAt / 3600000, NEW.sequence, NEW.sequence)
    ON CONFLICT (hour) DO UPDATE SET
        firstSequence = min(firstSequence, excluded.firstSequence),
        lastSequence = max(lastSequence, excluded.lastSequence);
END;

CREATE TRIGGER artifactTakenOver AFTER UPDATE OF fencingToken ON artifact WHEN NEW.fencingToken > OLD.fencingToken
BEGIN
    INSERT INTO event (kind, artifactId, parentRunId, occurredAt, claimOwner, fencingToken)
    VALUES ('taken_over', NEW.artifactId, NEW.parentRunId, NEW.claimedAt, NEW.claimOwner, NEW.fencingToken);
END;

CREATE TRIGGER artifactFinished AFTER UPDATE OF status ON artifact WHEN NEW.status <> OLD.status
BEGIN
    INSERT INTO event (kind, artifactId, parentRunId, occurredAt, claimOwner, fencingToken, failureType)
    VALUES (NEW.status, NEW.artifactId, NEW.parentRunId, NEW.completedAt, NEW.claimOwner, NEW.fencingToken,
        NEW.failureType);
END;

CREATE TRIGGER eventIsFixed BEFORE UPDATE ON event
BEGIN
    SELECT RAISE(ABORT, 'history never changes');
END;

CREATE TRIGGER eventIsNotDeleted BEFORE DELETE ON event
BEGIN
    SELECT RAISE(ABORT, 'history never changes');
END;

CREATE TRIGGER eventIsNotReplaced BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event WHERE sequence = NEW.sequence)
BEGIN
    SELECT RAISE(ABORT, 'history never changes');
END;

-- A deleted event ends what no one has a live claim on; any other says what the artifact is at this moment.
CREATE TRIGGER eventAgreesWithItsArtifact BEFORE INSERT ON event
WHEN NOT EXISTS (
    SELECT 1 FROM artifact
    WHERE artifactId = NEW.artifactId AND parentRunId = NEW.parentRunId AND claimOwner = NEW.claimOwner
        AND fencingToken = NEW.fencingToken
        AND CASE NEW.kind
            WHEN 'deleted' THEN status <> 'pending' OR claimExpiresAt <= NEW.occurredAt
            ELSE failureType IS NEW.failureType AND status = CASE NEW.kind
                WHEN 'created' THEN 'pending' WHEN 'taken_over' THEN 'pending' ELSE NEW.kind END END)
BEGIN
    SELECT RAISE(ABORT, 'an event says what happened to an artifact');
END;

-- signedUrl is not named here: its rows go by their foreign key, and losing the whole table must break nothing.
CREATE TRIGGER artifactDeleted AFTER INSERT ON event WHEN NEW.kind = 'deleted'
BEGIN
    INSERT INTO objectRemoval (artifactId, storageKind, bucket, objectKey, byteCount, notedAt)
    SELECT artifactId, storageKind, bucket, objectKey, byteCount, NEW.occurredAt
    FROM artifact WHERE artifactId = NEW.artifactId AND objectKey IS NOT NULL;
    DELETE FROM promptPart
    WHERE artifactSequence = (SELECT sequence FROM artifact WHERE artifactId = NEW.artifactId);
    DELETE FROM artifact WHERE artifactId = NEW.artifactId;
END;

CREATE TRIGGER artifactIsNotDeleted BEFORE DELETE ON artifact
WHEN NOT EXISTS (SELECT 1 FROM event WHERE artifactId = OLD.artifactId AND kind = 'deleted')
BEGIN
    SELECT RAISE(ABORT, 'an artifact is deleted by its deleted event');
END;

CREATE TRIGGER promptPartIsNotDeleted BEFORE DELETE ON promptPart
WHEN NOT EXISTS (
    SELECT 1 FROM event WHERE kind = 'deleted'
        AND artifactId = (SELECT artifactId FROM artifact WHERE sequence = OLD.artifactSequence))
BEGIN
    SELECT RAISE(ABORT, 'what was asked never changes');
END;

CREATE TRIGGER artifactIsNotReplaced BEFORE INSERT ON artifact
WHEN EXISTS (SELECT 1 FROM artifact WHERE artifactId = NEW.artifactId)
    OR EXISTS (SELECT 1 FROM artifact WHERE sequence = NEW.sequence)
    OR EXISTS (SELECT 1 FROM artifact WHERE parentRunId = NEW.parentRunId AND idempotencyKey = NEW.idempotencyKey)
    OR EXISTS (SELECT 1 FROM event WHERE artifactId = NEW.artifactId AND kind = 'deleted')
BEGIN
    SELECT RAISE(ABORT, 'the artifact id, sequence or idempotency key is taken');
END;

CREATE TRIGGER artifactReferenceIsNotReplaced BEFORE UPDATE ON artifact
WHEN NEW.objectKey IS NOT NULL AND (EXISTS (
        SELECT 1 FROM artifact WHERE objectKey = NEW.objectKey AND bucket = NEW.bucket
            AND storageKind = NEW.storageKind AND sequence <> OLD.sequence)
    OR EXISTS (
        SELECT 1 FROM objectRemoval WHERE objectKey = NEW.objectKey AND bucket = NEW.bucket
            AND storageKind = NEW.storageKind))
BEGIN
    SELECT RAISE(ABORT, 'the storage reference belongs to another artifact');
END;

CREATE TRIGGER objectRemovalFollowsItsArtifact BEFORE INSERT ON objectRemoval
WHEN NEW.removedAt IS NOT NULL
    OR NOT EXISTS (
        SELECT 1 FROM artifact JOIN event USING (artifactId)
        WHERE event.kind = 'deleted' AND artifact.artifactId = NEW.artifactId AND artifact.objectKey = NEW.objectKey
            AND artifact.bucket = NEW.bucket AND artifact.storageKind = NEW.storageKind)
BEGIN
    SELECT RAISE(ABORT, 'an object is removed when its artifact is deleted');
END;

CREATE TRIGGER objectRemovalIsFixed BEFORE UPDATE ON objectRemoval
WHEN OLD.removedAt IS NOT NULL OR NEW.sequence <> OLD.sequence OR NEW.artifactId <> OLD.artifactId
    OR NEW.storageKind <> OLD.storageKind OR NEW.bucket <> OLD.bucket OR NEW.objectKey <> OLD.objectKey
    OR NEW.byteCount IS NOT OLD.byteCount OR NEW.notedAt <> OLD.notedAt OR NEW.attempts < OLD.attempts
BEGIN
    SELECT RAISE(ABORT, 'a removal says which object it is about, and ends once');
END;

CREATE TRIGGER objectRemovalIsNotDeleted BEFORE DELETE ON objectRemoval
BEGIN
    SELECT RAISE(ABORT, 'a removed object''s reference is not given again');
END;
