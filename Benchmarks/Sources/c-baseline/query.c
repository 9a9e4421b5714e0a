// One query again and again: every column of its rows copied out of SQLite, and their prompt parts where they are
// artifacts.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "programs.h"
#include "store.h"
#include "workload.h"

static int by_size(const void *left, const void *right) {
    double difference = *(const double *)left - *(const double *)right;
    return (difference > 0) - (difference < 0);
}

// Copies the row's values, and frees them again: what a program does that hands them on.
static void read_row(sqlite3_stmt *statement, int columns) {
    char *texts[columns];
    volatile int64_t number = 0;
    for (int column = 0; column < columns; column++) {
        texts[column] = NULL;
        int type = sqlite3_column_type(statement, column);
        if (type == SQLITE_INTEGER) number = sqlite3_column_int64(statement, column);
        if (type != SQLITE_TEXT) continue;
        const unsigned char *text = sqlite3_column_text(statement, column);
        size_t size = (size_t)sqlite3_column_bytes(statement, column) + 1;
        texts[column] = malloc(size);
        if (texts[column]) memcpy(texts[column], text, size);
    }
    (void)number;
    for (int column = 0; column < columns; column++) free(texts[column]);
}

static int read_rows(sqlite3 *db, sqlite3_stmt *statement, sqlite3_stmt *parts) {
    int columns = sqlite3_column_count(statement), count = 0, code;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        count++;
        read_row(statement, columns);
        if (parts) {
            sqlite3_bind_int64(parts, 1, sqlite3_column_int64(statement, 0));
            read_rows(db, parts, NULL);
        }
    }
    expect(db, code, SQLITE_DONE);
    sqlite3_reset(statement);
    return count;
}

void query(const char *path, int times, int of_artifacts, const char *sql) {
    sqlite3 *db = NULL;
    expect(db, sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    execute(db, "PRAGMA trusted_schema = OFF");
    execute(db, "PRAGMA cell_size_check = ON");
    sqlite3_stmt *statement = prepared(db, sql);
    sqlite3_stmt *parts = of_artifacts ? prepared(db, workload_sql(workload_select_parts)) : NULL;
    double *seconds = calloc((size_t)times, sizeof *seconds);
    int count = read_rows(db, statement, parts);
    for (int index = 0; index < times; index++) {
        double start = seconds_now();
        execute(db, "BEGIN");
        if (read_rows(db, statement, parts) != count) fail("query", "the rows changed");
        execute(db, "COMMIT");
        seconds[index] = seconds_now() - start;
    }
    qsort(seconds, (size_t)times, sizeof *seconds, by_size);
    printf("%d %.9f %.9f\n", count, seconds[times / 2], seconds[times * 99 / 100]);
    free(seconds);
    sqlite3_finalize(parts);
    sqlite3_finalize(statement);
    sqlite3_close(db);
}
