-- The schema of version 5, made by the migrations. Do not edit: make schema.

CREATE TABLE "artifact" (
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
            AND (instr(lower(failureProviderCode), 'sig=') = 0 OR instr(lower(failureProviderCode), 'se=') = 0))), imageGenerationSupport TEXT
    CHECK (imageGenerationSupport IN ('yes', 'no', 'unknown')), catalogueRevision INTEGER REFERENCES catalogueRevision (revision)
    CHECK (catalogueRevision IS NULL OR imageGenerationSupport IS NOT NULL),

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

CREATE TABLE artifactHour (
    hour INTEGER PRIMARY KEY,
    firstSequence INTEGER NOT NULL,
    lastSequence INTEGER NOT NULL
) STRICT;

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

CREATE TABLE catalogueRevision (
    revision INTEGER PRIMARY KEY AUTOINCREMENT CHECK (revision BETWEEN 1 AND 9007199254740991),
    sha256 TEXT NOT NULL
        CHECK (length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'),
    source TEXT NOT NULL CHECK (source IN ('declared', 'litellm', 'openrouter')),
    importedAt INTEGER NOT NULL CHECK (importedAt BETWEEN 0 AND 253402300799999),
    adopted INTEGER NOT NULL CHECK (adopted IN (0, 1))
) STRICT;

CREATE TABLE computedCost (
    artifactSequence INTEGER NOT NULL REFERENCES artifact (sequence) ON DELETE CASCADE,
    computation INTEGER NOT NULL CHECK (computation BETWEEN 1 AND 1000000),
    catalogueRevision INTEGER NOT NULL REFERENCES catalogueRevision (revision),
    costMicros INTEGER NOT NULL CHECK (costMicros BETWEEN 0 AND 1000000000000),
    costCurrency TEXT NOT NULL CHECK (costCurrency GLOB '[A-Z][A-Z][A-Z]'),
    computedAt INTEGER NOT NULL CHECK (computedAt BETWEEN 0 AND 253402300799999),
    PRIMARY KEY (artifactSequence, computation)
) STRICT, WITHOUT ROWID;

CREATE TABLE "event" (
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

CREATE TABLE promptPart (
    artifactSequence INTEGER NOT NULL REFERENCES artifact (sequence) ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position BETWEEN 0 AND 63),
    role TEXT NOT NULL
        CHECK (length(CAST(role AS BLOB)) BETWEEN 1 AND 256 AND instr(role, char(0)) = 0)
        CHECK (instr(role, '=') = 0 OR (instr(lower(role), 'x-amz-signature=') = 0
            AND instr(lower(role), 'x-goog-signature=') = 0
            AND (instr(lower(role), 'sig=') = 0 OR instr(lower(role), 'se=') = 0))),
    source TEXT
        CHECK (length(CAST(source AS BLOB)) BETWEEN 1 AND 256 AND instr(source, char(0)) = 0)
        CHECK (instr(source, '=') = 0 OR (instr(lower(source), 'x-amz-signature=') = 0
            AND instr(lower(source), 'x-goog-signature=') = 0
            AND (instr(lower(source), 'sig=') = 0 OR instr(lower(source), 'se=') = 0))),
    version TEXT
        CHECK (length(CAST(version AS BLOB)) BETWEEN 1 AND 256 AND instr(version, char(0)) = 0)
        CHECK (instr(version, '=') = 0 OR (instr(lower(version), 'x-amz-signature=') = 0
            AND instr(lower(version), 'x-goog-signature=') = 0
            AND (instr(lower(version), 'sig=') = 0 OR instr(lower(version), 'se=') = 0))),
    text TEXT
        CHECK (length(CAST(text AS BLOB)) BETWEEN 1 AND 131072 AND instr(text, char(0)) = 0)
        CHECK (instr(text, '=') = 0 OR (instr(lower(text), 'x-amz-signature=') = 0
            AND instr(lower(text), 'x-goog-signature=') = 0
            AND (instr(lower(text), 'sig=') = 0 OR instr(lower(text), 'se=') = 0))),
    textSha256 TEXT 
        CHECK (length(textSha256) = 64 AND textSha256 NOT GLOB '*[^0-9a-f]*'),
    PRIMARY KEY (artifactSequence, position),
    CONSTRAINT partHasTextOrHash CHECK (text IS NOT NULL OR textSha256 IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE promptSearch USING fts5 (
    prompt, revisedPrompt, content = 'artifact', content_rowid = 'sequence',
    tokenize = 'unicode61 remove_diacritics 2');

CREATE TABLE 'promptSearch_config'(k PRIMARY KEY, v) WITHOUT ROWID;

CREATE TABLE 'promptSearch_data'(id INTEGER PRIMARY KEY, block BLOB);

CREATE TABLE 'promptSearch_docsize'(id INTEGER PRIMARY KEY, sz BLOB);

CREATE TABLE 'promptSearch_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

CREATE TABLE schemaMigration (
    version INTEGER PRIMARY KEY CHECK (version > 0),
    name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 256),
    chainHash TEXT NOT NULL 
        CHECK (length(chainHash) = 64 AND chainHash NOT GLOB '*[^0-9a-f]*'),
    appliedAt INTEGER NOT NULL CHECK (appliedAt BETWEEN 0 AND 253402300799999),
    applicationVersion TEXT NOT NULL CHECK (length(applicationVersion) BETWEEN 1 AND 64),
    durationMs INTEGER NOT NULL CHECK (durationMs >= 0)
) STRICT;

CREATE TABLE signedUrl (
    signedUrlId INTEGER PRIMARY KEY,
    artifactId TEXT NOT NULL REFERENCES artifact (artifactId) ON DELETE CASCADE,
    method TEXT NOT NULL CHECK (method IN ('GET', 'HEAD', 'PUT')),
    disposition TEXT
        CHECK (length(CAST(disposition AS BLOB)) BETWEEN 1 AND 1024 AND instr(disposition, char(0)) = 0)
        CHECK (instr(disposition, '=') = 0 OR (instr(lower(disposition), 'x-amz-signature=') = 0
            AND instr(lower(disposition), 'x-goog-signature=') = 0
            AND (instr(lower(disposition), 'sig=') = 0 OR instr(lower(disposition), 'se=') = 0))),
    signedAt INTEGER NOT NULL CHECK (signedAt BETWEEN 0 AND 253402300799999),
    expiresAt INTEGER NOT NULL CHECK (expiresAt BETWEEN 0 AND 253402300799999),
    credentialId TEXT NOT NULL
        CHECK (length(CAST(credentialId AS BLOB)) BETWEEN 1 AND 256 AND instr(credentialId, char(0)) = 0)
        CHECK (instr(credentialId, '=') = 0 OR (instr(lower(credentialId), 'x-amz-signature=') = 0
            AND instr(lower(credentialId), 'x-goog-signature=') = 0
            AND (instr(lower(credentialId), 'sig=') = 0 OR instr(lower(credentialId), 'se=') = 0))),
    CONSTRAINT expiresAfterItsSigning CHECK (expiresAt > signedAt)
) STRICT;

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

CREATE INDEX artifactByCarrier ON artifact (includedInArtifactId) WHERE includedInArtifactId IS NOT NULL;

CREATE INDEX artifactByCatalogueRevision ON artifact (catalogueRevision) WHERE catalogueRevision IS NOT NULL;

CREATE INDEX artifactByClaimExpiry ON artifact (claimExpiresAt) WHERE status = 'pending';

CREATE INDEX artifactByFailureType ON artifact (failureType) WHERE failureType IS NOT NULL;

CREATE UNIQUE INDEX artifactById ON artifact (artifactId);

CREATE UNIQUE INDEX artifactByIdempotencyKey ON artifact (parentRunId, idempotencyKey)
    WHERE idempotencyKey IS NOT NULL;

CREATE INDEX artifactByPromptVersion ON artifact (promptVersion) WHERE promptVersion IS NOT NULL;

CREATE INDEX artifactByProvider ON artifact (provider) WHERE provider IS NOT NULL;

CREATE INDEX artifactByRequestedModel ON artifact (requestedModel);

CREATE INDEX artifactByRun ON artifact (parentRunId);

CREATE INDEX artifactBySkillVersion ON artifact (skillVersion) WHERE skillVersion IS NOT NULL;

CREATE INDEX artifactByStatus ON artifact (status);

CREATE UNIQUE INDEX artifactByStorageReference ON artifact (objectKey, bucket, storageKind)
    WHERE objectKey IS NOT NULL;

CREATE INDEX artifactByTemplateVersion ON artifact (templateVersion) WHERE templateVersion IS NOT NULL;

CREATE INDEX artifactByUnderlyingImageModel ON artifact (underlyingImageModel) WHERE underlyingImageModel IS NOT NULL;

CREATE INDEX catalogueRevisionByDigest ON catalogueRevision (sha256);

CREATE INDEX catalogueRevisionInForce ON catalogueRevision (revision) WHERE adopted = 0;

CREATE INDEX eventByArtifact ON event (artifactId);

CREATE UNIQUE INDEX modelDeclarationByDigest ON modelDeclaration (sha256);

CREATE UNIQUE INDEX objectRemovalByArtifact ON objectRemoval (artifactId);

CREATE UNIQUE INDEX objectRemovalByStorageReference ON objectRemoval (objectKey, bucket, storageKind);

CREATE INDEX objectRemovalWaiting ON objectRemoval (storageKind, bucket) WHERE removedAt IS NULL;

CREATE INDEX signedUrlByArtifact ON signedUrl (artifactId);

CREATE INDEX signedUrlByExpiry ON signedUrl (expiresAt);

CREATE TRIGGER artifactClaimIsNotShortened BEFORE UPDATE OF claimExpiresAt ON artifact
WHEN NEW.fencingToken = OLD.fencingToken AND NEW.claimExpiresAt < OLD.claimExpiresAt
BEGIN
    SELECT RAISE(ABORT, 'a claim never gets shorter');
END;

CREATE TRIGGER artifactClaimIsTakenOver BEFORE UPDATE OF claimOwner, claimedAt ON artifact
WHEN NEW.fencingToken = OLD.fencingToken
BEGIN
    SELECT RAISE(ABORT, 'a claim changes hands only with a higher fencing token');
END;

CREATE TRIGGER artifactCoversOthers AFTER INSERT ON artifact
WHEN EXISTS (SELECT 1 FROM artifact WHERE includedInArtifactId = NEW.artifactId)
BEGIN
    INSERT INTO usageChange (artifactSequence, sign, isIncluded)
    SELECT sequence, -1, 0 FROM artifact WHERE includedInArtifactId = NEW.artifactId;
    INSERT INTO usageChange (artifactSequence, sign)
    SELECT sequence, 1 FROM artifact WHERE includedInArtifactId = NEW.artifactId;
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

CREATE TRIGGER artifactFencingTokenGrows BEFORE UPDATE OF fencingToken ON artifact
WHEN NEW.fencingToken NOT IN (OLD.fencingToken, OLD.fencingToken + 1)
BEGIN
    SELECT RAISE(ABORT, 'a fencing token grows by one at a take-over');
END;

CREATE TRIGGER artifactFinished AFTER UPDATE OF status ON artifact WHEN NEW.status <> OLD.status
BEGIN
    INSERT INTO event (kind, artifactId, parentRunId, occurredAt, claimOwner, fencingToken, failureType)
    VALUES (NEW.status, NEW.artifactId, NEW.parentRunId, NEW.completedAt, NEW.claimOwner, NEW.fencingToken,
        NEW.failureType);
    INSERT INTO usageChange (artifactSequence, sign) VALUES (NEW.sequence, 1);
END;

CREATE TRIGGER artifactIsAdmittedAsDeclared BEFORE INSERT ON artifact
WHEN NEW.imageGenerationSupport <> coalesce((
    SELECT supportsImageGeneration FROM catalogueModel JOIN modelDeclaration USING (declarationId)
    WHERE revision = NEW.catalogueRevision AND catalogueModel.model = NEW.requestedModel), 'unknown')
BEGIN
    SELECT RAISE(ABORT, 'an artifact is admitted as the catalogue says');
END;

CREATE TRIGGER artifactIsNotDeleted BEFORE DELETE ON artifact
WHEN NOT EXISTS (SELECT 1 FROM event WHERE artifactId = OLD.artifactId AND kind = 'deleted')
BEGIN
    SELECT RAISE(ABORT, 'an artifact is deleted by its deleted event');
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

CREATE TRIGGER artifactRequestIsFixed BEFORE UPDATE OF
    artifactId, artifactType, parentRunType, parentRunId, idempotencyKey, requestFingerprint, createdAt,
    prompt, requestedModel, size, quality, background, outputFormat, seed, extraParameters, skillVersion,
    promptVersion, templateVersion, imageGenerationSupport, catalogueRevision
ON artifact
BEGIN
    SELECT RAISE(ABORT, 'what was asked never changes');
END;

CREATE TRIGGER artifactSequenceIsFixed BEFORE UPDATE ON artifact WHEN NEW.sequence <> OLD.sequence
BEGIN
    SELECT RAISE(ABORT, 'a sequence never changes');
END;

CREATE TRIGGER artifactStartsPending BEFORE INSERT ON artifact WHEN NEW.status <> 'pending'
BEGIN
    SELECT RAISE(ABORT, 'an artifact starts pending');
END;

CREATE TRIGGER artifactTakenOver AFTER UPDATE OF fencingToken ON artifact WHEN NEW.fencingToken > OLD.fencingToken
BEGIN
    INSERT INTO event (kind, artifactId, parentRunId, occurredAt, claimOwner, fencingToken)
    VALUES ('taken_over', NEW.artifactId, NEW.parentRunId, NEW.claimedAt, NEW.claimOwner, NEW.fencingToken);
END;

CREATE TRIGGER artifactTerminalIsFinal BEFORE UPDATE ON artifact WHEN OLD.status <> 'pending'
BEGIN
    SELECT RAISE(ABORT, 'a terminal artifact never changes');
END;

CREATE TRIGGER promptSearchFollowsCreation AFTER INSERT ON artifact
BEGIN
    INSERT INTO promptSearch (rowid, prompt, revisedPrompt) VALUES (NEW.sequence, NEW.prompt, NEW.revisedPrompt);
END;

CREATE TRIGGER promptSearchFollowsDeletion AFTER DELETE ON artifact
BEGIN
    INSERT INTO promptSearch (promptSearch, rowid, prompt, revisedPrompt)
    VALUES ('delete', OLD.sequence, OLD.prompt, OLD.revisedPrompt);
END;

CREATE TRIGGER promptSearchFollowsRevision AFTER UPDATE OF revisedPrompt ON artifact
WHEN NEW.revisedPrompt IS NOT OLD.revisedPrompt
BEGIN
    INSERT INTO promptSearch (promptSearch, rowid, prompt, revisedPrompt)
    VALUES ('delete', OLD.sequence, OLD.prompt, OLD.revisedPrompt);
    INSERT INTO promptSearch (rowid, prompt, revisedPrompt) VALUES (NEW.sequence, NEW.prompt, NEW.revisedPrompt);
END;

CREATE TRIGGER artifactHourIsNotDeleted BEFORE DELETE ON artifactHour
BEGIN
    SELECT RAISE(ABORT, 'lists by time rely on this table');
END;

CREATE TRIGGER artifactHourOnlyGrows BEFORE UPDATE ON artifactHour
WHEN NEW.hour <> OLD.hour OR NEW.firstSequence > OLD.firstSequence OR NEW.lastSequence < OLD.lastSequence
BEGIN
    SELECT RAISE(ABORT, 'lists by time rely on this table');
END;

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

CREATE TRIGGER catalogueModelIsFixed BEFORE UPDATE ON catalogueModel
BEGIN
    SELECT RAISE(ABORT, 'a catalogue revision never changes');
END;

CREATE TRIGGER catalogueModelIsNotDeleted BEFORE DELETE ON catalogueModel
BEGIN
    SELECT RAISE(ABORT, 'a catalogue revision never changes');
END;

CREATE TRIGGER catalogueModelJoinsTheLastRevision BEFORE INSERT ON catalogueModel
WHEN NEW.revision <> (SELECT max(revision) FROM catalogueRevision)
    OR EXISTS (SELECT 1 FROM catalogueModel WHERE revision = NEW.revision AND model = NEW.model)
    OR EXISTS (SELECT 1 FROM artifact WHERE catalogueRevision = NEW.revision)
    OR NEW.model IS NOT (SELECT model FROM modelDeclaration WHERE declarationId = NEW.declarationId)
BEGIN
    SELECT RAISE(ABORT, 'a catalogue revision never changes');
END;

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

CREATE TRIGGER computedCostAdded AFTER INSERT ON computedCost
BEGIN
    INSERT INTO usageChange (artifactSequence, sign, costCurrency, costMicros)
    SELECT NEW.artifactSequence, -1, coalesce(max(costCurrency), ''), coalesce(max(costMicros), 0)
    FROM computedCost WHERE artifactSequence = NEW.artifactSequence AND computation = NEW.computation - 1;
    INSERT INTO usageChange (artifactSequence, sign) VALUES (NEW.artifactSequence, 1);
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

CREATE TRIGGER costRecomputed AFTER INSERT ON computedCost WHEN NEW.computation > 1
BEGIN
    INSERT INTO event (kind, artifactId, parentRunId, occurredAt, claimOwner, fencingToken)
    SELECT 'cost_recomputed', artifactId, parentRunId, NEW.computedAt, claimOwner, fencingToken
    FROM artifact WHERE sequence = NEW.artifactSequence;
END;

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

CREATE TRIGGER promptPartIsFixed BEFORE UPDATE ON promptPart
BEGIN
    SELECT RAISE(ABORT, 'what was asked never changes');
END;

CREATE TRIGGER promptPartIsNotDeleted BEFORE DELETE ON promptPart
WHEN NOT EXISTS (
    SELECT 1 FROM event WHERE kind = 'deleted'
        AND artifactId = (SELECT artifactId FROM artifact WHERE sequence = OLD.artifactSequence))
BEGIN
    SELECT RAISE(ABORT, 'what was asked never changes');
END;

CREATE TRIGGER promptPartIsNotReplaced BEFORE INSERT ON promptPart
WHEN EXISTS (
    SELECT 1 FROM promptPart WHERE artifactSequence = NEW.artifactSequence AND position = NEW.position)
    OR (SELECT status FROM artifact WHERE sequence = NEW.artifactSequence) IS NOT 'pending'
BEGIN
    SELECT RAISE(ABORT, 'what was asked never changes');
END;

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

CREATE VIEW usageChange AS
SELECT sequence AS artifactSequence, 1 AS sign, NULL AS isIncluded, NULL AS costCurrency, NULL AS costMicros
FROM artifact WHERE status <> 'pending';
