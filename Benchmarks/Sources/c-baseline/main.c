// The yardstick: what the library does, written by hand in C on the same libsqlite3, schema, pragmas and statements.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "programs.h"
#include "store.h"

int main(int count, char **words) {
    const char *program = count > 1 ? words[1] : "";
    if (strcmp(program, "lifecycle") == 0 && count == 6) {
        lifecycle(words[2], words[3], atof(words[4]), atoi(words[5]));
    } else if (strcmp(program, "fill") == 0 && count == 5) {
        fill(words[2], words[3], strtoull(words[4], NULL, 10));
    } else if (strcmp(program, "run-detail") == 0 && count == 5) {
        run_detail(words[2], strtoull(words[3], NULL, 10), atof(words[4]));
    } else if (strcmp(program, "fill-prompts") == 0 && count == 5) {
        fill_prompts(words[2], words[3], strtoull(words[4], NULL, 10));
    } else if (strcmp(program, "query") == 0 && count == 6) {
        query(words[2], atoi(words[3]), strcmp(words[4], "artifacts") == 0, words[5]);
    } else if (strcmp(program, "sync") == 0 && count == 4) {
        sync_latency(words[2], atoi(words[3]));
    } else if (strcmp(program, "at-terminal") == 0 && count > 3) {
        at_terminal(words[2], words + 3);
    } else if (strcmp(program, "version") == 0) {
        printf("%s\n", sqlite3_libversion());
    } else {
        fprintf(stderr, "usage: c-baseline lifecycle FILE MIGRATIONS SECONDS GROUP | fill FILE MIGRATIONS COUNT\n"
                        "                | run-detail FILE RUNS SECONDS | sync FILE COUNT | at-terminal OUTPUT PROGRAM ...\n"
                        "                | fill-prompts FILE MIGRATIONS COUNT | query FILE TIMES artifacts|sums SQL | version\n");
        return 2;
    }
    return 0;
}
