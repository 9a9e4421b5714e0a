-- Version 5: the model catalogue and admission, computed costs, sums of usage by day, and prompt search.
--
-- What a model can do is declared in the catalogue, whose revisions never change; an artifact keeps the one it was
-- admitted under. A cost that nobody reported is computed from a revision's prices, beside the terminal row that stays
-- as it is. Recomputing leaves an event of a new kind, so the table of events is made anew. Triggers keep two things that
-- can be derived: the sums of usage by day, and the index of prompts.

-- One import of models. What came with artifacts of another store is adopted: it is kept for them and never in force.
CREATE TABLE catalogueRevision (
    revision INTEGER PRIMARY KEY AUTOINCREMENT CHECK (revision BETWEEN 1 AND 9007199254740991),
    sha256 TEXT NOT NULL
        CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
    source TEXT NOT NULL CHECK (source IN ('declared', 'litellm', 'openrouter')),
    importedAt INTEGER NOT NULL CHECK (importedAt BETWEEN 0 AND 253402300799999),
    adopted INTEGER NOT NULL CHECK (adopted IN (0, 1))
) STRICT;

CREATE INDEX catalogueRevisionByDigest ON catalogueRevision (sha256);
CREATE INDEX catalogueRevisionInForce ON catalogueRevision (revision) WHERE adopted = 0;

-- What one model was declared to be. Revisions share declarations. Lists are JSON, sorted; NULL is unknown. Prices are
-- in millionths of the currency's unit: for a million tokens, or for an image. They hold up to largestInputTokens.
CREATE TABLE modelDeclaration (
    declarationId INTEGER PRIMARY KEY AUTOINCREMENT CHECK (declarationId BETWEEN 1 AND 9007199254740991),
    sha256 TEXT NOT NULL
        CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
    model TEXT NOT NULL
        CHECK (length(CAST(model AS BLOB)) BETWEEN 1 AND 256 AND instr(model, char(0)) = 0)
        CHECK (instr(model, '=') = 0 OR (instr(lower(model), 'x-amz-signature=') = 0
            AND instr(lower(model), 'x-goog-signature=') = 0
            AND (instr(lower(model), 'sig=') = 0 OR instr(lower(model), 'se=') = 0))),
    provider TEXT
        CHECK (length(CAST(provider AS BLOB)) BETWEEN 1 AND 256 AND instr(provider, char(0)) = 0)
        CHECK (instr(provider, '=') = 0 OR (instr(lower(provider), 'x-amz-signature=') = 0
            AND instr(lower(provider), 'x-goog-signature=') = 0
            AND (instr(lower(provider), 'sig=') = 0 OR instr(lower(provider), 'se=') = 0))),
    source TEXT NOT NULL CHECK (source IN ('declared', 'litellm', 'openrouter')),
    supportsImageGeneration TEXT NOT NULL CHECK (supportsImageGeneration IN ('yes', 'no', 'unknown')),
    supportsImageInput TEXT NOT NULL CHECK (supportsImageInput IN ('yes', 'no', 'unknown')),
    imageGenerationMode TEXT NOT NULL
        CHECK (imageGenerationMode IN ('none', 'direct_image_model', 'hosted_image_generation_tool', 'unknown')),
    inputModalities TEXT
        CHECK (length(CAST(inputModalities AS BLOB)) BETWEEN 1 AND 8192 AND instr(inputModalities, char(0)) = 0)
        CHECK (instr(inputModalities, '=') = 0 OR (instr(lower(inputModalities), 'x-amz-signature=') = 0
            AND instr(lower(inputModalities), 'x-goog-signature=') = 0
            AND (instr(lower(inputModalities), 'sig=') = 0 OR instr(lower(inputModalities), 'se=') = 0)))
        CHECK (inputModalities GLOB '[[]"*"]'),
    outputModalities TEXT
        CHECK (length(CAST(outputModalities AS BLOB)) BETWEEN 1 AND 8192 AND instr(outputModalities, char(0)) = 0)
        CHECK (instr(outputModalities, '=') = 0 OR (instr(lower(outputModalities), 'x-amz-signature=') = 0
            AND instr(lower(outputModalities), 'x-goog-signature=') = 0
            AND (instr(lower(outputModalities), 'sig=') = 0 OR instr(lower(outputModalities), 'se=') = 0)))
        CHECK (outputModalities GLOB '[[]"*"]'),
    capabilities TEXT
        CHECK (length(CAST(capabilities AS BLOB)) BETWEEN 1 AND 8192 AND instr(capabilities, char(0)) = 0)
        CHECK (instr(capabilities, '=') = 0 OR (instr(lower(capabilities), 'x-amz-signature=') = 0
            AND instr(lower(capabilities), 'x-goog-signature=') = 0
            AND (instr(lower(capabilities), 'sig=') = 0 OR instr(lower(capabilities), 'se=') = 0)))
        CHECK (capabilities GLOB '[[]"*"]'),
    priceCurrency TEXT CHECK (priceCurrency GLOB '[A-Z][A-Z][A-Z]'),
    inputTextTokenPrice INTEGER CHECK (inputTextTokenPrice BETWEEN 0 AND 1000000000000),
    inputImageTokenPrice INTEGER CHECK (inputImageTokenPrice BETWEEN 0 AND 1000000000000),
    cachedInputTextTokenPrice INTEGER CHECK (cachedInputTextTokenPrice BETWEEN 0 AND 1000000000000),
    cachedInputImageTokenPrice INTEGER CHECK (cachedInputImageTokenPrice BETWEEN 0 AND 1000000000000),
    outputTextTokenPrice INTEGER CHECK (outputTextTokenPrice BETWEEN 0 AND 1000000000000),
    outputImageTokenPrice INTEGER CHECK (outputImageTokenPrice BETWEEN 0 AND 1000000000000),
    imagePrice INTEGER CHECK (imagePrice BETWEEN 0 AND 1000000000000),
    largestInputTokens INTEGER CHECK (largestInputTokens BETWEEN 1 AND 1000000000000),

    CONSTRAINT modeNeedsSupport CHECK (
        imageGenerationMode IN ('none', 'unknown') OR supportsImageGeneration = 'yes'),
    CONSTRAINT noneMeansNoSupport CHECK ((imageGenerationMode = 'none') = (supportsImageGeneration = 'no')),
    CONSTRAINT supportAgreesWithOutput CHECK (
        outputModalities IS NULL OR (instr(outputModalities, '"image"') > 0) = (supportsImageGeneration = 'yes')),
    CONSTRAINT imageInputAgreesWithInput CHECK (
        inputModalities IS NULL OR (instr(inputModalities, '"image"') > 0) = (supportsImageInput = 'yes')),
    CONSTRAINT pricesHaveTheirCurrency CHECK (
        (priceCurrency IS NOT NULL) = (coalesce(inputTextTokenPrice, inputImageTokenPrice, cachedInputTextTokenPrice,
            cachedInputImageTokenPrice, outputTextTokenPrice, outputImageTokenPrice, imagePrice) IS NOT NULL)),
    CONSTRAINT limitIsOfPrices CHECK (largestInputTokens IS NULL OR priceCurrency IS NOT NULL)
) STRICT;

CREATE UNIQUE INDEX modelDeclarationByDigest ON modelDeclaration (sha256);

-- The models of a revision.
CREATE TABLE catalogueModel (
    revision INTEGER NOT NULL REFERENCES catalogueRevision (revision),
    model TEXT NOT NULL
        CHECK (length(CAST(model AS BLOB)) BETWEEN 1 AND 256 AND instr(model, char(0)) = 0)
        CHECK (instr(model, '=') = 0 OR (instr(lower(model), 'x-amz-signature=') = 0
            AND instr(lower(model), 'x-goog-signature=') = 0
            AND (instr(lower(model), 'sig=') = 0 OR instr(lower(model), 'se=') = 0))),
    declarationId INTEGER NOT NULL REFERENCES modelDeclaration (declarationId),
    PRIMARY KEY (revision, model)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER catalogueRevisionIsFixed BEFORE UPDATE ON catalogueRevision
BEGIN
    SELECT RAISE(ABORT, 'a catalogue revision never changes');
END;

CREATE TRIGGER catalogueRevisionIsNotDeleted BEFORE DELETE ON catalogueRevision
BEGIN
    SELECT RAISE(ABORT, 'a catalogue revision never changes');
END;

CREATE TRIGGER catalogueRevisionIsNotReplaced BEFORE INSERT ON catalogueRevision
WHEN EXISTS (SELECT 1 FROM catalogueRevision WHERE revision = NEW.revision)
BEGIN
    SELECT RAISE(ABORT, 'a catalogue revision never changes');
END;

CREATE TRIGGER modelDeclarationIsFixed BEFORE UPDATE ON modelDeclaration
BEGIN
    SELECT RAISE(ABORT, 'a declaration never changes');
END;

CREATE TRIGGER modelDeclarationIsNotDeleted BEFORE DELETE ON modelDeclaration
BEGIN
    SELECT RAISE(ABORT, 'a declaration never changes');
END;

CREATE TRIGGER modelDeclarationIsNotReplaced BEFORE INSERT ON modelDeclaration
WHEN EXISTS (SELECT 1 FROM modelDeclaration WHERE declarationId = NEW.declarationId)
    OR EXISTS (SELECT 1 FROM modelDeclaration WHERE sha256 = NEW.sha256)
BEGIN
    SELECT RAISE(ABORT, 'a declaration never changes');
END;

CREATE TRIGGER catalogueModelIsFixed BEFORE UPDATE ON catalogueModel
BEGIN
    SELECT RAISE(ABORT, 'a catalogue revision never changes');
END;

CREATE TRIGGER catalogueModelIsNotDeleted BEFORE DELETE ON catalogueModel
BEGIN
    SELECT RAISE(ABORT, 'a catalogue revision never changes');
END;

-- A revision is closed by the next one, and by the first artifact that was admitted under it.
CREATE TRIGGER catalogueModelJoinsTheLastRevision BEFORE INSERT ON catalogueModel
WHEN NEW.revision <> (SELECT max(revision) FROM catalogueRevision)
    OR EXISTS (SELECT 1 FROM catalogueModel WHERE revision = NEW.revision AND model = NEW.model)
    OR EXISTS (SELECT 1 FROM artifact WHERE catalogueRevision = NEW.revision)
    OR NEW.model IS NOT (SELECT model FROM modelDeclaration WHERE declarationId = NEW.declarationId)
BEGIN
    SELECT RAISE(ABORT, 'a catalogue revision never changes');
END;

-- Admission: what the catalogue said of the model when the artifact was begun. NULL: begun before version 5.
-- data-dependent: in rows that are there the column is NULL, which the rule allows
ALTER TABLE artifact ADD COLUMN imageGenerationSupport TEXT
    CHECK (imageGenerationSupport IN ('yes', 'no', 'unknown'));
-- data-dependent: in rows that are there the column is NULL, which the rule allows
ALTER TABLE artifact ADD COLUMN catalogueRevision INTEGER REFERENCES catalogueRevision (revision)
    CHECK (catalogueRevision IS NULL OR imageGenerationSupport IS NOT NULL);

CREATE INDEX artifactByCatalogueRevision ON artifact (catalogueRevision) WHERE catalogueRevision IS NOT NULL;

CREATE TRIGGER artifactIsAdmittedAsDeclared BEFORE INSERT ON artifact
WHEN NEW.imageGenerationSupport <> coalesce((
    SELECT supportsImageGeneration FROM catalogueModel JOIN modelDeclaration USING (declarationId)
    WHERE revision = NEW.catalogueRevision AND catalogueModel.model = NEW.requestedModel), 'unknown')
BEGIN
    SELECT RAISE(ABORT, 'an artifact is admitted as the catalogue says');
END;

DROP TRIGGER artifactRequestIsFixed;

CREATE TRIGGER artifactRequestIsFixed BEFORE UPDATE OF
    artifactId, artifactType, parentRunType, parentRunId, idempotencyKey, requestFingerprint, createdAt,
    prompt, requestedModel, size, quality, background, outputFormat, seed, extraParameters, skillVersion,
    promptVersion, templateVersion, imageGenerationSupport, catalogueRevision
ON artifact
BEGIN
    SELECT RAISE(ABORT, 'what was asked never changes');
END;

-- Costs computed from the prices of a revision; the last computation is in force.
CREATE TABLE computedCost (
    artifactSequence INTEGER NOT NULL REFERENCES artifact (sequence) ON DELETE CASCADE,
    computation INTEGER NOT NULL CHECK (computation BETWEEN 1 AND 1000000),
    catalogueRevision INTEGER NOT NULL REFERENCES catalogueRevision (revision),
    costMicros INTEGER NOT NULL CHECK (costMicros BETWEEN 0 AND 1000000000000),
    costCurrency TEXT NOT NULL CHECK (costCurrency GLOB '[A-Z][A-Z][A-Z]'),
    computedAt INTEGER NOT NULL CHECK (computedAt BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (artifactSequence, computation)
) STRICT, WITHOUT ROWID;

-- These stand on other tables and mention event; while it is gone, SQLite would refuse to rename.
DROP TRIGGER artifactCreated;
DROP TRIGGER artifactTakenOver;
DROP TRIGGER artifactFinished;
DROP TRIGGER artifactIsNotReplaced;
DROP TRIGGER artifactIsNotDeleted;
DROP TRIGGER promptPartIsNotDeleted;
DROP TRIGGER objectRemovalFollowsItsArtifact;

CREATE TABLE eventNew (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT CHECK (sequence BETWEEN 1 AND 9007199254740991),
    kind TEXT NOT NULL CHECK (kind IN ('created', 'taken_over', 'completed', 'failed', 'deleted', 'cost_recomputed')),
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

-- data-dependent: every event of version 1 to 4 obeys the new constraint, which allows one kind more
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
    INSERT INTO usageChange (artifactSequence, sign) VALUES (NEW.sequence, 1);
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

-- A deleted event ends what no one has a live claim on; a recomputation has its row; any other event says what the
-- artifact is at this moment.
CREATE TRIGGER eventAgreesWithItsArtifact BEFORE INSERT ON event
WHEN NOT EXISTS (
    SELECT 1 FROM artifact
    WHERE artifactId = NEW.artifactId AND parentRunId = NEW.parentRunId AND claimOwner = NEW.claimOwner
        AND fencingToken = NEW.fencingToken
        AND CASE NEW.kind
            WHEN 'deleted' THEN status <> 'pending' OR claimExpiresAt <= NEW.occurredAt
            WHEN 'cost_recomputed' THEN EXISTS (
                SELECT 1 FROM computedCost
                WHERE artifactSequence = artifact.sequence AND computation > 1 AND computedAt = NEW.occurredAt)
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
    INSERT INTO usageChange (artifactSequence, sign)
    SELECT sequence, -1 FROM artifact WHERE artifactId = NEW.artifactId;
    DELETE FROM promptPart
    WHERE artifactSequence = (SELECT sequence FROM artifact WHERE artifactId = NEW.artifactId);
    DELETE FROM computedCost
    WHERE artifactSequence = (SELECT sequence FROM artifact WHERE artifactId = NEW.artifactId);
    DELETE FROM artifact WHERE artifactId = NEW.artifactId;
    INSERT INTO usageChange (artifactSequence, sign, isIncluded)
    SELECT sequence, -1, 1 FROM artifact WHERE includedInArtifactId = NEW.artifactId;
    INSERT INTO usageChange (artifactSequence, sign)
    SELECT sequence, 1 FROM artifact WHERE includedInArtifactId = NEW.artifactId;
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

CREATE TRIGGER objectRemovalFollowsItsArtifact BEFORE INSERT ON objectRemoval
WHEN NEW.removedAt IS NOT NULL
    OR NOT EXISTS (
        SELECT 1 FROM artifact JOIN event USING (artifactId)
        WHERE event.kind = 'deleted' AND artifact.artifactId = NEW.artifactId AND artifact.objectKey = NEW.objectKey
            AND artifact.bucket = NEW.bucket AND artifact.storageKind = NEW.storageKind)
BEGIN
    SELECT RAISE(ABORT, 'an object is removed when its artifact is deleted');
END;

CREATE TRIGGER computedCostFollowsItsArtifact BEFORE INSERT ON computedCost
WHEN NOT EXISTS (
        SELECT 1 FROM artifact
        WHERE sequence = NEW.artifactSequence AND status <> 'pending' AND costMicros IS NULL
            AND includedInArtifactId IS NULL)
    OR NEW.computation <> 1 + (
        SELECT coalesce(max(computation), 0) FROM computedCost WHERE artifactSequence = NEW.artifactSequence)
BEGIN
    SELECT RAISE(ABORT, 'a cost is computed where none was reported, each computation after the last');
END;

CREATE TRIGGER computedCostIsFixed BEFORE UPDATE ON computedCost
BEGIN
    SELECT RAISE(ABORT, 'a computed cost never changes');
END;

CREATE TRIGGER computedCostIsNotDeleted BEFORE DELETE ON computedCost
WHEN NOT EXISTS (
    SELECT 1 FROM event WHERE kind = 'deleted'
        AND artifactId = (SELECT artifactId FROM artifact WHERE sequence = OLD.artifactSequence))
BEGIN
    SELECT RAISE(ABORT, 'a computed cost never changes');
END;

-- Sums of usage: one row for the terminal artifacts of a day (UTC, of their creation) that are alike in all that sums
-- are asked by. Absent texts are '', since NULLs are never equal. Beside each sum stands how many artifacts know the
-- number. Artifacts whose usage another one covers are counted and add nothing else; they are included as long as that
-- other one is there.
CREATE TABLE usageByDay (
    day INTEGER NOT NULL,
    status TEXT NOT NULL,
    requestedModel TEXT NOT NULL,
    underlyingImageModel TEXT NOT NULL,
    provider TEXT NOT NULL,
    failureType TEXT NOT NULL,
    skillVersion TEXT NOT NULL,
    promptVersion TEXT NOT NULL,
    templateVersion TEXT NOT NULL,
    costCurrency TEXT NOT NULL,
    artifactCount INTEGER NOT NULL,
    includedCount INTEGER NOT NULL,
    costMicros INTEGER NOT NULL,
    inputTokens INTEGER NOT NULL,
    inputTokensKnown INTEGER NOT NULL,
    inputTextTokens INTEGER NOT NULL,
    inputTextTokensKnown INTEGER NOT NULL,
    inputImageTokens INTEGER NOT NULL,
    inputImageTokensKnown INTEGER NOT NULL,
    cachedInputTokens INTEGER NOT NULL,
    cachedInputTokensKnown INTEGER NOT NULL,
    cachedInputTextTokens INTEGER NOT NULL,
    cachedInputTextTokensKnown INTEGER NOT NULL,
    cachedInputImageTokens INTEGER NOT NULL,
    cachedInputImageTokensKnown INTEGER NOT NULL,
    cacheWriteInputTokens INTEGER NOT NULL,
    cacheWriteInputTokensKnown INTEGER NOT NULL,
    outputTokens INTEGER NOT NULL,
    outputTokensKnown INTEGER NOT NULL,
    outputTextTokens INTEGER NOT NULL,
    outputTextTokensKnown INTEGER NOT NULL,
    outputImageTokens INTEGER NOT NULL,
    outputImageTokensKnown INTEGER NOT NULL,
    totalTokens INTEGER NOT NULL,
    totalTokensKnown INTEGER NOT NULL,
    PRIMARY KEY (
        day, status, requestedModel, underlyingImageModel, provider, failureType,
        skillVersion, promptVersion, templateVersion, costCurrency)
) STRICT, WITHOUT ROWID;

-- What each artifact adds to its row.
CREATE VIEW artifactUsage AS
SELECT
    sequence, createdAt / 86400000 AS day, status, requestedModel,
    coalesce(underlyingImageModel, '') AS underlyingImageModel, coalesce(provider, '') AS provider,
    coalesce(failureType, '') AS failureType, coalesce(skillVersion, '') AS skillVersion,
    coalesce(promptVersion, '') AS promptVersion, coalesce(templateVersion, '') AS templateVersion,
    CASE WHEN includedInArtifactId IS NULL THEN coalesce(costCurrency, (
        SELECT costCurrency FROM computedCost
        WHERE artifactSequence = artifact.sequence ORDER BY computation DESC LIMIT 1), '') ELSE '' END AS costCurrency,
    EXISTS (
        SELECT 1 FROM artifact AS carrier WHERE carrier.artifactId = artifact.includedInArtifactId) AS isIncluded,
    CASE WHEN includedInArtifactId IS NULL THEN coalesce(costMicros, (
        SELECT costMicros FROM computedCost
        WHERE artifactSequence = artifact.sequence ORDER BY computation DESC LIMIT 1), 0) ELSE 0 END AS costMicros,
    CASE WHEN includedInArtifactId IS NULL THEN inputTokens END AS inputTokens,
    CASE WHEN includedInArtifactId IS NULL THEN inputTextTokens END AS inputTextTokens,
    CASE WHEN includedInArtifactId IS NULL THEN inputImageTokens END AS inputImageTokens,
    CASE WHEN includedInArtifactId IS NULL THEN cachedInputTokens END AS cachedInputTokens,
    CASE WHEN includedInArtifactId IS NULL THEN cachedInputTextTokens END AS cachedInputTextTokens,
    CASE WHEN includedInArtifactId IS NULL THEN cachedInputImageTokens END AS cachedInputImageTokens,
    CASE WHEN includedInArtifactId IS NULL THEN cacheWriteInputTokens END AS cacheWriteInputTokens,
    CASE WHEN includedInArtifactId IS NULL THEN outputTokens END AS outputTokens,
    CASE WHEN includedInArtifactId IS NULL THEN outputTextTokens END AS outputTextTokens,
    CASE WHEN includedInArtifactId IS NULL THEN outputImageTokens END AS outputImageTokens,
    CASE WHEN includedInArtifactId IS NULL THEN totalTokens END AS totalTokens
FROM artifact;

CREATE INDEX artifactByCarrier ON artifact (includedInArtifactId) WHERE includedInArtifactId IS NOT NULL;

-- Adds an artifact to its row (sign 1), or takes it away (sign -1). What has changed already is said as it was. This is
-- done behind a change and never before it: what a rule refuses under OR IGNORE has no effect.
CREATE VIEW usageChange AS
SELECT sequence AS artifactSequence, 1 AS sign, NULL AS isIncluded, NULL AS costCurrency, NULL AS costMicros
FROM artifact WHERE status <> 'pending';

CREATE TRIGGER usageChanged INSTEAD OF INSERT ON usageChange
BEGIN
    INSERT INTO usageByDay
    SELECT
        day, status, requestedModel, underlyingImageModel, provider, failureType,
        skillVersion, promptVersion, templateVersion, coalesce(NEW.costCurrency, costCurrency),
        NEW.sign, NEW.sign * coalesce(NEW.isIncluded, isIncluded), NEW.sign * coalesce(NEW.costMicros, costMicros),
        NEW.sign * coalesce(inputTokens, 0), NEW.sign * (inputTokens IS NOT NULL),
        NEW.sign * coalesce(inputTextTokens, 0), NEW.sign * (inputTextTokens IS NOT NULL),
        NEW.sign * coalesce(inputImageTokens, 0), NEW.sign * (inputImageTokens IS NOT NULL),
        NEW.sign * coalesce(cachedInputTokens, 0), NEW.sign * (cachedInputTokens IS NOT NULL),
        NEW.sign * coalesce(cachedInputTextTokens, 0), NEW.sign * (cachedInputTextTokens IS NOT NULL),
        NEW.sign * coalesce(cachedInputImageTokens, 0), NEW.sign * (cachedInputImageTokens IS NOT NULL),
        NEW.sign * coalesce(cacheWriteInputTokens, 0), NEW.sign * (cacheWriteInputTokens IS NOT NULL),
        NEW.sign * coalesce(outputTokens, 0), NEW.sign * (outputTokens IS NOT NULL),
        NEW.sign * coalesce(outputTextTokens, 0), NEW.sign * (outputTextTokens IS NOT NULL),
        NEW.sign * coalesce(outputImageTokens, 0), NEW.sign * (outputImageTokens IS NOT NULL),
        NEW.sign * coalesce(totalTokens, 0), NEW.sign * (totalTokens IS NOT NULL)
    FROM artifactUsage WHERE sequence = NEW.artifactSequence AND status <> 'pending'
    ON CONFLICT DO UPDATE SET
        artifactCount = artifactCount + excluded.artifactCount,
        includedCount = includedCount + excluded.includedCount,
        costMicros = costMicros + excluded.costMicros,
        inputTokens = inputTokens + excluded.inputTokens,
        inputTokensKnown = inputTokensKnown + excluded.inputTokensKnown,
        inputTextTokens = inputTextTokens + excluded.inputTextTokens,
        inputTextTokensKnown = inputTextTokensKnown + excluded.inputTextTokensKnown,
        inputImageTokens = inputImageTokens + excluded.inputImageTokens,
        inputImageTokensKnown = inputImageTokensKnown + excluded.inputImageTokensKnown,
        cachedInputTokens = cachedInputTokens + excluded.cachedInputTokens,
        cachedInputTokensKnown = cachedInputTokensKnown + excluded.cachedInputTokensKnown,
        cachedInputTextTokens = cachedInputTextTokens + excluded.cachedInputTextTokens,
        cachedInputTextTokensKnown = cachedInputTextTokensKnown + excluded.cachedInputTextTokensKnown,
        cachedInputImageTokens = cachedInputImageTokens + excluded.cachedInputImageTokens,
        cachedInputImageTokensKnown = cachedInputImageTokensKnown + excluded.cachedInputImageTokensKnown,
        cacheWriteInputTokens = cacheWriteInputTokens + excluded.cacheWriteInputTokens,
        cacheWriteInputTokensKnown = cacheWriteInputTokensKnown + excluded.cacheWriteInputTokensKnown,
        outputTokens = outputTokens + excluded.outputTokens,
        outputTokensKnown = outputTokensKnown + excluded.outputTokensKnown,
        outputTextTokens = outputTextTokens + excluded.outputTextTokens,
        outputTextTokensKnown = outputTextTokensKnown + excluded.outputTextTokensKnown,
        outputImageTokens = outputImageTokens + excluded.outputImageTokens,
        outputImageTokensKnown = outputImageTokensKnown + excluded.outputImageTokensKnown,
        totalTokens = totalTokens + excluded.totalTokens,
        totalTokensKnown = totalTokensKnown + excluded.totalTokensKnown;
END;

-- An artifact that others said would cover them.
CREATE TRIGGER artifactCoversOthers AFTER INSERT ON artifact
WHEN EXISTS (SELECT 1 FROM artifact WHERE includedInArtifactId = NEW.artifactId)
BEGIN
    INSERT INTO usageChange (artifactSequence, sign, isIncluded)
    SELECT sequence, -1, 0 FROM artifact WHERE includedInArtifactId = NEW.artifactId;
    INSERT INTO usageChange (artifactSequence, sign)
    SELECT sequence, 1 FROM artifact WHERE includedInArtifactId = NEW.artifactId;
END;

CREATE TRIGGER computedCostAdded AFTER INSERT ON computedCost
BEGIN
    INSERT INTO usageChange (artifactSequence, sign, costCurrency, costMicros)
    SELECT NEW.artifactSequence, -1, coalesce(max(costCurrency), ''), coalesce(max(costMicros), 0)
    FROM computedCost WHERE artifactSequence = NEW.artifactSequence AND computation = NEW.computation - 1;
    INSERT INTO usageChange (artifactSequence, sign) VALUES (NEW.artifactSequence, 1);
END;

CREATE TRIGGER costRecomputed AFTER INSERT ON computedCost WHEN NEW.computation > 1
BEGIN
    INSERT INTO event (kind, artifactId, parentRunId, occurredAt, claimOwner, fencingToken)
    SELECT 'cost_recomputed', artifactId, parentRunId, NEW.computedAt, claimOwner, fencingToken
    FROM artifact WHERE sequence = NEW.artifactSequence;
END;

-- data-dependent: the sums of every artifact that there is
INSERT INTO usageChange (artifactSequence, sign) SELECT sequence, 1 FROM artifact WHERE status <> 'pending';

-- Prompt search. The index holds no copy of the texts: it reads them in artifact.
CREATE VIRTUAL TABLE promptSearch USING fts5 (
    prompt, revisedPrompt, content = 'artifact', content_rowid = 'sequence',
    tokenize = 'unicode61 remove_diacritics 2');

CREATE TRIGGER promptSearchFollowsCreation AFTER INSERT ON artifact
BEGIN
    INSERT INTO promptSearch (rowid, prompt, revisedPrompt) VALUES (NEW.sequence, NEW.prompt, NEW.revisedPrompt);
END;

CREATE TRIGGER promptSearchFollowsRevision AFTER UPDATE OF revisedPrompt ON artifact
WHEN NEW.revisedPrompt IS NOT OLD.revisedPrompt
BEGIN
    INSERT INTO promptSearch (promptSearch, rowid, prompt, revisedPrompt)
    VALUES ('delete', OLD.sequence, OLD.prompt, OLD.revisedPrompt);
    INSERT INTO promptSearch (rowid, prompt, revisedPrompt) VALUES (NEW.sequence, NEW.prompt, NEW.revisedPrompt);
END;

CREATE TRIGGER promptSearchFollowsDeletion AFTER DELETE ON artifact
BEGIN
    INSERT INTO promptSearch (promptSearch, rowid, prompt, revisedPrompt)
    VALUES ('delete', OLD.sequence, OLD.prompt, OLD.revisedPrompt);
END;

-- The words of every artifact that there is.
INSERT INTO promptSearch (promptSearch) VALUES ('rebuild');
