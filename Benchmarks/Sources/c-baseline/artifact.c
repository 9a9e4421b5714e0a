#include "artifact.h"

#include <stdio.h>

static const char fingerprint[] = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae";

static void text(sqlite3_stmt *statement, int *index, const char *value) {
    ++*index;
    if (value) {
        sqlite3_bind_text(statement, *index, value, -1, SQLITE_STATIC);
    } else {
        sqlite3_bind_null(statement, *index);
    }
}

static void number(sqlite3_stmt *statement, int *index, int64_t value) {
    sqlite3_bind_int64(statement, ++*index, value);
}

static void nulls(sqlite3_stmt *statement, int *index, int count) {
    while (count-- > 0) sqlite3_bind_null(statement, ++*index);
}

static void insert_parts(store *store) {
    int64_t sequence = sqlite3_last_insert_rowid(store->db);
    for (int position = 0; position < 2; position++) {
        const workload_part *part = &workload()->parts[position];
        sqlite3_stmt *insert = store->insert_part;
        int index = 0;
        number(insert, &index, sequence);
        number(insert, &index, position);
        text(insert, &index, part->role);
        text(insert, &index, part->source);
        text(insert, &index, part->version);
        text(insert, &index, part->text);
        nulls(insert, &index, 1);
        run(store->db, insert);
    }
}

void artifact_begin(store *store, const artifact *artifact, const char *model, int64_t moment) {
    const workload_values *values = workload();
    sqlite3_stmt *select = store->select_by_key;
    int index = 0;
    text(select, &index, artifact->run_id);
    text(select, &index, artifact->key);
    run(store->db, select);

    sqlite3_stmt *insert = store->insert_artifact;
    index = 0;
    text(insert, &index, artifact->artifact_id);
    text(insert, &index, artifact->run_id);
    text(insert, &index, artifact->key);
    text(insert, &index, fingerprint);
    number(insert, &index, moment);
    text(insert, &index, values->owner);
    number(insert, &index, moment);
    number(insert, &index, moment + workload_claim_ms);
    text(insert, &index, values->prompt);
    text(insert, &index, model);
    text(insert, &index, values->size);
    text(insert, &index, values->quality);
    nulls(insert, &index, 1);
    text(insert, &index, values->output_format);
    nulls(insert, &index, 2);
    text(insert, &index, values->skill_version);
    text(insert, &index, values->prompt_version);
    text(insert, &index, values->template_version);
    text(insert, &index, "unknown");
    nulls(insert, &index, 1);
    run(store->db, insert);
    insert_parts(store);
}

static void bind_claim(sqlite3_stmt *finish, int index, const artifact *artifact) {
    text(finish, &index, artifact->artifact_id);
    number(finish, &index, 1);
    text(finish, &index, workload()->owner);
}

static void run_finish(store *store) {
    run(store->db, store->finish);
    if (sqlite3_changes(store->db) != 1) fail("finish", "no pending artifact has this claim");
}

void artifact_complete(store *store, const artifact *artifact, int64_t moment) {
    const workload_values *values = workload();
    sqlite3_stmt *finish = store->finish;
    char object_key[3 * workload_id_size];
    snprintf(object_key, sizeof object_key, "%s/%s/1", artifact->run_id, artifact->artifact_id);
    int index = 0;
    text(finish, &index, "completed");
    number(finish, &index, moment);
    text(finish, &index, values->storage_kind);
    text(finish, &index, values->bucket);
    text(finish, &index, object_key);
    text(finish, &index, values->content_type);
    number(finish, &index, values->byte_count);
    text(finish, &index, values->sha256);
    number(finish, &index, values->width);
    number(finish, &index, values->height);
    text(finish, &index, values->provider);
    text(finish, &index, values->mode);
    text(finish, &index, values->underlying_model);
    nulls(finish, &index, 1);
    text(finish, &index, values->request_id);
    nulls(finish, &index, 1);
    number(finish, &index, values->input_tokens);
    number(finish, &index, values->input_text_tokens);
    number(finish, &index, values->input_image_tokens);
    number(finish, &index, values->cached_input_tokens);
    nulls(finish, &index, 3);
    number(finish, &index, values->output_tokens);
    number(finish, &index, values->output_text_tokens);
    number(finish, &index, values->output_image_tokens);
    number(finish, &index, values->total_tokens);
    number(finish, &index, values->image_count);
    number(finish, &index, values->duration_ms);
    number(finish, &index, values->cost_micros);
    text(finish, &index, values->currency);
    nulls(finish, &index, 9);
    bind_claim(finish, index, artifact);
    run_finish(store);
}

void artifact_fail(store *store, const artifact *artifact, int64_t moment) {
    sqlite3_stmt *finish = store->finish;
    int index = 0;
    text(finish, &index, "failed");
    number(finish, &index, moment);
    nulls(finish, &index, 31);
    text(finish, &index, "unsafe_image_request");
    text(finish, &index, "The request was rejected by the safety system.");
    text(finish, &index, "Change the prompt: the same one will be refused again.");
    number(finish, &index, 0);
    nulls(finish, &index, 1);
    text(finish, &index, "change_prompt");
    text(finish, &index, "moderation_blocked");
    bind_claim(finish, index, artifact);
    run_finish(store);
}
