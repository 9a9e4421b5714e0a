// A run's artifacts with all their columns and prompt parts, copied out of SQLite, and the sums of their usage.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "programs.h"
#include "store.h"
#include "workload.h"

enum { column_count = 61, first_sum = 30, sum_count = 11, cost_column = 43, status_column = 4, part_column_count = 5 };

typedef struct {
    int type;
    int64_t number;
    char *text;
} field;

typedef struct part {
    char *texts[part_column_count];
    struct part *next;
} part;

typedef struct record {
    field fields[column_count];
    part *parts;
    struct record *next;
} record;

typedef struct {
    record *records;
    int count, completed, failed;
    int64_t sums[sum_count];
    int64_t cost;
} detail;

static char *copied(sqlite3_stmt *statement, int column) {
    const unsigned char *text = sqlite3_column_text(statement, column);
    if (!text) return NULL;
    size_t size = (size_t)sqlite3_column_bytes(statement, column) + 1;
    char *copy = malloc(size);
    if (copy) memcpy(copy, text, size);
    return copy;
}

static part *read_parts(sqlite3 *db, sqlite3_stmt *select, int64_t sequence) {
    part *first = NULL, **end = &first;
    sqlite3_bind_int64(select, 1, sequence);
    int code;
    while ((code = sqlite3_step(select)) == SQLITE_ROW) {
        part *part = calloc(1, sizeof *part);
        for (int column = 0; column < part_column_count; column++) part->texts[column] = copied(select, column);
        *end = part;
        end = &part->next;
    }
    expect(db, code, SQLITE_DONE);
    sqlite3_reset(select);
    return first;
}

static record *read_record(sqlite3_stmt *select) {
    record *record = calloc(1, sizeof *record);
    for (int column = 0; column < column_count; column++) {
        field *field = &record->fields[column];
        field->type = sqlite3_column_type(select, column);
        if (field->type == SQLITE_INTEGER) field->number = sqlite3_column_int64(select, column);
        if (field->type == SQLITE_TEXT) field->text = copied(select, column);
    }
    return record;
}

static void add(detail *detail, const record *record) {
    const char *status = record->fields[status_column].text;
    detail->count++;
    detail->completed += strcmp(status, "completed") == 0;
    detail->failed += strcmp(status, "failed") == 0;
    for (int index = 0; index < sum_count; index++) detail->sums[index] += record->fields[first_sum + index].number;
    detail->cost += record->fields[cost_column].number;
}

static detail read_detail(sqlite3 *db, sqlite3_stmt *select, sqlite3_stmt *select_parts, const char *run_id) {
    detail detail = {0};
    record **end = &detail.records;
    sqlite3_bind_text(select, 1, run_id, -1, SQLITE_STATIC);
    sqlite3_bind_int64(select, 2, 10001);
    int code;
    while ((code = sqlite3_step(select)) == SQLITE_ROW) {
        record *record = read_record(select);
        record->parts = read_parts(db, select_parts, record->fields[0].number);
        add(&detail, record);
        *end = record;
        end = &record->next;
    }
    expect(db, code, SQLITE_DONE);
    sqlite3_reset(select);
    return detail;
}

static void free_detail(detail *detail) {
    for (record *record = detail->records, *next; record; record = next) {
        next = record->next;
        for (int column = 0; column < column_count; column++) free(record->fields[column].text);
        for (part *part = record->parts, *following; part; part = following) {
            following = part->next;
            for (int column = 0; column < part_column_count; column++) free(part->texts[column]);
            free(part);
        }
        free(record);
    }
}

void run_detail(const char *path, uint64_t runs, double seconds) {
    sqlite3 *db = NULL;
    expect(db, sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    execute(db, "PRAGMA trusted_schema = OFF");
    execute(db, "PRAGMA cell_size_check = ON");
    sqlite3_stmt *select = prepared(db, workload_sql(workload_select_run));
    sqlite3_stmt *select_parts = prepared(db, workload_sql(workload_select_parts));
    uint64_t count = 0;
    double start = seconds_now();
    double elapsed = 0;
    while ((elapsed = seconds_now() - start) < seconds) {
        char run_id[workload_id_size];
        workload_run_id(count++ % runs, run_id);
        detail detail = read_detail(db, select, select_parts, run_id);
        if (detail.count != workload_run_size || detail.completed + detail.failed != detail.count) {
            fail("run detail", "a run is not whole");
        }
        free_detail(&detail);
    }
    printf("%llu %.9f\n", (unsigned long long)count, elapsed);
    sqlite3_finalize(select);
    sqlite3_finalize(select_parts);
    sqlite3_close(db);
}
