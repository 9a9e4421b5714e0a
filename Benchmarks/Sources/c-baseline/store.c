#include "store.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "workload.h"

_Noreturn void fail(const char *what, const char *why) {
    fprintf(stderr, "c-baseline: %s: %s\n", what, why);
    exit(1);
}

void expect(sqlite3 *db, int code, int expected) {
    if (code != expected) fail("SQLite", sqlite3_errmsg(db));
}

sqlite3_stmt *prepared(sqlite3 *db, const char *sql) {
    sqlite3_stmt *statement = NULL;
    expect(db, sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL), SQLITE_OK);
    return statement;
}

void execute(sqlite3 *db, const char *sql) { expect(db, sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK); }

void run(sqlite3 *db, sqlite3_stmt *statement) {
    expect(db, sqlite3_step(statement), SQLITE_DONE);
    sqlite3_reset(statement);
}

static char *contents(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) fail("cannot open", path);
    fseek(file, 0, SEEK_END);
    long size = ftell(file);
    rewind(file);
    char *text = malloc((size_t)size + 1);
    if (!text || fread(text, 1, (size_t)size, file) != (size_t)size) fail("cannot read", path);
    text[size] = 0;
    fclose(file);
    return text;
}

// 0001_….sql; schema.sql beside them is what they make.
static int is_migration(const struct dirent *entry) {
    const char *end = strrchr(entry->d_name, '.');
    return entry->d_name[0] == '0' && end && strcmp(end, ".sql") == 0;
}

static void migrate(sqlite3 *db, const char *folder) {
    struct dirent **files;
    int count = scandir(folder, &files, is_migration, alphasort);
    if (count <= 0) fail("no migrations in", folder);
    for (int index = 0; index < count; index++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, files[index]->d_name);
        char *sql = contents(path);
        execute(db, sql);
        free(sql);
        free(files[index]);
    }
    free(files);
}

store store_open(const char *path, const char *migrations) {
    store store = {0};
    expect(store.db, sqlite3_open_v2(path, &store.db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL), SQLITE_OK);
    sqlite3 *db = store.db;
    execute(db, "PRAGMA journal_mode = WAL");
    execute(db, "PRAGMA synchronous = FULL");
    execute(db, "PRAGMA foreign_keys = ON");
    execute(db, "PRAGMA trusted_schema = ON");
    execute(db, "PRAGMA cell_size_check = ON");
    execute(db, "PRAGMA cache_size = -32768");
    execute(db, "PRAGMA temp_store = MEMORY");
    sqlite3_stmt *schema = prepared(db, "SELECT 1 FROM sqlite_schema WHERE name = 'artifact'");
    int has_schema = sqlite3_step(schema) == SQLITE_ROW;
    sqlite3_finalize(schema);
    if (!has_schema) migrate(db, migrations);
    store.begin = prepared(db, "BEGIN IMMEDIATE");
    store.commit = prepared(db, "COMMIT");
    store.select_by_key = prepared(db, workload_sql(workload_select_by_key));
    store.insert_artifact = prepared(db, workload_sql(workload_insert_artifact));
    store.insert_part = prepared(db, workload_sql(workload_insert_part));
    store.finish = prepared(db, workload_sql(workload_finish));
    return store;
}

void store_close(store *store) {
    // One by one: FTS5 has statements of its own on the connection, which are its to finalize.
    sqlite3_stmt *statements[] = {store->begin,           store->commit,      store->select_by_key,
                                  store->insert_artifact, store->insert_part, store->finish};
    for (size_t index = 0; index < sizeof statements / sizeof *statements; index++) sqlite3_finalize(statements[index]);
    expect(store->db, sqlite3_close(store->db), SQLITE_OK);
}

double seconds_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int64_t milliseconds_now(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}
