// Fills a store with artifacts whose prompts are as common and as rare as words are, through the schema's triggers.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "programs.h"
#include "store.h"
#include "workload.h"

enum { vocabulary = 20000, batch = 1000, models = 8, providers = 3, days = 90, text_size = 2048 };

static uint64_t state = 20251126;

// SplitMix64.
static uint64_t next(void) {
    uint64_t value = state += 0x9E3779B97F4A7C15u;
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9u;
    value = (value ^ value >> 27) * 0x94D049BB133111EBu;
    return value ^ value >> 31;
}

static double uniform(void) { return (double)(next() >> 11) / 9007199254740992.0; }

// The word of a rank: two to five syllables.
static void add_word(char *text, int rank) {
    static const char *syllables[] = {"la", "ro", "mi", "ten", "gu", "sha", "vi", "dor", "ek", "pol", "an", "ze", "fu", "ki", "bar", "ost"};
    size_t length = strlen(text);
    if (length > 0) text[length++] = ' ';
    text[length] = 0;
    for (int rest = rank + 16; rest > 0; rest /= 16) strcat(text, syllables[rest % 16]);
}

// Zipf's law: the word of rank r is drawn as often as 1 / (r + 10).
static int drawn_rank(void) {
    static double sums[vocabulary];
    if (sums[0] == 0) {
        double sum = 0;
        for (int rank = 0; rank < vocabulary; rank++) sums[rank] = sum += 1.0 / (rank + 10);
    }
    double wanted = uniform() * sums[vocabulary - 1];
    int low = 0, high = vocabulary - 1;
    while (low < high) {
        int middle = (low + high) / 2;
        if (sums[middle] < wanted) low = middle + 1;
        else high = middle;
    }
    return low;
}

static void make_prompt(char text[text_size], int words) {
    text[0] = 0;
    for (int index = 0; index < words; index++) add_word(text, drawn_rank());
}

static void bind_text(sqlite3_stmt *statement, int index, const char *text) {
    sqlite3_bind_text(statement, index, text, -1, SQLITE_TRANSIENT);
}

static void begin(store *store, sqlite3_stmt *insert, uint64_t number, int64_t moment) {
    char id[workload_id_size], run_id[workload_id_size], prompt[text_size], version[16], model[16];
    workload_artifact_id(moment, number, id);
    workload_run_id(number / workload_run_size, run_id);
    make_prompt(prompt, 12 + (int)(next() % 28));
    // Words whose share of the prompts is known: a half, a tenth, a hundredth, a thousandth.
    if (uniform() < 0.5) strcat(prompt, " everyother");
    if (uniform() < 0.1) strcat(prompt, " tenth");
    if (uniform() < 0.01) strcat(prompt, " hundredth");
    if (uniform() < 0.001) strcat(prompt, " thousandth");
    snprintf(version, sizeof version, "s%d", (int)(next() % 3));
    if (number % 1000 == 7) snprintf(model, sizeof model, "model-rare");
    else snprintf(model, sizeof model, "model-%d", (int)(number % models));
    bind_text(insert, 1, id);
    bind_text(insert, 2, run_id);
    sqlite3_bind_int64(insert, 3, moment);
    sqlite3_bind_int64(insert, 4, moment + workload_claim_ms);
    bind_text(insert, 5, prompt);
    bind_text(insert, 6, model);
    bind_text(insert, 7, version);
    run(store->db, insert);
}

static void complete(store *store, sqlite3_stmt *finish, uint64_t number, int64_t moment) {
    char id[workload_id_size], key[64], provider[16], model[32], revised[text_size];
    workload_artifact_id(moment, number, id);
    snprintf(key, sizeof key, "objects/%llu", (unsigned long long)number);
    snprintf(provider, sizeof provider, "provider-%d", (int)(number % providers));
    snprintf(model, sizeof model, "model-%d-2025", (int)(number % models));
    sqlite3_bind_int64(finish, 1, moment + 9000);
    bind_text(finish, 2, key);
    bind_text(finish, 3, provider);
    bind_text(finish, 4, model);
    // One provider revises prompts.
    if (number % providers == 0) {
        make_prompt(revised, 40);
        bind_text(finish, 5, revised);
    } else {
        sqlite3_bind_null(finish, 5);
    }
    sqlite3_bind_int64(finish, 6, 1000 + (int64_t)(next() % 4000));
    sqlite3_bind_int64(finish, 7, 10000 + (int64_t)(next() % 90000));
    bind_text(finish, 8, id);
    run(store->db, finish);
}

static void end(store *store, sqlite3_stmt *failing, uint64_t number, int64_t moment) {
    char id[workload_id_size];
    workload_artifact_id(moment, number, id);
    sqlite3_bind_int64(failing, 1, moment + 9000);
    bind_text(failing, 2, id);
    run(store->db, failing);
}

static int64_t moment_of(uint64_t number, uint64_t count) {
    return workload_fill_end() - (int64_t)((count - 1 - number) * (uint64_t)days * 86400000u / count);
}

void fill_prompts(const char *path, const char *migrations, uint64_t count) {
    store store = store_open(path, migrations);
    execute(store.db, "PRAGMA synchronous = OFF");
    execute(store.db, "PRAGMA temp_store = MEMORY");
    execute(store.db, "PRAGMA cache_size = -524288");
    execute(store.db, "PRAGMA wal_autocheckpoint = 100000");
    sqlite3_stmt *insert = prepared(
        store.db,
        "INSERT INTO artifact (artifactId, parentRunId, requestFingerprint, createdAt, claimOwner, fencingToken,"
        " claimedAt, claimExpiresAt, prompt, requestedModel, skillVersion)"
        " VALUES (?1, ?2, printf('%064d', 0), ?3, 'bench', 1, ?3, ?4, ?5, ?6, ?7)");
    sqlite3_stmt *finish = prepared(
        store.db,
        "UPDATE artifact SET status = 'completed', completedAt = ?1, storageKind = 's3', bucket = 'renders',"
        " objectKey = ?2, provider = ?3, underlyingImageModel = ?4, revisedPrompt = ?5, outputTokens = ?6,"
        " costMicros = ?7, costCurrency = 'USD', imageCount = 1 WHERE artifactId = ?8");
    sqlite3_stmt *failing = prepared(
        store.db,
        "UPDATE artifact SET status = 'failed', completedAt = ?1, provider = 'provider-0',"
        " failureType = 'provider_unavailable', failureMessage = 'rate limited', failureRecoveryGuidance = 'Wait.',"
        " failureRetryable = 1, failureAction = 'retry_later' WHERE artifactId = ?2");
    // In batches: within one transaction, FTS5 writes its memory out whenever an earlier row is touched.
    for (uint64_t start = 0; start < count; start += batch) {
        uint64_t stop = start + batch < count ? start + batch : count;
        run(store.db, store.begin);
        for (uint64_t number = start; number < stop; number++) begin(&store, insert, number, moment_of(number, count));
        for (uint64_t number = start; number < stop; number++) {
            uint64_t fate = next() % 100;
            if (fate < 90) complete(&store, finish, number, moment_of(number, count));
            else if (fate < 98) end(&store, failing, number, moment_of(number, count));
        }
        run(store.db, store.commit);
    }
    execute(store.db, "PRAGMA synchronous = FULL");
    execute(store.db, "PRAGMA wal_checkpoint(TRUNCATE)");
    printf("%llu\n", (unsigned long long)count);
    sqlite3_finalize(insert);
    sqlite3_finalize(finish);
    sqlite3_finalize(failing);
    store_close(&store);
}
