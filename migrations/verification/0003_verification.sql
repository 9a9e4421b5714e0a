-- What version 3 keeps beyond every row and every value, and what its new columns may hold.

-- same: the sums of usage and cost
SELECT costCurrency, count(*), sum(costMicros), sum(inputTokens), sum(outputTokens), sum(totalTokens), sum(imageCount)
FROM artifact GROUP BY costCurrency ORDER BY costCurrency;

-- none: a number that no provider said
SELECT sequence FROM artifact
WHERE providerUsage IS NULL
    AND (cachedInputTextTokens IS NOT NULL OR cachedInputImageTokens IS NOT NULL OR cacheWriteInputTokens IS NOT NULL);

-- none: a provider's plain number for cache writes that was not read
SELECT sequence FROM artifact
WHERE cacheWriteInputTokens IS NULL AND json_valid(providerUsage)
    AND json_type(providerUsage, '$.input_tokens_details.cache_write_tokens') = 'integer'
    AND json_extract(providerUsage, '$.input_tokens_details.cache_write_tokens') BETWEEN 0 AND 1000000000000;
