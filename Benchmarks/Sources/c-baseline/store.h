// Opening, and the few lines of error handling that the rest shares.
#pragma once
#include <sqlite3.h>
#include <stdint.h>

typedef struct {
    sqlite3 *db;
    sqlite3_stmt *begin, *commit;
    sqlite3_stmt *select_by_key, *insert_artifact, *insert_part, *finish;
} store;

// Opens the file with the library's pragmas; an empty one gets the migrations of the folder first.
store store_open(const char *path, const char *migrations);
void store_close(store *store);

sqlite3_stmt *prepared(sqlite3 *db, const char *sql);
void execute(sqlite3 *db, const char *sql);
// Ends the program when the code is not the expected one.
void expect(sqlite3 *db, int code, int expected);
// Steps a statement that returns no rows, and resets it.
void run(sqlite3 *db, sqlite3_stmt *statement);
_Noreturn void fail(const char *what, const char *why);

double seconds_now(void);
int64_t milliseconds_now(void);
