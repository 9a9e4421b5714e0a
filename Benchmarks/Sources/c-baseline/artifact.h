// The two operations of an artifact's life, as the library does them: the same statements, bound alike.
#pragma once
#include "store.h"
#include "workload.h"

typedef struct {
    char artifact_id[workload_id_size];
    char run_id[workload_id_size];
    char key[workload_id_size];
} artifact;

// SELECT by key, which finds nothing, then INSERT of the artifact and its two prompt parts.
void artifact_begin(store *store, const artifact *artifact, const char *model, int64_t moment);
// UPDATE to completed.
void artifact_complete(store *store, const artifact *artifact, int64_t moment);
// UPDATE to failed.
void artifact_fail(store *store, const artifact *artifact, int64_t moment);
