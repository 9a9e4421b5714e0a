-- What version 5 keeps beyond every row and every value.

-- same: how many events of each kind there are
SELECT kind, count(*) FROM event GROUP BY kind ORDER BY kind;

-- none: an artifact that is admitted under a catalogue that did not exist
SELECT sequence FROM artifact WHERE imageGenerationSupport IS NOT NULL OR catalogueRevision IS NOT NULL;

-- none: terminal artifacts that the sums do not count
SELECT artifacts.n FROM (SELECT count(*) AS n FROM artifact WHERE status <> 'pending') AS artifacts,
    (SELECT coalesce(sum(artifactCount), 0) AS n FROM usageByDay) AS sums
WHERE artifacts.n <> sums.n;
