#include "workload.h"

#define COLUMNS                                                                                                     \
    "sequence, artifactId, parentRunId, idempotencyKey, status, "                                                   \
    "storageKind, bucket, objectKey, contentType, byteCount, sha256, width, height, "                               \
    "prompt, requestedModel, size, quality, background, outputFormat, seed, extraParameters, "                      \
    "provider, imageGenerationMode, underlyingImageModel, hostedToolOutputType, providerRequestId, revisedPrompt, " \
    "skillVersion, promptVersion, templateVersion, "                                                                \
    "inputTokens, inputTextTokens, inputImageTokens, cachedInputTokens, cachedInputTextTokens, "                    \
    "cachedInputImageTokens, cacheWriteInputTokens, outputTokens, outputTextTokens, "                               \
    "outputImageTokens, totalTokens, imageCount, durationMs, costMicros, costCurrency, providerUsage, "             \
    "includedInArtifactId, failureType, failureMessage, failureRecoveryGuidance, failureRetryable, "                \
    "failureRetryAfter, failureAction, failureProviderCode, "                                                       \
    "claimOwner, fencingToken, claimExpiresAt, createdAt, completedAt, imageGenerationSupport, catalogueRevision"

static const char *const statements[workload_statement_count] = {
    [workload_select_by_key] =
        "SELECT artifactId, parentRunId, idempotencyKey, requestFingerprint, status, claimOwner, fencingToken, "
        "claimExpiresAt FROM artifact WHERE parentRunId = ? AND idempotencyKey = ?",
    [workload_insert_artifact] =
        "INSERT INTO artifact (artifactId, parentRunId, idempotencyKey, requestFingerprint, createdAt, "
        "claimOwner, fencingToken, claimedAt, claimExpiresAt, prompt, requestedModel, size, quality, background, "
        "outputFormat, seed, extraParameters, skillVersion, promptVersion, templateVersion, imageGenerationSupport, "
        "catalogueRevision) VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [workload_insert_part] =
        "INSERT INTO promptPart (artifactSequence, position, role, source, version, text, textSha256) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
    [workload_finish] =
        "UPDATE artifact SET status = ?, completedAt = max(?, createdAt), "
        "storageKind = ?, bucket = ?, objectKey = ?, contentType = ?, byteCount = ?, sha256 = ?, width = ?, height = ?, "
        "provider = ?, imageGenerationMode = ?, underlyingImageModel = ?, hostedToolOutputType = ?, "
        "providerRequestId = ?, revisedPrompt = ?, "
        "inputTokens = ?, inputTextTokens = ?, inputImageTokens = ?, cachedInputTokens = ?, "
        "cachedInputTextTokens = ?, cachedInputImageTokens = ?, cacheWriteInputTokens = ?, outputTokens = ?, "
        "outputTextTokens = ?, outputImageTokens = ?, totalTokens = ?, imageCount = ?, durationMs = ?, "
        "costMicros = ?, costCurrency = ?, providerUsage = ?, includedInArtifactId = ?, "
        "failureType = ?, failureMessage = ?, failureRecoveryGuidance = ?, failureRetryable = ?, "
        "failureRetryAfter = ?, failureAction = ?, failureProviderCode = ? "
        "WHERE artifactId = ? AND status = 'pending' AND fencingToken = ? AND claimOwner = ?",
    [workload_select_run] =
        "SELECT " COLUMNS " FROM artifact WHERE parentRunId = ? ORDER BY sequence LIMIT ?",
    [workload_select_parts] =
        "SELECT role, source, version, text, textSha256 FROM promptPart WHERE artifactSequence = ? ORDER BY position",
};

const char *workload_sql(workload_statement statement) { return statements[statement]; }
