// What every program of the benchmark writes: the same statements and the same values.
#pragma once
#include <stdint.h>

// The statements of the library, copied. The Swift program compares them with the library's sources when it starts.
typedef enum {
    workload_select_by_key,
    workload_insert_artifact,
    workload_insert_part,
    workload_finish,
    workload_select_run,
    workload_select_parts,
    workload_statement_count
} workload_statement;

const char *workload_sql(workload_statement statement);

typedef struct {
    const char *role, *source, *version, *text;
} workload_part;

// One artifact, apart from its ids.
typedef struct {
    const char *owner, *prompt, *model, *size, *quality, *output_format, *skill_version, *prompt_version;
    const char *template_version;
    workload_part parts[2];
    const char *storage_kind, *bucket, *content_type, *sha256;
    int64_t byte_count, width, height;
    const char *provider, *mode, *underlying_model, *request_id;
    int64_t input_tokens, input_text_tokens, input_image_tokens, cached_input_tokens;
    int64_t output_tokens, output_text_tokens, output_image_tokens, total_tokens;
    int64_t image_count, duration_ms, cost_micros;
    const char *currency;
} workload_values;

const workload_values *workload(void);

enum {
    workload_run_size = 16,
    workload_claim_ms = 600000,
    // Filled stores: one artifact every ten seconds, so that an hour holds 360 whatever the size of the store.
    workload_fill_step_ms = 10000,
    workload_id_size = 40
};

// The moment the last filled artifact was created: 2025-06-01T00:00:00Z.
int64_t workload_fill_end(void);

// A run's id. Neighbouring numbers give ids that are far apart, as the random ids of real hosts are: new runs land on
// index pages all over the file, which is the harder case for a large store.
void workload_run_id(uint64_t number, char id[workload_id_size]);
// A filled artifact's id: ten characters of time and sixteen others, as the library makes them.
void workload_artifact_id(int64_t moment, uint64_t number, char id[workload_id_size]);
// The models of a filled store: the first has 7 artifacts in 10, the second 2, the third 1.
const char *workload_fill_model(uint64_t number);
// Whether a filled artifact failed: one in twenty did, spread without a pattern.
int workload_fill_failed(uint64_t number);
