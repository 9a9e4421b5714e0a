#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "programs.h"
#include "store.h"

static int by_length(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

void sync_latency(const char *path, int count) {
    char page[4096] = {1};
    double *times = calloc((size_t)count, sizeof *times);
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file < 0 || !times) fail("cannot write", path);
    for (int index = 0; index < count; index++) {
        // Over the same sixteen pages, as a write-ahead log is overwritten from its start.
        if (pwrite(file, page, sizeof page, (off_t)(index % 16) * (off_t)sizeof page) < 0) fail("cannot write", path);
        double start = seconds_now();
        if (fdatasync(file) != 0) fail("cannot sync", path);
        times[index] = seconds_now() - start;
    }
    close(file);
    unlink(path);
    qsort(times, (size_t)count, sizeof *times, by_length);
    printf("%.9f %.9f %.9f\n", times[count / 2], times[count / 10], times[count * 9 / 10]);
    free(times);
}
