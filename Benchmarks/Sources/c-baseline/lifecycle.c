// The two programs that write: the measured lifecycle, and the filling of large stores.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "artifact.h"
#include "programs.h"

// Lanes stand for callers: each works through runs of its own, sixteen artifacts a run.
static void name_lane(artifact *artifact, uint64_t seed, int lane, uint64_t round) {
    static uint64_t made = 0;
    uint64_t run_number = seed + ((uint64_t)lane << 32) + round / workload_run_size;
    workload_run_id(run_number, artifact->run_id);
    workload_artifact_id(milliseconds_now(), seed + ++made, artifact->artifact_id);
    snprintf(artifact->key, sizeof artifact->key, "image-%d", (int)(round % workload_run_size));
}

void lifecycle(const char *path, const char *migrations, double seconds, int group) {
    store store = store_open(path, migrations);
    artifact *lanes = calloc((size_t)group, sizeof *lanes);
    uint64_t seed = (uint64_t)milliseconds_now() << 16 ^ (uint64_t)getpid();
    uint64_t rounds = 0;
    double start = seconds_now();
    double elapsed = 0;
    while ((elapsed = seconds_now() - start) < seconds) {
        for (int lane = 0; lane < group; lane++) name_lane(&lanes[lane], seed, lane, rounds);
        run(store.db, store.begin);
        for (int lane = 0; lane < group; lane++) {
            artifact_begin(&store, &lanes[lane], workload()->model, milliseconds_now());
        }
        run(store.db, store.commit);
        run(store.db, store.begin);
        for (int lane = 0; lane < group; lane++) artifact_complete(&store, &lanes[lane], milliseconds_now());
        run(store.db, store.commit);
        rounds++;
    }
    printf("%llu %.9f\n", (unsigned long long)rounds * (unsigned long long)group, elapsed);
    free(lanes);
    store_close(&store);
}

// Real transitions through the real triggers, but without waiting for the disk until the end.
void fill(const char *path, const char *migrations, uint64_t count) {
    store store = store_open(path, migrations);
    execute(store.db, "PRAGMA synchronous = OFF");
    execute(store.db, "PRAGMA cache_size = -1048576");
    execute(store.db, "PRAGMA wal_autocheckpoint = 100000");
    int64_t first = workload_fill_end() - (int64_t)(count - 1) * workload_fill_step_ms;
    run(store.db, store.begin);
    for (uint64_t number = 0; number < count; number++) {
        artifact artifact;
        int64_t moment = first + (int64_t)number * workload_fill_step_ms;
        workload_run_id(number / workload_run_size, artifact.run_id);
        workload_artifact_id(moment, number, artifact.artifact_id);
        snprintf(artifact.key, sizeof artifact.key, "image-%d", (int)(number % workload_run_size));
        artifact_begin(&store, &artifact, workload_fill_model(number), moment);
        if (workload_fill_failed(number)) {
            artifact_fail(&store, &artifact, moment + workload()->duration_ms);
        } else {
            artifact_complete(&store, &artifact, moment + workload()->duration_ms);
        }
        if (number % 16384 == 16383) {
            run(store.db, store.commit);
            run(store.db, store.begin);
        }
    }
    run(store.db, store.commit);
    execute(store.db, "PRAGMA synchronous = FULL");
    execute(store.db, "PRAGMA wal_checkpoint(TRUNCATE)");
    printf("%llu\n", (unsigned long long)count);
    store_close(&store);
}
