-- Version 3: what of the input came from a cache, by modality, and what was written to one.
--
-- Providers charge cached text, cached images and writing to the cache at prices of their own. Version 1 kept only their
-- sum; the rest stood in providerUsage, where nothing could filter or add it up. A terminal artifact never changes, and
-- the constraints of the three statuses name the columns of the usage: so the table is made anew, and the numbers are
-- read out of what the provider said. What it did not say stays NULL.

-- These stand on other tables and mention artifact; while it is gone, SQLite would refuse to rename.
DROP TRIGGER promptPartIsNotReplaced;
DROP TRIGGER eventAgreesWithItsArtifact;

CREATE TABLE artifactNew (
    -- Identity. The sequence is the order of creation; clocks may go back, it never does.
    sequence INTEGER PRIMARY KEY AUTOINCREMENT CHECK (sequence BETWEEN 1 AND 9007199254740991),
    artifactId TEXT NOT NULL
        CHECK (length(CAST(artifactId AS BLOB)) BETWEEN 1 AND 128 AND instr(artifactId, char(0)) = 0)
        CHECK (instr(artifactId, '=') = 0 OR (instr(lower(artifactId), 'x-amz-signature=') = 0
            AND instr(lower(artifactId), 'x-goog-signature=') = 0
            AND (instr(lower(artifactId), 'sig=') = 0 OR instr(lower(artifactId), 'se=') = 0))),
    artifactType TEXT NOT NULL DEFAULT 'generated_image' CHECK (artifactType IN ('generated_image')),
    parentRunType TEXT NOT NULL DEFAULT 'skill_run' CHECK (parentRunType IN ('skill_run')),
    parentRunId TEXT NOT NULL
        CHECK (length(CAST(parentRunId AS BLOB)) BETWEEN 1 AND 256 AND instr(parentRunId, char(0)) = 0)
        CHECK (instr(parentRunId, '=') = 0 OR (instr(lower(parentRunId), 'x-amz-signature=') = 0
            AND instr(lower(parentRunId), 'x-goog-signature=') = 0
            AND (instr(lower(parentRunId), 'sig=') = 0 OR instr(lower(parentRunId), 'se=') = 0))),
    idempotencyKey TEXT
        CHECK (length(CAST(idempotencyKey AS BLOB)) BETWEEN 1 AND 256 AND instr(idempotencyKey, char(0)) = 0)
        CHECK (instr(idempotencyKey, '=') = 0 OR (instr(lower(idempotencyKey), 'x-amz-signature=') = 0
            AND instr(lower(idempotencyKey), 'x-goog-signature=') = 0
            AND (instr(lower(idempotencyKey), 'sig=') = 0 OR instr(lower(idempotencyKey), 'se=') = 0))),
    requestFingerprint TEXT NOT NULL
        CHECK (length(requestFingerprint) = 64 AND requestFingerprint NOT GLOB '*[^0-9a-f]*'),

    -- Lifecycle. completedAt is the moment the artifact left pending.
    status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'completed', 'failed')),
    createdAt INTEGER NOT NULL CHECK (createdAt BETWEEN 0 AND 253402300799999),
    completedAt INTEGER CHECK (completedAt BETWEEN 0 AND 253402300799999),

    -- Claim. Kept after the end: it says who finished the artifact.
    claimOwner TEXT NOT NULL
        CHECK (length(CAST(claimOwner AS BLOB)) BETWEEN 1 AND 256 AND instr(claimOwner, char(0)) = 0)
        CHECK (instr(claimOwner, '=') = 0 OR (instr(lower(claimOwner), 'x-amz-signature=') = 0
            AND instr(lower(claimOwner), 'x-goog-signature=') = 0
            AND (instr(lower(claimOwner), 'sig=') = 0 OR instr(lower(claimOwner), 'se=') = 0))),
    fencingToken INTEGER NOT NULL CHECK (fencingToken BETWEEN 1 AND 1000000000000),
    claimedAt INTEGER NOT NULL CHECK (claimedAt BETWEEN 0 AND 253402300799999),
    claimExpiresAt INTEGER NOT NULL CHECK (claimExpiresAt BETWEEN 0 AND 253402300799999),

    -- Request: what was asked. JSON is checked by its braces only: SQLite refuses json_valid() in a schema that is not
    -- trusted, and this one is opened with trusted_schema = OFF.
    prompt TEXT NOT NULL
        CHECK (length(CAST(prompt AS BLOB)) BETWEEN 1 AND 131072 AND instr(prompt, char(0)) = 0)
        CHECK (instr(prompt, '=') = 0 OR (instr(lower(prompt), 'x-amz-signature=') = 0
            AND instr(lower(prompt), 'x-goog-signature=') = 0
            AND (instr(lower(prompt), 'sig=') = 0 OR instr(lower(prompt), 'se=') = 0))),
    requestedModel TEXT NOT NULL
        CHECK (length(CAST(requestedModel AS BLOB)) BETWEEN 1 AND 256 AND instr(requestedModel, char(0)) = 0)
        CHECK (instr(requestedModel, '=') = 0 OR (instr(lower(requestedModel), 'x-amz-signature=') = 0
            AND instr(lower(requestedModel), 'x-goog-signature=') = 0
            AND (instr(lower(requestedModel), 'sig=') = 0 OR instr(lower(requestedModel), 'se=') = 0))),
    size TEXT
        CHECK (length(CAST(size AS BLOB)) BETWEEN 1 AND 256 AND instr(size, char(0)) = 0)
        CHECK (instr(size, '=') = 0 OR (instr(lower(size), 'x-amz-signature=') = 0
            AND instr(lower(size), 'x-goog-signature=') = 0
            AND (instr(lower(size), 'sig=') = 0 OR instr(lower(size), 'se=') = 0))),
    quality TEXT
        CHECK (length(CAST(quality AS BLOB)) BETWEEN 1 AND 256 AND instr(quality, char(0)) = 0)
        CHECK (instr(quality, '=') = 0 OR (instr(lower(quality), 'x-amz-signature=') = 0
            AND instr(lower(quality), 'x-goog-signature=') = 0
            AND (instr(lower(quality), 'sig=') = 0 OR instr(lower(quality), 'se=') = 0))),
    background TEXT
        CHECK (length(CAST(background AS BLOB)) BETWEEN 1 AND 256 AND instr(background, char(0)) = 0)
        CHECK (instr(background, '=') = 0 OR (instr(lower(background), 'x-amz-signature=') = 0
            AND instr(lower(background), 'x-goog-signature=') = 0
            AND (instr(lower(background), 'sig=') = 0 OR instr(lower(background), 'se=') = 0))),
    outputFormat TEXT
        CHECK (length(CAST(outputFormat AS BLOB)) BETWEEN 1 AND 256 AND instr(outputFormat, char(0)) = 0)
        CHECK (instr(outputFormat, '=') = 0 OR (instr(lower(outputFormat), 'x-amz-signature=') = 0
            AND instr(lower(outputFormat), 'x-goog-signature=') = 0
            AND (instr(lower(outputFormat), 'sig=') = 0 OR instr(lower(outputFormat), 'se=') = 0))),
    seed INTEGER,
    extraParameters TEXT
        CHECK (length(CAST(extraParameters AS BLOB)) BETWEEN 1 AND 262144 AND instr(extraParameters, char(0)) = 0)
        CHECK (instr(extraParameters, '=') = 0 OR (instr(lower(extraParameters), 'x-amz-signature=') = 0
            AND instr(lower(extraParameters), 'x-goog-signature=') = 0
            AND (instr(lower(extraParameters), 'sig=') = 0 OR instr(lower(extraParameters), 'se=') = 0)))
        CHECK (extraParameters GLOB '{*}'),

    -- Context: the versions in force. The prompt composition is in promptPart.
    skillVersion TEXT
        CHECK (length(CAST(skillVersion AS BLOB)) BETWEEN 1 AND 256 AND instr(skillVersion, char(0)) = 0)
        CHECK (instr(skillVersion, '=') = 0 OR (instr(lower(skillVersion), 'x-amz-signature=') = 0
            AND instr(lower(skillVersion), 'x-goog-signature=') = 0
            AND (instr(lower(skillVersion), 'sig=') = 0 OR instr(lower(skillVersion), 'se=') = 0))),
    promptVersion TEXT
        CHECK (length(CAST(promptVersion AS BLOB)) BETWEEN 1 AND 256 AND instr(promptVersion, char(0)) = 0)
        CHECK (instr(promptVersion, '=') = 0 OR (instr(lower(promptVersion), 'x-amz-signature=') = 0
            AND instr(lower(promptVersion), 'x-goog-signature=') = 0
            AND (instr(lower(promptVersion), 'sig=') = 0 OR instr(lower(promptVersion), 'se=') = 0))),
    templateVersion TEXT
        CHECK (length(CAST(templateVersion AS BLOB)) BETWEEN 1 AND 256 AND instr(templateVersion, char(0)) = 0)
        CHECK (instr(templateVersion, '=') = 0 OR (instr(lower(templateVersion), 'x-amz-signature=') = 0
            AND instr(lower(templateVersion), 'x-goog-signature=') = 0
            AND (instr(lower(templateVersion), 'sig=') = 0 OR instr(lower(templateVersion), 'se=') = 0))),

    -- Storage: the durable reference, and facts about the bytes.
    storageKind TEXT
        CHECK (length(CAST(storageKind AS BLOB)) BETWEEN 1 AND 256 AND instr(storageKind, char(0)) = 0)
        CHECK (instr(storageKind, '=') = 0 OR (instr(lower(storageKind), 'x-amz-signature=') = 0
            AND instr(lower(storageKind), 'x-goog-signature=') = 0
            AND (instr(lower(storageKind), 'sig=') = 0 OR instr(lower(storageKind), 'se=') = 0))),
    bucket TEXT
        CHECK (length(CAST(bucket AS BLOB)) BETWEEN 1 AND 256 AND instr(bucket, char(0)) = 0)
        CHECK (instr(bucket, '=') = 0 OR (instr(lower(bucket), 'x-amz-signature=') = 0
            AND instr(lower(bucket), 'x-goog-signature=') = 0
            AND (instr(lower(bucket), 'sig=') = 0 OR instr(lower(bucket), 'se=') = 0))),
    objectKey TEXT
        CHECK (length(CAST(objectKey AS BLOB)) BETWEEN 1 AND 1024 AND instr(objectKey, char(0)) = 0)
        CHECK (instr(objectKey, '=') = 0 OR (instr(lower(objectKey), 'x-amz-signature=') = 0
            AND instr(lower(objectKey), 'x-goog-signature=') = 0
            AND (instr(lower(objectKey), 'sig=') = 0 OR instr(lower(objectKey), 'se=') = 0)))
        CHECK (instr(objectKey, '\') = 0 AND instr('/' || objectKey || '/', '//') = 0
            AND instr('/' || objectKey || '/', '/./') = 0 AND instr('/' || objectKey || '/', '/../') = 0),
    contentType TEXT
        CHECK (length(CAST(contentType AS BLOB)) BETWEEN 1 AND 256 AND instr(contentType, char(0)) = 0)
        CHECK (instr(contentType, '=') = 0 OR (instr(lower(contentType), 'x-amz-signature=') = 0
            AND instr(lower(contentType), 'x-goog-signature=') = 0
            AND (instr(lower(contentType), 'sig=') = 0 OR instr(lower(contentType), 'se=') = 0))),
    byteCount INTEGER CHECK (byteCount BETWEEN 1 AND 1099511627776),
    sha256 TEXT
        CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
    width INTEGER CHECK (width BETWEEN 1 AND 65535),
    height INTEGER CHECK (height BETWEEN 1 AND 65535),

    -- Model execution: what ran.
    provider TEXT
        CHECK (length(CAST(provider AS BLOB)) BETWEEN 1 AND 256 AND instr(provider, char(0)) = 0)
        CHECK (instr(provider, '=') = 0 OR (instr(lower(provider), 'x-amz-signature=') = 0
            AND instr(lower(provider), 'x-goog-signature=') = 0
            AND (instr(lower(provider), 'sig=') = 0 OR instr(lower(provider), 'se=') = 0))),
    imageGenerationMode TEXT
        CHECK (imageGenerationMode IN ('none', 'direct_image_model',
            'hosted_image_generation_tool')),
    underlyingImageModel TEXT
        CHECK (length(CAST(underlyingImageModel AS BLOB)) BETWEEN 1 AND 256 AND instr(underlyingImageModel, char(0)) = 0)
        CHECK (instr(underlyingImageModel, '=') = 0 OR (instr(lower(underlyingImageModel), 'x-amz-signature=') = 0
            AND instr(lower(underlyingImageModel), 'x-goog-signature=') = 0
            AND (instr(lower(underlyingImageModel), 'sig=') = 0 OR instr(lower(underlyingImageModel), 'se=') = 0))),
    hostedToolOutputType TEXT
        CHECK (length(CAST(hostedToolOutputType AS BLOB)) BETWEEN 1 AND 256 AND instr(hostedToolOutputType, char(0)) = 0)
        CHECK (instr(hostedToolOutputType, '=') = 0 OR (instr(lower(hostedToolOutputType), 'x-amz-signature=') = 0
            AND instr(lower(hostedToolOutputType), 'x-goog-signature=') = 0
            AND (instr(lower(hostedToolOutputType), 'sig=') = 0 OR instr(lower(hostedToolOutputType), 'se=') = 0))),
    providerRequestId TEXT
        CHECK (length(CAST(providerRequestId AS BLOB)) BETWEEN 1 AND 256 AND instr(providerRequestId, char(0)) = 0)
        CHECK (instr(providerRequestId, '=') = 0 OR (instr(lower(providerRequestId), 'x-amz-signature=') = 0
            AND instr(lower(providerRequestId), 'x-goog-signature=') = 0
            AND (instr(lower(providerRequestId), 'sig=') = 0 OR instr(lower(providerRequestId), 'se=') = 0))),
    revisedPrompt TEXT
        CHECK (length(CAST(revisedPrompt AS BLOB)) BETWEEN 1 AND 131072 AND instr(revisedPrompt, char(0)) = 0)
        CHECK (instr(revisedPrompt, '=') = 0 OR (instr(lower(revisedPrompt), 'x-amz-signature=') = 0
            AND instr(lower(revisedPrompt), 'x-goog-signature=') = 0
            AND (instr(lower(revisedPrompt), 'sig=') = 0 OR instr(lower(revisedPrompt), 'se=') = 0))),

    -- Usage. Unknown is NULL, never 0. Money is in millionths of the currency's unit.
    inputTokens INTEGER CHECK (inputTokens BETWEEN 0 AND 1000000000000),
    inputTextTokens INTEGER CHECK (inputTextTokens BETWEEN 0 AND 1000000000000),
    inputImageTokens INTEGER CHECK (inputImageTokens BETWEEN 0 AND 1000000000000),
    cachedInputTokens INTEGER CHECK (cachedInputTokens BETWEEN 0 AND 1000000000000),
    cachedInputTextTokens INTEGER CHECK (cachedInputTextTokens BETWEEN 0 AND 1000000000000),
    cachedInputImageTokens INTEGER CHECK (cachedInputImageTokens BETWEEN 0 AND 1000000000000),
    cacheWriteInputTokens INTEGER CHECK (cacheWriteInputTokens BETWEEN 0 AND 1000000000000),
    outputTokens INTEGER CHECK (outputTokens BETWEEN 0 AND 1000000000000),
    outputTextTokens INTEGER CHECK (outputTextTokens BETWEEN 0 AND 1000000000000),
    outputImageTokens INTEGER CHECK (outputImageTokens BETWEEN 0 AND 1000000000000),
    totalTokens INTEGER CHECK (totalTokens BETWEEN 0 AND 1000000000000),
    imageCount INTEGER CHECK (imageCount BETWEEN 0 AND 1000000000000),
    durationMs INTEGER CHECK (durationMs BETWEEN 0 AND 1000000000000),
    costMicros INTEGER CHECK (costMicros BETWEEN 0 AND 1000000000000),
    costCurrency TEXT CHECK (costCurrency GLOB '[A-Z][A-Z][A-Z]'),
    providerUsage TEXT
        CHECK (length(CAST(providerUsage AS BLOB)) BETWEEN 1 AND 262144 AND instr(providerUsage, char(0)) = 0)
        CHECK (instr(providerUsage, '=') = 0 OR (instr(lower(providerUsage), 'x-amz-signature=') = 0
            AND instr(lower(providerUsage), 'x-goog-signature=') = 0
            AND (instr(lower(providerUsage), 'sig=') = 0 OR instr(lower(providerUsage), 'se=') = 0)))
        CHECK (providerUsage GLOB '{*}'),
    includedInArtifactId TEXT
        CHECK (length(CAST(includedInArtifactId AS BLOB)) BETWEEN 1 AND 128 AND instr(includedInArtifactId, char(0)) = 0)
        CHECK (instr(includedInArtifactId, '=') = 0 OR (instr(lower(includedInArtifactId), 'x-amz-signature=') = 0
            AND instr(lower(includedInArtifactId), 'x-goog-signature=') = 0
            AND (instr(lower(includedInArtifactId), 'sig=') = 0 OR instr(lower(includedInArtifactId), 'se=') = 0))),

    -- Failure. retryAfter is in seconds.
    failureType TEXT
        CHECK (failureType IN ('provider_unavailable', 'unsupported_model', 'invalid_image_request',
            'unsafe_image_request', 'generation_failed', 'artifact_storage_failed')),
    failureMessage TEXT
        CHECK (length(CAST(failureMessage AS BLOB)) BETWEEN 1 AND 8192 AND instr(failureMessage, char(0)) = 0)
        CHECK (instr(failureMessage, '=') = 0 OR (instr(lower(failureMessage), 'x-amz-signature=') = 0
            AND instr(lower(failureMessage), 'x-goog-signature=') = 0
            AND (instr(lower(failureMessage), 'sig=') = 0 OR instr(lower(failureMessage), 'se=') = 0))),
    failureRecoveryGuidance TEXT
        CHECK (length(CAST(failureRecoveryGuidance AS BLOB)) BETWEEN 1 AND 8192 AND instr(failureRecoveryGuidance, char(0)) = 0)
        CHECK (instr(failureRecoveryGuidance, '=') = 0 OR (instr(lower(failureRecoveryGuidance), 'x-amz-signature=') = 0
            AND instr(lower(failureRecoveryGuidance), 'x-goog-signature=') = 0
            AND (instr(lower(failureRecoveryGuidance), 'sig=') = 0 OR instr(lower(failureRecoveryGuidance), 'se=') = 0))),
    failureRetryable INTEGER CHECK (failureRetryable IN (0, 1)),
    failureRetryAfter INTEGER CHECK (failureRetryAfter BETWEEN 0 AND 31536000),
    failureAction TEXT
        CHECK (failureAction IN ('retry_later', 'change_prompt', 'change_parameters',
            'choose_model', 'fix_storage', 'contact_operator')),
    failureProviderCode TEXT
        CHECK (length(CAST(failureProviderCode AS BLOB)) BETWEEN 1 AND 256 AND instr(failureProviderCode, char(0)) = 0)
        CHECK (instr(failureProviderCode, '=') = 0 OR (instr(lower(failureProviderCode), 'x-amz-signature=') = 0
            AND instr(lower(failureProviderCode), 'x-goog-signature=') = 0
            AND (instr(lower(failureProviderCode), 'sig=') = 0 OR instr(lower(failureProviderCode), 'se=') = 0))),

    CONSTRAINT pendingHasNoOutcome CHECK (
        status <> 'pending' OR (
            completedAt IS NULL AND storageKind IS NULL AND bucket IS NULL AND objectKey IS NULL AND contentType IS NULL
            AND byteCount IS NULL AND sha256 IS NULL AND width IS NULL AND height IS NULL
            AND provider IS NULL AND imageGenerationMode IS NULL AND underlyingImageModel IS NULL
            AND hostedToolOutputType IS NULL AND providerRequestId IS NULL AND revisedPrompt IS NULL
            AND inputTokens IS NULL AND inputTextTokens IS NULL AND inputImageTokens IS NULL
            AND cachedInputTokens IS NULL AND cachedInputTextTokens IS NULL AND cachedInputImageTokens IS NULL
            AND cacheWriteInputTokens IS NULL AND outputTokens IS NULL AND outputTextTokens IS NULL
            AND outputImageTokens IS NULL AND totalTokens IS NULL AND imageCount IS NULL
            AND durationMs IS NULL AND costMicros IS NULL AND costCurrency IS NULL
            AND providerUsage IS NULL AND includedInArtifactId IS NULL AND failureType IS NULL
            AND failureMessage IS NULL AND failureRecoveryGuidance IS NULL AND failureRetryable IS NULL
            AND failureAction IS NULL AND failureRetryAfter IS NULL AND failureProviderCode IS NULL)),
    CONSTRAINT completedIsComplete CHECK (
        status <> 'completed' OR (
            completedAt IS NOT NULL AND storageKind IS NOT NULL AND bucket IS NOT NULL AND objectKey IS NOT NULL
            AND provider IS NOT NULL AND imageGenerationMode IS NOT 'none'
            AND failureType IS NULL AND failureMessage IS NULL AND failureRecoveryGuidance IS NULL
            AND failureRetryable IS NULL AND failureAction IS NULL AND failureRetryAfter IS NULL
            AND failureProviderCode IS NULL)),
    CONSTRAINT failedIsComplete CHECK (
        status <> 'failed' OR (
            completedAt IS NOT NULL AND failureType IS NOT NULL AND failureMessage IS NOT NULL
            AND failureRecoveryGuidance IS NOT NULL AND failureRetryable IS NOT NULL AND failureAction IS NOT NULL
            AND storageKind IS NULL AND bucket IS NULL AND objectKey IS NULL AND contentType IS NULL
            AND byteCount IS NULL AND sha256 IS NULL AND width IS NULL AND height IS NULL)),
    CONSTRAINT leavesPendingAfterItsCreation CHECK (completedAt >= createdAt),
    CONSTRAINT executionNamesItsProvider CHECK (
        provider IS NOT NULL OR (imageGenerationMode IS NULL AND underlyingImageModel IS NULL AND hostedToolOutputType IS NULL
            AND providerRequestId IS NULL AND revisedPrompt IS NULL)),
    CONSTRAINT hostedToolRanInHostedMode CHECK (
        hostedToolOutputType IS NULL OR imageGenerationMode IS 'hosted_image_generation_tool'),
    CONSTRAINT costHasItsCurrency CHECK ((costMicros IS NULL) = (costCurrency IS NULL))
) STRICT;

-- data-dependent: every row of version 1 and 2 obeys the new constraints, which ask nothing but a range of new columns
INSERT INTO artifactNew (
    sequence, artifactId, artifactType, parentRunType, parentRunId, idempotencyKey, requestFingerprint, status,
    createdAt, completedAt, claimOwner, fencingToken, claimedAt, claimExpiresAt, prompt, requestedModel, size,
    quality, background, outputFormat, seed, extraParameters, skillVersion, promptVersion, templateVersion,
    storageKind, bucket, objectKey, contentType, byteCount, sha256, width, height, provider, imageGenerationMode,
    underlyingImageModel, hostedToolOutputType, providerRequestId, revisedPrompt, inputTokens, inputTextTokens,
    inputImageTokens, cachedInputTokens, outputTokens, outputTextTokens, outputImageTokens, totalTokens,
    imageCount, durationMs, costMicros, costCurrency, providerUsage, includedInArtifactId, failureType,
    failureMessage, failureRecoveryGuidance, failureRetryable, failureRetryAfter, failureAction,
    failureProviderCode, cachedInputTextTokens, cachedInputImageTokens, cacheWriteInputTokens)
SELECT
    sequence, artifactId, artifactType, parentRunType, parentRunId, idempotencyKey, requestFingerprint, status,
    createdAt, completedAt, claimOwner, fencingToken, claimedAt, claimExpiresAt, prompt, requestedModel, size,
    quality, background, outputFormat, seed, extraParameters, skillVersion, promptVersion, templateVersion,
    storageKind, bucket, objectKey, contentType, byteCount, sha256, width, height, provider, imageGenerationMode,
    underlyingImageModel, hostedToolOutputType, providerRequestId, revisedPrompt, inputTokens, inputTextTokens,
    inputImageTokens, cachedInputTokens, outputTokens, outputTextTokens, outputImageTokens, totalTokens,
    imageCount, durationMs, costMicros, costCurrency, providerUsage, includedInArtifactId, failureType,
    failureMessage, failureRecoveryGuidance, failureRetryable, failureRetryAfter, failureAction,
    failureProviderCode,
        CASE WHEN json_valid(providerUsage) AND json_type(providerUsage, '$.cacheTokensDetails') = 'array' THEN (
            SELECT CASE WHEN count(*) = 1 AND json_type(max(value), '$.tokenCount') = 'integer'
                AND json_extract(max(value), '$.tokenCount') BETWEEN 0 AND 1000000000000
                THEN json_extract(max(value), '$.tokenCount') END
            FROM json_each(providerUsage, '$.cacheTokensDetails')
            WHERE type = 'object' AND json_extract(value, '$.modality') = 'TEXT') END,
        CASE WHEN json_valid(providerUsage) AND json_type(providerUsage, '$.cacheTokensDetails') = 'array' THEN (
            SELECT CASE WHEN count(*) = 1 AND json_type(max(value), '$.tokenCount') = 'integer'
                AND json_extract(max(value), '$.tokenCount') BETWEEN 0 AND 1000000000000
                THEN json_extract(max(value), '$.tokenCount') END
            FROM json_each(providerUsage, '$.cacheTokensDetails')
            WHERE type = 'object' AND json_extract(value, '$.modality') = 'IMAGE') END,
        CASE WHEN json_valid(providerUsage)
            AND json_type(providerUsage, '$.input_tokens_details.cache_write_tokens') = 'integer'
            AND json_extract(providerUsage, '$.input_tokens_details.cache_write_tokens') BETWEEN 0 AND 1000000000000
            THEN json_extract(providerUsage, '$.input_tokens_details.cache_write_tokens') END
FROM artifact ORDER BY sequence;

-- data-dependent: sequences must not be given twice, even if the last rows of artifact were removed by force
UPDATE sqlite_sequence
SET seq = max(seq, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'artifact'), 0))
WHERE name = 'artifactNew';

DROP TABLE artifact;

ALTER TABLE artifactNew RENAME TO artifact;

CREATE UNIQUE INDEX artifactById ON artifact (artifactId);
CREATE INDEX artifactByRun ON artifact (parentRunId);
CREATE UNIQUE INDEX artifactByIdempotencyKey ON artifact (parentRunId, idempotencyKey)
    WHERE idempotencyKey IS NOT NULL;
CREATE UNIQUE INDEX artifactByStorageReference ON artifact (objectKey, bucket, storageKind)
    WHERE objectKey IS NOT NULL;
CREATE INDEX artifactByStatus ON artifact (status);
CREATE INDEX artifactByClaimExpiry ON artifact (claimExpiresAt) WHERE status = 'pending';
CREATE INDEX artifactByRequestedModel ON artifact (requestedModel);
CREATE INDEX artifactByUnderlyingImageModel ON artifact (underlyingImageModel) WHERE underlyingImageModel IS NOT NULL;
CREATE INDEX artifactByProvider ON artifact (provider) WHERE provider IS NOT NULL;
CREATE INDEX artifactByFailureType ON artifact (failureType) WHERE failureType IS NOT NULL;
CREATE INDEX artifactBySkillVersion ON artifact (skillVersion) WHERE skillVersion IS NOT NULL;
CREATE INDEX artifactByPromptVersion ON artifact (promptVersion) WHERE promptVersion IS NOT NULL;
CREATE INDEX artifactByTemplateVersion ON artifact (templateVersion) WHERE templateVersion IS NOT NULL;

CREATE TRIGGER artifactStartsPending BEFORE INSERT ON artifact WHEN NEW.status <> 'pending'
BEGIN
    SELECT RAISE(ABORT, 'an artifact starts pending');
END;

CREATE TRIGGER artifactIsNotReplaced BEFORE INSERT ON artifact
WHEN EXISTS (SELECT 1 FROM artifact WHERE artifactId = NEW.artifactId)
    OR EXISTS (SELECT 1 FROM artifact WHERE sequence = NEW.sequence)
    OR EXISTS (SELECT 1 FROM artifact WHERE parentRunId = NEW.parentRunId AND idempotencyKey = NEW.idempotencyKey)
BEGIN
    SELECT RAISE(ABORT, 'the artifact id, sequence or idempotency key is taken');
END;

CREATE TRIGGER artifactReferenceIsNotReplaced BEFORE UPDATE ON artifact
WHEN NEW.objectKey IS NOT NULL AND EXISTS (
    SELECT 1 FROM artifact WHERE objectKey = NEW.objectKey AND bucket = NEW.bucket
        AND storageKind = NEW.storageKind AND sequence <> OLD.sequence)
BEGIN
    SELECT RAISE(ABORT, 'the storage reference belongs to another artifact');
END;

CREATE TRIGGER artifactTerminalIsFinal BEFORE UPDATE ON artifact WHEN OLD.status <> 'pending'
BEGIN
    SELECT RAISE(ABORT, 'a terminal artifact never changes');
END;

CREATE TRIGGER artifactSequenceIsFixed BEFORE UPDATE ON artifact WHEN NEW.sequence <> OLD.sequence
BEGIN
    SELECT RAISE(ABORT, 'a sequence never changes');
END;

CREATE TRIGGER artifactRequestIsFixed BEFORE UPDATE OF
    artifactId, artifactType, parentRunType, parentRunId, idempotencyKey, requestFingerprint, createdAt,
    prompt, requestedModel, size, quality, background, outputFormat, seed, extraParameters, skillVersion,
    promptVersion, templateVersion
ON artifact
BEGIN
    SELECT RAISE(ABORT, 'what was asked never changes');
END;

CREATE TRIGGER artifactFencingTokenGrows BEFORE UPDATE OF fencingToken ON artifact
WHEN NEW.fencingToken NOT IN (OLD.fencingToken, OLD.fencingToken + 1)
BEGIN
    SELECT RAISE(ABORT, 'a fencing token grows by one at a take-over');
END;

CREATE TRIGGER artifactClaimIsTakenOver BEFORE UPDATE OF claimOwner, claimedAt ON artifact
WHEN NEW.fencingToken = OLD.fencingToken
BEGIN
    SELECT RAISE(ABORT, 'a claim changes hands only with a higher fencing token');
END;

CREATE TRIGGER artifactClaimIsNotShortened BEFORE UPDATE OF claimExpiresAt ON artifact
WHEN NEW.fencingToken = OLD.fencingToken AND NEW.claimExpiresAt < OLD.claimExpiresAt
BEGIN
    SELECT RAISE(ABORT, 'a claim never gets shorter');
END;

CREATE TRIGGER artifactIsNotDeleted BEFORE DELETE ON artifact
BEGIN
    SELECT RAISE(ABORT, 'artifacts are not deleted');
END;

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

CREATE TRIGGER promptPartIsNotReplaced BEFORE INSERT ON promptPart
WHEN EXISTS (
    SELECT 1 FROM promptPart WHERE artifactSequence = NEW.artifactSequence AND position = NEW.position)
    OR (SELECT status FROM artifact WHERE sequence = NEW.artifactSequence) IS NOT 'pending'
BEGIN
    SELECT RAISE(ABORT, 'what was asked never changes');
END;

CREATE TRIGGER eventAgreesWithItsArtifact BEFORE INSERT ON event
WHEN NOT EXISTS (
    SELECT 1 FROM artifact
    WHERE artifactId = NEW.artifactId AND parentRunId = NEW.parentRunId AND claimOwner = NEW.claimOwner
        AND fencingToken = NEW.fencingToken AND failureType IS NEW.failureType
        AND status = CASE NEW.kind WHEN 'created' THEN 'pending' WHEN 'taken_over' THEN 'pending' ELSE NEW.kind END)
BEGIN
    SELECT RAISE(ABORT, 'an event says what happened to an artifact');
END;
